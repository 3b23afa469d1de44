"""Read the notices: those that stand now, for readers and for the desk."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from django.db.models import Q, QuerySet
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext as _in

from sori.change.notices.models import Notice, Phase, Update
from sori.change.notices.wording import Wording

STALE: Final = {
    Notice.Kind.PROBLEM: timedelta(hours=24),
    Notice.Kind.CHANGE: timedelta(days=14),
}
"""After so long somebody looks whether it is still true."""

MOST: Final = 20


class Word(NamedTuple):
    """One more word: when, in which words and language."""

    at: datetime
    words: str
    language: str


@dataclass(frozen=True)
class Standing:
    """A notice as a reader sees it.

    Attributes:
        id: its number.
        kind: "problem" or "change".
        title: what it is called.
        what: what is happening.
        doing: what we do about it.
        language: what it is written in; not always the one that was asked for.
        since: since when it is shown.
        next_word_at: when we say more; None for never.
        updates: what was said since, the newest first.
    """

    id: int
    kind: str
    title: str
    what: str
    doing: str
    language: str
    since: datetime
    next_word_at: datetime | None
    updates: list[Word]


def shown(now: datetime) -> QuerySet[Notice]:
    """The notices that are shown at a moment, known problems and newer ones first."""
    until = Q(shown_until=None) | Q(shown_until__gt=now)
    rows = Notice.objects.filter(until, state=Notice.State.APPROVED, shown_from__lte=now)
    return rows.order_by("-kind", "-shown_from", "-pk")


def standing(place: str, language: str | None = None) -> list[Standing]:
    """What is told at a place right now.

    Args:
        place: one of `Notice.Place`; "" for all of them.
        language: ko or en; None for that of the page. What has no English words is told in Korean.
    """
    language = (language or translation.get_language() or "ko")[:2]
    rows = shown(timezone.now()).prefetch_related("updates")
    # so few are shown at once that picking them here beats asking each database in its own way
    chosen = [row for row in rows if not place or place in row.places]
    return [_standing(row, language) for row in chosen[:MOST]]


def lines(language: str) -> list[str]:
    """What chat windows begin with in a language: a paragraph for each notice that stands there."""
    return [
        "\n".join(filter(None, (one.title, one.what, one.doing)))
        for one in standing(Notice.Place.WIDGET, language)
    ]


def wording(notice: Notice, language: str) -> Wording:
    """The words of a notice for an answer or a post."""
    spoken = _spoken(notice, language)
    with translation.override(spoken):
        later = ""
        if notice.next_word_at and notice.next_word_at > timezone.now():
            when = {"when": moment(notice.next_word_at)}
            later = _("We will tell you more by %(when)s.") % when
    if spoken == "en":
        return Wording(notice.title_en, notice.what_en, notice.doing_en, later)
    return Wording(notice.title, notice.what, notice.doing, later)


def moment(at: datetime) -> str:
    """Day and time of day as the language of the moment says them: "11월 28일 오후 6:46"."""
    local = timezone.localtime(at)
    day = date_format(local, "MONTH_DAY_FORMAT")
    return f"{day} {date_format(local, _in('time of day', 'g:i A'))}"


def listed(phase: str = "") -> QuerySet[Notice]:
    """Notices for the desk, the newest first.

    Args:
        phase: one of `Phase`; anything else for all.
    """
    now = timezone.now()
    over = Q(state=Notice.State.ENDED) | Q(
        state=Notice.State.APPROVED, shown_until__isnull=False, shown_until__lte=now
    )
    rows = Notice.objects.select_related("created_by", "approved_by").order_by("-created_at", "-pk")
    if phase == Phase.DRAFT:
        return rows.filter(state=Notice.State.DRAFT)
    if phase == Phase.SHOWN:
        return rows.filter(pk__in=shown(now).values("pk"))
    if phase == Phase.APPROVED:
        return rows.filter(state=Notice.State.APPROVED, shown_from__gt=now).exclude(over)
    return rows.filter(over) if phase == Phase.ENDED else rows


def is_old(notice: Notice, now: datetime) -> bool:
    """Whether somebody should look whether a notice that is shown is still true.

    It is old when the next word was promised for earlier, or when nobody touched it for a day (of
    a change for two weeks).
    """
    if notice.phase(now) is not Phase.SHOWN:
        return False
    if notice.next_word_at and notice.next_word_at <= now:
        return True
    touched = max(filter(None, (notice.looked_at, notice.shown_from)))
    return touched + STALE[Notice.Kind(notice.kind)] <= now


def old(now: datetime) -> Sequence[Notice]:
    """The notices that somebody should look at."""
    return [row for row in shown(now) if is_old(row, now)]


def _standing(notice: Notice, language: str) -> Standing:
    spoken = _spoken(notice, language)
    english = spoken == "en"
    assert notice.shown_from
    return Standing(
        id=notice.pk,
        kind=notice.kind,
        title=notice.title_en if english else notice.title,
        what=notice.what_en if english else notice.what,
        doing=notice.doing_en if english else notice.doing,
        language=spoken,
        since=notice.shown_from,
        next_word_at=notice.next_word_at,
        updates=[_word(one, language) for one in notice.updates.all()],
    )


def _word(update: Update, language: str) -> Word:
    if language == "en" and update.words_en:
        return Word(update.at, update.words_en, "en")
    return Word(update.at, update.words, "ko")


def _spoken(notice: Notice, language: str) -> str:
    """The language that a reader of another one gets."""
    return "en" if language == "en" and notice.title_en and notice.what_en else "ko"
