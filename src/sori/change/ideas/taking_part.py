"""What people do with ideas: propose one, want one, follow one, say something of one.

Whoever takes part is a person from outside or a member; both do the same, by the same functions.
"""

from typing import Any, NamedTuple

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from sori.change.ideas import cleaning, families, hearing, index, likeness
from sori.change.ideas.models import (
    LONGEST_BODY,
    LONGEST_COMMENT,
    LONGEST_TITLE,
    SHOWN,
    Audience,
    Board,
    Comment,
    Idea,
    State,
    Subscription,
    Vote,
)
from sori.database import write_atomic
from sori.errors import Refused
from sori.journal.services import record
from sori.people.models import Person
from sori.people.selectors import together
from sori.staff.models import Member
from sori.staff.permissions import Permission, allows


class Actor(NamedTuple):
    """Who does something: one of the two is given.

    Attributes:
        person: a visitor who has proved their mail address.
        member: somebody who works here.
        language: what they read.
    """

    person: Person | None
    member: Member | None
    language: str

    @property
    def columns(self) -> dict[str, Any]:
        """How their rows name them."""
        return {"person": self.person, "member": self.member}

    def waits(self, board: Board) -> bool:
        """Whether what they write there is seen once somebody who moderates has looked."""
        looked_at = board.moderated and board.audience == Audience.PUBLIC
        return looked_at and not allows(self.member, Permission.MODERATE_IDEAS)

    @property
    def theirs(self) -> Q:
        """Which rows are theirs: also those of accounts that were found to be the same person."""
        if self.person is not None:
            return Q(person__in=together(self.person.pk))
        return Q(member=self.member)


def propose(*, actor: Actor, board: Board, title: str, body: str, key: str) -> Idea:
    """Write down an idea; its author wants it and follows it.

    What a visitor writes on a moderated board is seen by others once a member has shown it. Ideas
    of customers come in as voices as well, by the same door as all others.

    Args:
        actor: whose idea it is.
        board: where.
        title: in a line.
        body: in more words; may be empty.
        key: the sender's own name for it; the same again changes nothing.

    Raises:
        Refused: nothing is left of the title, or the board is not theirs to see.
    """
    title = cleaning.one_line(title, LONGEST_TITLE)
    if not title:
        raise Refused(_("Say in a few words what you wish for."))
    if actor.member is None and board.audience != Audience.PUBLIC:
        raise Refused(_("This board is for colleagues."))
    waits = actor.waits(board)
    now = timezone.now()
    idea = Idea(
        board=board, title=title, body=cleaning.paragraphs(body, LONGEST_BODY), key=key,
        language=actor.language, state=State.WAITING if waits else State.OPEN,
        created_at=now, changed_at=now, **actor.columns,
    )  # fmt: skip
    likeness.fill([idea])
    with write_atomic():
        Idea.objects.bulk_create([idea], ignore_conflicts=True)
        kept = Idea.objects.get(key=key)
        if not Vote.objects.filter(idea=kept).exists():
            _begin(kept, actor)
    return kept


def vote(*, actor: Actor, idea: Idea, by: Member | None = None, case: int | None = None) -> bool:
    """Stand behind an idea, and be told what becomes of it; a second vote changes nothing.

    Args:
        actor: who wants it.
        idea: which one; it may be part of another one.
        by: the member who votes in their name; then they are not told by mail, for they have not
            asked to be.
        case: where they had said so.

    Returns:
        Whether it is a new vote.

    Raises:
        Refused: the idea is not shown.
    """
    with write_atomic():
        row = _shown(idea, actor)
        known = Vote.objects.filter(actor.theirs, idea__in=families.family(_root(row))).exists()
        if not known:
            made = Vote(idea=row, by=by, case=case, at=timezone.now(), language=actor.language,
                        **actor.columns)  # fmt: skip
            Vote.objects.bulk_create([made], ignore_conflicts=True)
            families.recount([row.pk])
            data = {"case": case, "by": by.pk} if by else {}
            record("idea.voted", f"idea:{row.pk}", member=by or actor.member, **data)
        if by is None:
            _subscribe(row, actor)
    return not known


def take_vote_back(*, actor: Actor, idea: Idea) -> None:
    """Stand behind an idea no more; one is not told of it any more either.

    Raises:
        Refused: the idea is not shown.
    """
    with write_atomic():
        row = _shown(idea, actor)
        everybody = families.family(_root(row))
        gone, _each = Vote.objects.filter(actor.theirs, idea__in=everybody).delete()
        if gone:
            families.recount([row.pk])
            record("idea.vote_taken_back", f"idea:{row.pk}", member=actor.member)
        _stop(actor, everybody)


def follow(*, actor: Actor, idea: Idea) -> None:
    """Be told what becomes of an idea.

    Raises:
        Refused: the idea is not shown.
    """
    with write_atomic():
        _subscribe(_shown(idea, actor), actor)


def unfollow(*, actor: Actor, idea: Idea) -> None:
    """Be told no more."""
    with write_atomic():
        _stop(actor, families.family(_root(idea)))


def comment(*, actor: Actor, idea: Idea, body: str) -> Comment:
    """Say something of an idea; a visitor's words are seen once a member has shown them.

    Raises:
        Refused: the idea is not shown, or nothing is left of the words.
    """
    words = cleaning.paragraphs(body, LONGEST_COMMENT)
    if not words:
        raise Refused(_("There is nothing written yet."))
    with write_atomic():
        row = _shown(idea, actor)
        waits = actor.waits(row.board)
        made = Comment.objects.create(
            idea=row, body=words, at=timezone.now(),
            state=State.WAITING if waits else State.OPEN, **actor.columns,
        )  # fmt: skip
        record("idea.commented", f"idea:{row.pk}", member=actor.member, comment=made.pk)
    return made


def _begin(idea: Idea, actor: Actor) -> None:
    """What belongs to an idea that was just written down."""
    index.remember(idea)
    Vote.objects.create(idea=idea, at=idea.created_at, language=actor.language, **actor.columns)
    _subscribe(idea, actor)
    families.recount([idea.pk])
    record("idea.proposed", f"idea:{idea.pk}", member=actor.member, board=idea.board_id)
    if actor.person is not None:
        hearing.take_in(idea, actor.person)


def _shown(idea: Idea, actor: Actor) -> Idea:
    """The idea as it is now, held until the transaction ends, with the one it stands under."""
    families.lock([_root(idea), idea.pk])
    rows = Idea.objects.filter(SHOWN, pk=idea.pk).select_related("board")
    if actor.member is None:
        rows = rows.filter(board__audience=Audience.PUBLIC)
    row = rows.first()
    if row is None:
        raise Refused(_("This idea is not shown any more."))
    return row


def _root(idea: Idea) -> int:
    return families.roots([idea.pk])[idea.pk]


def _subscribe(idea: Idea, actor: Actor) -> None:
    everybody = families.family(_root(idea))
    there = Subscription.objects.filter(actor.theirs, idea__in=everybody)
    if there.exists():
        there.update(stopped_at=None)
        return
    made = Subscription(idea=idea, at=timezone.now(), language=actor.language, **actor.columns)
    Subscription.objects.bulk_create([made], ignore_conflicts=True)


def _stop(actor: Actor, ideas: list[int]) -> None:
    theirs = Subscription.objects.filter(actor.theirs, idea__in=ideas, stopped_at=None)
    theirs.update(stopped_at=timezone.now())
