"""Keep boards, and say what becomes of ideas; whoever follows one is told by mail, once a step."""

import re
from collections.abc import Iterable, Sequence
from typing import Final

from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from sori.change.ideas import families, following, hearing
from sori.change.ideas.models import (
    SHOWN,
    Audience,
    Board,
    Idea,
    Letter,
    News,
    Status,
    Subscription,
)
from sori.database import unique, write_atomic
from sori.errors import Refused
from sori.journal.services import record
from sori.staff.models import Member

_ORIGIN: Final = re.compile(r"https?://[a-z0-9-]{1,63}(\.[a-z0-9-]{1,63}){0,8}(:[0-9]{1,5})?")


def keep_board(
    *,
    member: Member | None,
    name: str,
    name_en: str = "",
    audience: str = Audience.PUBLIC,
    moderated: bool = True,
    origins: Sequence[str] = (),
    board: Board | None = None,
) -> Board:
    """Make a board, or change one; its audience stays what it was made for.

    Raises:
        Refused: there is another of this name, or a site in `origins` is none.
    """
    row = board or Board(
        audience=audience,
        position=(Board.objects.aggregate(last=Max("position"))["last"] or 0) + 1,
    )
    row.name, row.name_en, row.moderated = name, name_en, moderated
    row.origins = "\n".join(origin(one) for one in origins)
    with write_atomic():
        with unique(_("There is another board of this name.")):
            row.save()
        if row.audience == Audience.PUBLIC:
            hearing.ensure_source(member)
        record("board.kept", f"board:{row.pk}", member=member, name=name)
    return row


def origin(address: str) -> str:
    """A site as a browser names it: scheme, host and port, and nothing that could say more.

    Raises:
        Refused: it is none.
    """
    found = _ORIGIN.fullmatch(address.strip().lower().rstrip("/"))
    if found is None:
        raise Refused(_("%(address)s is no address of a site.") % {"address": address.strip()})
    return found[0]


def answer(*, idea: Idea, status: str, words: str, member: Member) -> None:
    """Say what becomes of an idea, in words that everybody who wants it reads.

    Raises:
        Refused: it is part of another one, not shown, or turned down without a reason.
    """
    if status == Status.DECLINED and not words.strip():
        raise Refused(_("Say why it is not planned; everybody who wants it will read it."))
    with write_atomic():
        row = families.lock([idea.pk])[idea.pk]
        if row.merged_into_id is not None:
            raise Refused(_("It is part of another idea; that one is answered."))
        _go(row, status, words.strip(), member)


def follow(idea_ids: Iterable[int], stage: str, decision: str, reason: str) -> None:
    """Let ideas follow the initiative that takes them up; to be called when it moves.

    An idea that is part of another one moves with that one; what is not shown, or says the same
    already, is left as it is. Subscribers are told once of every move.

    Args:
        idea_ids: the ideas that speak for it.
        stage: one of the stages of an initiative.
        decision: yes, no, later, or "" for none yet.
        reason: the company's words for the decision, which everybody may read.
    """
    status = following.status_of(stage, decision)
    if not status:
        return
    with write_atomic():
        standing_for = set(families.roots(idea_ids).values())
        for row in families.lock(standing_for).values():
            _go(row, status, reason.strip() if decision else row.answer, None)


def _go(row: Idea, status: str, words: str, member: Member | None) -> None:
    """Write a step down and post its letters; nothing where nothing changes."""
    same = (row.status, row.answer) == (status, words)
    if same or not Idea.objects.filter(SHOWN, pk=row.pk).exists():
        return
    now = timezone.now()
    row.status, row.answer, row.answered_at = status, words, now
    row.save(update_fields=["status", "answer", "answered_at"])
    news = News.objects.create(idea=row, status=status, words=words, member=member, at=now)
    _post(news)
    record("idea.answered", f"idea:{row.pk}", member=member, status=status)


def _post(news: News) -> None:
    """One letter to everybody who follows the family, however many accounts they have."""
    everybody = families.family(news.idea_id)
    rows = Subscription.objects.filter(idea__in=everybody, stopped_at=None).order_by("pk")
    rows = rows.exclude(member=news.member_id) if news.member_id else rows
    found = list(rows)
    whose = families.standing_people(rows)
    first: dict[tuple[int | None, int | None], Subscription] = {}
    for one in found:
        person = whose.get(one.person_id, one.person_id) if one.person_id is not None else None
        first.setdefault((person, one.member_id), one)
    letters = [Letter(news=news, subscription=one, due_at=news.at) for one in first.values()]
    Letter.objects.bulk_create(letters, batch_size=500)
