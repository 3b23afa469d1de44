"""What was counted of the themes behind an initiative, by day and channel, around its shipping."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

import numpy as np
from django.db.models import Min
from django.utils import timezone

from sori.change import looking, selectors, series
from sori.change.counting import Cube
from sori.change.initiatives.models import Evidence, Initiative
from sori.change.models import Theme, ThemeDay, ThemeRun
from sori.change.outcomes.estimating import Days
from sori.change.outcomes.judging import LEAST, WEEK
from sori.lake import questions
from sori.lake.query import Reader

ROOM: Final = "change.outcomes"
BEFORE: Final = 8 * WEEK
_DAY: Final = timedelta(days=1)
_ENOUGH: Final = 0.8
"""Of the voices that were counted, the share the lake must know by now to say who they were of."""

Totals = Mapping[tuple[date, str], int]


@dataclass(frozen=True)
class Gathered:
    """The days around a shipping, without the day itself.

    Attributes:
        dates: which days, in order; only those of which it is known how much was said.
        channels: what the columns of `days` are.
        days: what was heard on them.
    """

    dates: list[date]
    channels: list[str]
    days: Days

    def first(self, after: int) -> "Gathered":
        """The same with so many days after the shipping at most."""
        later = np.cumsum(self.days.after)
        rows = np.flatnonzero(~self.days.after | (later <= after))
        one = self.days
        kept = Days(one.theme[rows], one.every[rows], one.weekday[rows], one.after[rows])
        return Gathered([self.dates[row] for row in rows], self.channels, kept)


def themes_of(initiatives: Collection[Initiative]) -> dict[int, list[int]]:
    """The themes that speak for each initiative, with all that were merged into them."""
    where = selectors.roots()
    found: dict[int, set[int]] = {one.pk: set() for one in initiatives}
    rows = Evidence.objects.filter(initiative__in=found, sort=Evidence.Sort.THEME)
    for initiative, key in rows.values_list("initiative", "key"):
        found[initiative].add(where.get(int(key), int(key)))
    known = set(Theme.objects.values_list("pk", flat=True))
    families: dict[int, list[int]] = {root: [root] for root in known}
    for number, root in where.items():
        families.setdefault(root, [root]).append(number)
    return {
        pk: sorted(number for root in roots & known for number in families[root])
        for pk, roots in found.items()
    }


def known_days(since: date, until: date) -> list[date]:
    """The whole days between two that some run has counted."""
    zone = series.zone()
    moments = ThemeRun.objects.filter(at__gte=_midnight(since)).values_list("since", "at")
    known: set[date] = set()
    # runs of one day have seen the same days
    for first, last in {(a.astimezone(zone).date(), b.astimezone(zone).date()) for a, b in moments}:
        known |= {first + number * _DAY for number in range((last - first).days)}
    return sorted(day for day in known if since <= day <= until)


def totals(reader: Reader, since: date, until: date) -> Totals:
    """How many voices there were on each day in each channel, the last day whole."""
    rows = questions.ask(
        reader, ROOM, "every", since=_midnight(since), until=_midnight(until + _DAY),
        zone=str(series.zone()),
    )  # fmt: skip
    return {(row["day"], row["channel"]): row["voices"] for row in rows}


def earliest(shipped_at: datetime) -> date:
    """The first day that may be compared."""
    return timezone.localdate(shipped_at) - BEFORE * _DAY


def first_heard(themes: Sequence[int]) -> datetime | None:
    """When the themes were heard for the first time."""
    found: datetime | None = Theme.objects.filter(pk__in=themes).aggregate(at=Min("first_seen"))[
        "at"
    ]
    return found


def gather(
    themes: Sequence[int], shipped_at: datetime, every: Totals, known: Sequence[date]
) -> Gathered:
    """The days around a shipping.

    Args:
        themes: numbers of the themes that are counted together.
        shipped_at: when the change went out.
        every: what was said in all on those days.
        known: the days that were counted.
    """
    shipped, begun = timezone.localdate(shipped_at), first_heard(themes)
    first = earliest(shipped_at)
    if begun is not None:
        # before it was heard for the first time there was nothing to become less
        first = max(first, min(timezone.localdate(begun), shipped - LEAST * _DAY))
    dates = [day for day in known if first <= day != shipped]
    heard = _heard(themes, dates)
    channels = sorted({channel for day, channel in every if day in set(dates)} | _named(heard))
    theme = _table(heard, dates, channels)
    said = np.maximum(_table(every, dates, channels), theme)
    weekday = np.array([day.weekday() for day in dates], np.int64)
    after = np.array([day > shipped for day in dates], np.bool_)
    return Gathered(dates, channels, Days(theme, said, weekday, after))


def people(
    reader: Reader, themes: Sequence[int], shipped_at: datetime, found: Gathered
) -> dict[str, int]:
    """How many people raised it among those who spoke, in as many days before as after.

    Empty where the lake does not know of enough of the voices whose they were: those that were
    heard before their theme was found.
    """
    days = min(int(found.days.after.sum()), int((~found.days.after).sum())) // WEEK * WEEK
    if not days:
        return {}
    shipped = timezone.localdate(shipped_at)
    before = _people(reader, themes, shipped - days * _DAY, shipped)
    after = _people(reader, themes, shipped + _DAY, shipped + (days + 1) * _DAY)
    rows = [row for row, day in enumerate(found.dates) if shipped - days * _DAY <= day < shipped]
    if before["voices"] < _ENOUGH * int(found.days.theme[rows].sum()):
        return {}
    return {
        "days": days,
        "raised_before": before["raised"],
        "active_before": before["active"],
        "raised_after": after["raised"],
        "active_after": after["active"],
    }


def partly_read() -> bool:
    """Whether the newest run found more voices than it could read."""
    run = selectors.newest_run()
    return run is not None and run.read >= looking.READ and run.read < run.voices


def _people(reader: Reader, themes: Sequence[int], since: date, until: date) -> dict[str, Any]:
    (row,) = questions.ask(
        reader, ROOM, "people", since=_midnight(since), until=_midnight(until),
        themes=list(themes), beside={"known": selectors.members()},
    )  # fmt: skip
    return row


def _heard(themes: Sequence[int], dates: Sequence[date]) -> dict[tuple[date, str], int]:
    """Voices of the themes by day and channel, without those of campaigns."""
    found: dict[tuple[date, str], int] = {}
    if not dates:
        return found
    rows = ThemeDay.objects.filter(theme__in=themes, day__range=(dates[0], dates[-1]))
    for day, counts, carried in rows.values_list("day", "counts", "carried"):
        for channel, voices in _by_channel(counts).items():
            own = voices - _by_channel(carried).get(channel, 0)
            found[day, channel] = found.get((day, channel), 0) + own
    return found


def _by_channel(cube: Cube) -> dict[str, int]:
    found: dict[str, int] = {}
    for channels in cube.values():
        for channel, voices in channels.items():
            found[channel] = found.get(channel, 0) + voices
    return found


def _named(heard: Totals) -> set[str]:
    return {channel for _, channel in heard}


def _table(counts: Totals, dates: Sequence[date], channels: Sequence[str]) -> Any:
    rows = [[counts.get((day, channel), 0) for channel in channels] for day in dates]
    return np.array(rows, np.int64).reshape(len(dates), len(channels))


def _midnight(day: date) -> datetime:
    return datetime.combine(day, datetime.min.time(), series.zone())
