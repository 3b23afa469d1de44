"""One answer to everybody who says the same: each addressed by name, one after the other, once.

What is sent are ordinary answers that the member approved: the outbox sends each to where that
person spoke, and the key of each is made of the group answer, so a click that arrives twice, or a
process that dies half way and is asked again, makes no second one.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from django.conf import settings
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from sori.change import selectors, voices
from sori.change.models import Correction, GroupAnswer, Theme
from sori.database import write_atomic
from sori.errors import Refused
from sori.journal.services import record
from sori.lake.query import Reader
from sori.people.models import Person
from sori.people.selectors import standing_for
from sori.respond import answering, sending
from sori.respond.destination import ANSWERABLE
from sori.respond.models import Message
from sori.respond.saved_replies import BLANKS
from sori.respond.selectors import UNSETTLED
from sori.staff.models import Member

MOST: Final = 200
"""How many are answered at once; whoever waits longest first."""

APART: Final = timedelta(seconds=2)
"""Between two of them, so that no channel takes it for a flood."""

_ENDED: Final = (sending.State.DRAFT, sending.State.REJECTED)


@dataclass(frozen=True)
class Waiting:
    """Somebody who said it and waits for an answer.

    Attributes:
        message: the message of theirs that would be answered.
        case: its case.
        name: what to call them; "" when nobody knows.
        words: what they said.
        channel: where.
        writing: whether somebody has begun an answer there already.
    """

    message: int
    case: int
    name: str
    words: str
    channel: str
    writing: bool

    def text(self, body: str, member: Member) -> str:
        """The answer as this person will read it."""
        values = {"customer": self.name or _("customer"), "me": member.name}
        return BLANKS.filled(body, values | {"case": f"#{self.case}"})


def theme_of(reader: Reader, case: int) -> Theme | None:
    """What a case is about: the theme of the newest thing the customer said that has one."""
    said = Message.objects.filter(conversation__case=case, mention__isnull=False)
    ids = [str(one) for one in said.order_by("-at").values_list("mention", flat=True)[:20]]
    known = _themes(reader, ids)
    number = next((known[one] for one in ids if known.get(one)), None)
    if number is None:
        return None
    root = selectors.roots().get(number, number)
    return Theme.objects.filter(pk=root, hidden=False).first()


def waiting(reader: Reader, theme: Theme) -> list[Waiting]:
    """Everybody who says this and can be answered and was not: one message a person."""
    told = Message.objects.filter(answers=OuterRef("pk"), notice=False)
    answered = told.exclude(state__in=_ENDED)
    drafts = Message.objects.filter(
        conversation=OuterRef("conversation"), state=sending.State.DRAFT
    )
    messages = (
        Message.objects.filter(
            Q(reply_until=None) | Q(reply_until__gt=timezone.now()),
            mention__in=voices.ids(reader, theme),
            direction=Message.Direction.IN,
            reply_mode__in=ANSWERABLE,
            reply_address__isnull=False,
            conversation__case__status__in=UNSETTLED,
        )
        .exclude(Exists(answered))
        .annotate(writing=Exists(drafts))
        .select_related("conversation__identity", "conversation__case__person")
        .order_by("at", "pk")
    )
    found: dict[int, Waiting] = {}
    for message in messages:
        found[_standing(message)] = _waiting(message)
    return list(found.values())[:MOST]


def send(
    reader: Reader,
    *,
    theme: Theme,
    member: Member,
    body: str,
    chosen: Collection[int],
    token: str,
) -> GroupAnswer:
    """Approve one answer to each of the chosen; they go out two seconds apart.

    Args:
        reader: the lake.
        theme: what they all say.
        member: who approves, after having looked at every text.
        body: the text; it must address each person (`{customer}`).
        chosen: ids of the messages to be answered; who does not wait any more is left out.
        token: what the page that was clicked carries, new for every page.

    Raises:
        Refused: without a name in the text, or when nobody is left to answer.
    """
    if not BLANKS.addresses(body):
        raise Refused(_("Address each by name: put {customer} where the name belongs."))
    with write_atomic():
        group, _new = GroupAnswer.objects.get_or_create(
            token=token, defaults={"theme": theme, "member": member, "body": body}
        )
    those = [one for one in waiting(reader, theme) if one.message in chosen]
    if not those and not group.answers:
        group.delete()
        raise Refused(_("Nobody is left to answer."))
    made = [answer for answer in _approved(group, those, member) if answer is not None]
    with write_atomic():
        row = GroupAnswer.objects.select_for_update().get(pk=group.pk)
        row.answers = sorted({*row.answers, *made})
        row.save(update_fields=["answers"])
        about = f"theme:{theme.pk}"
        record("answer.to_many", about, member=member, group=row.pk, answers=len(made))
    return row


def take_back(*, group: GroupAnswer, member: Member) -> int:
    """Take back what has not gone out yet; returns how many that were."""
    taken = 0
    still = Message.objects.filter(pk__in=group.answers, state__in=sending.WAITING)
    for answer in still.order_by("-due_at").values_list("pk", flat=True):
        try:
            answering.cancel_reply(message=answer, member=member)
        except Refused:
            continue  # a worker was faster: it is on its way
        taken += 1
    return taken


def progress(group: GroupAnswer) -> list[dict[str, Any]]:
    """Each answer of a group: id, state, sent_at, case and name."""
    rows = Message.objects.filter(pk__in=group.answers).order_by("due_at", "pk")
    return [
        {
            "id": row.pk,
            "state": row.state,
            "words": row.get_state_display(),
            "case": row.conversation.case_id,
            "name": row.conversation.identity.name,
            "body": row.body,
        }
        for row in rows.select_related("conversation__identity")
    ]


def _approved(group: GroupAnswer, those: Iterable[Waiting], member: Member) -> Iterable[int | None]:
    for place, one in enumerate(those):
        try:
            answer = answering.approve_reply(
                answers=one.message,
                member=member,
                body=one.text(group.body, member),
                token=f"group-answer-{group.pk}",
                pause=settings.UNDO_SEND + place * APART,
            )
        except Refused:
            yield None  # settled or closed to answers in this very moment
        else:
            yield answer.pk


def _waiting(message: Message) -> Waiting:
    conversation = message.conversation
    return Waiting(
        message=message.pk,
        case=conversation.case_id,
        name=conversation.case.person.name or conversation.identity.name,
        words=" ".join(message.body[:400].split())[:160],
        channel=conversation.channel,
        writing=message.writing,  # type: ignore[attr-defined]
    )


def _standing(message: Message) -> int:
    person: Person = message.conversation.case.person
    return standing_for(person.pk) if person.merged_into_id else person.pk


def _themes(reader: Reader, ids: list[str]) -> dict[str, int]:
    """The theme of each mention that has one: by people, by the newest run, by its own label."""
    if not ids:
        return {}
    standing = Correction.objects.filter(mention__in=ids, undone_at=None)
    found = voices.themes_of(reader, ids)
    for mention, theme, belongs in standing.values_list("mention", "theme", "belongs"):
        if belongs:
            found[mention] = theme
        elif found.get(mention) == theme:
            del found[mention]
    return found
