"""Look every day what the changes that were shipped have brought; a worker's duty.

An outcome is settled once and an initiative reopened once: both are written in one transaction
with the row that says so, under a lock on it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import date, datetime, timedelta
from typing import Any, Final

import structlog
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from sori.change import rounds, selectors
from sori.change.initiatives import services as initiatives
from sori.change.initiatives.models import Initiative
from sori.change.models import Surge
from sori.change.outcomes import gathering
from sori.change.outcomes.estimating import Estimate
from sori.change.outcomes.figuring import band, by_week, figured
from sori.change.outcomes.gathering import Gathered
from sori.change.outcomes.judging import Judged, Verdict, Why, came_back
from sori.change.outcomes.models import Outcome
from sori.change.outcomes.wording import moved
from sori.database import write_atomic
from sori.errors import Refused
from sori.journal.services import record
from sori.lake.query import Reader

ROUND: Final = "outcomes"
EVERY: Final = timedelta(minutes=5)
WATCHED: Final = timedelta(days=180)
"""For how long after its shipping a change is looked at."""
_DAY: Final = timedelta(days=1)
_OUT: Final = (Initiative.Stage.SHIPPED, Initiative.Stage.TOLD, Initiative.Stage.CHECKED)

log = structlog.get_logger(__name__)


def check(reader: Reader) -> int:
    """Look at every change that has news, if it is time to; returns how many there were."""
    with rounds.turn(ROUND, again=EVERY) as turn:
        if turn is None:
            return 0
        now = timezone.now()
        through = last_whole_day()
        due = _due(now, through)
        looked = _look(reader, due, through, now, turn) if due else 0
        turn.end(now + EVERY)
    return looked


def last_whole_day() -> date | None:
    """The last day that was counted whole; None before anything was."""
    run = selectors.newest_run()
    return timezone.localdate(run.at) - _DAY if run else None


def _due(now: datetime, through: date | None) -> list[Initiative]:
    """Changes that were shipped and not looked at since that day was counted."""
    out = _out().filter(shipped_at__gte=now - WATCHED)
    known = {
        (row.initiative_id, row.shipped_at): row
        for row in Outcome.objects.filter(initiative__in=out).defer("weeks", "channels")
    }
    return [
        one for one in out.order_by("pk") if _has_news(known.get((one.pk, _shipped(one))), through)
    ]


def _out() -> QuerySet[Initiative]:
    """What is out; a "no" that people were told of is not, though it may have been shipped once."""
    return Initiative.objects.filter(stage__in=_OUT, decision=Initiative.Decision.YES)


def _has_news(row: Outcome | None, through: date | None) -> bool:
    return row is None or (row.through != through and row.back_at is None)


def _look(
    reader: Reader,
    due: Sequence[Initiative],
    through: date | None,
    now: datetime,
    turn: rounds.Turn,
) -> int:
    first = min(gathering.earliest(_shipped(one)) for one in due)
    until = through or first
    known = gathering.known_days(first, until)
    every = gathering.totals(reader, first, until)
    themes = gathering.themes_of(due)
    for one in due:
        turn.renew()
        found = gathering.gather(themes[one.pk], _shipped(one), every, known)
        row = _looked(reader, one, themes[one.pk], found)
        row.through, row.looked_at = through, now
        try:
            _write(one, row, themes[one.pk], found)
        except Refused as refused:
            # the others have news, too
            log.warning("outcome_refused", initiative=one.pk, why=str(refused))
    log.info("outcomes_looked_at", initiatives=len(due))
    return len(due)


def _looked(
    reader: Reader, initiative: Initiative, themes: Sequence[int], found: Gathered
) -> Outcome:
    """The row as it should be, not saved; what is settled stands still."""
    shipped = _shipped(initiative)
    row = Outcome.objects.filter(initiative=initiative, shipped_at=shipped).first()
    row = row or Outcome(initiative=initiative, shipped_at=shipped)
    if row.settled_at is None:
        told = figured(found)
        judged = told.judged if themes else Judged(Verdict.UNKNOWN, Why.THEME)
        row.verdict, row.why, row.more_days = judged.verdict, judged.why, judged.more_days
        row.figures, row.channels = told.figures, told.channels
        row.people = gathering.people(reader, themes, shipped, found) if themes else {}
        row.first_heard = gathering.first_heard(themes)
        row.partly_read = gathering.partly_read()
        row.settled_at = timezone.now() if judged.settled else None
    row.weeks = by_week(found, shipped, row.figures["dispersion"]) if themes else []
    return row


def _write(initiative: Initiative, row: Outcome, themes: Sequence[int], found: Gathered) -> None:
    with write_atomic():
        kept = Outcome.objects.select_for_update().filter(pk=row.pk).first()
        still = _out().filter(pk=initiative.pk, shipped_at=row.shipped_at).exists()
        if not still or (kept and kept.back_at):
            return  # it was reopened or shipped again meanwhile
        row.save()
        if row.settled_at and not (kept and kept.settled_at):
            _settle(initiative, row)
        elif row.settled_at and row.verdict == Outcome.Verdict.FEWER:
            _look_for_return(initiative, row, themes, found)


def _settle(initiative: Initiative, row: Outcome) -> None:
    shown = ("before", "after", "ratio", "low", "high", "days_before", "days_after")
    figures = {name: row.figures[name] for name in shown}
    about = f"initiative:{initiative.pk}"
    record("outcome.settled", about, outcome=row.pk, verdict=str(row.verdict), **figures)
    initiatives.mark_checked(initiative)


def _look_for_return(
    initiative: Initiative, row: Outcome, themes: Sequence[int], found: Gathered
) -> None:
    again = came_back(found.days, int(row.figures["days_after"]))
    if again is not None:
        _reopen(initiative, row, Outcome.Back.RATE, asdict(again), _why_rate(again))
        return
    surge = _surge(themes, row)
    if surge is not None:
        low, high = (end / max(surge.expected, 1.0) for end in band(surge.voices, 1.0))
        times = surge.voices / max(surge.expected, 1.0)
        figures = {"surge": surge.pk, "ratio": times, "low": low, "high": high}
        _reopen(initiative, row, Outcome.Back.SURGE, figures, _why_surge(surge, low, high))


def _surge(themes: Iterable[int], row: Outcome) -> Surge | None:
    """The first surge of the themes since it was settled that comes from many hands."""
    keys = [str(number) for number in themes]
    surges = Surge.objects.filter(
        sort=Surge.Sort.THEME, key__in=keys, since__gt=row.settled_at, campaign=False
    )
    return surges.order_by("since", "pk").first()


def _reopen(
    initiative: Initiative, row: Outcome, back: str, figures: dict[str, Any], why: str
) -> None:
    row.back_at, row.back, row.back_figures = timezone.now(), back, figures
    row.save(update_fields=["back_at", "back", "back_figures"])
    record("outcome.back", f"initiative:{initiative.pk}", outcome=row.pk, back=str(back), **figures)
    initiatives.reopen(initiative=initiative, why=why)


def _why_rate(again: Estimate) -> str:
    return _("It is heard as often again as before the change: %(moved)s in the last week.") % {
        "moved": moved(again.ratio, again.low, again.high)
    }


def _why_surge(surge: Surge, low: float, high: float) -> str:
    return _(
        "It surges again: %(voices)s voices where %(usual)s are usual (95%%: ×%(low)s … ×%(high)s)."
    ) % {
        "voices": number_format(surge.voices),
        "usual": number_format(round(max(surge.expected, 1.0))),
        "low": number_format(low, 1),
        "high": number_format(high, 1),
    }


def _shipped(initiative: Initiative) -> datetime:
    assert initiative.shipped_at is not None
    return initiative.shipped_at
