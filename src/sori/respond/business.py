"""Business time: when somebody is at work, and how much of it lies between two moments.

What the clock on the wall shows decides: a shift from ten in the evening to six is seven hours long
in the night in which clocks go forward, and nine in the night in which they go back. A shift
belongs to the day on which it begins, so the night after a holiday's eve is worked to its end.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import lru_cache
from itertools import pairwise
from typing import Final, NamedTuple

Shift = tuple[int, int]
"""From and until, in minutes after the midnight its day begins with; `until` may be past the next
midnight, but not past the one after it."""

DAY: Final = timedelta(days=1)
MINUTES_A_DAY: Final = 1440

_LONGEST_REST: Final = 4000
_LOOK: Final = timedelta(hours=6)
_SECOND: Final = timedelta(seconds=1)


class Open(NamedTuple):
    """A stretch of open time, in UTC; `until` is not part of it."""

    since: datetime
    until: datetime


@dataclass(frozen=True)
class Hours:
    """A business calendar; it is one of `sla.Calendar`.

    Attributes:
        zone: whose wall clock counts.
        week: the shifts of each day, Monday first; seven of them.
        country: two letters, whose public holidays are closed (Korea's with their substitutes);
            "" for none.
        days: the shifts of single days, which win over week and holidays; without any the day is
            closed.
    """

    zone: tzinfo
    week: tuple[tuple[Shift, ...], ...]
    country: str = ""
    days: tuple[tuple[date, tuple[Shift, ...]], ...] = ()

    def shifts(self, day: date) -> tuple[Shift, ...]:
        """The shifts that begin on this day."""
        for own, shifts in self.days:
            if own == day:
                return shifts
        if self.country and day in public_holidays(self.country, day.year):
            return ()
        return self.week[day.weekday()]

    def after(self, start: datetime, span: timedelta) -> datetime:
        """The first moment at which `span` of open time has passed since `start`.

        Raises:
            ValueError: when it is not open once in ten years.
        """
        if span <= timedelta(0):
            return start
        for since, until in self._open_from(start):
            if until - since >= span:
                return since + span
            span -= until - since
        raise AssertionError("there is no last opening")

    def between(self, start: datetime, end: datetime) -> timedelta:
        """How much open time lies between two moments; negative when `end` comes first."""
        if end < start:
            return -self.between(end, start)
        first, last = start.astimezone(UTC).date(), end.astimezone(UTC).date()
        total = timedelta(0)
        for number in range((last - first).days + 1):
            for since, until in _open(self, first + number * DAY):
                total += max(min(until, end) - max(since, start), timedelta(0))
        return total

    def opening(self, at: datetime) -> datetime:
        """The first moment from `at` on at which it is open: `at` itself when it is open then.

        Raises:
            ValueError: when it is not open once in ten years.
        """
        return next(self._open_from(at)).since

    def closing(self, at: datetime) -> datetime:
        """The first moment from `at` on at which it is closed: `at` itself when it is closed then.

        Raises:
            ValueError: when it does not close for ten years.
        """
        first, end = at, at
        for since, until in self._open_from(at):
            if since > end:
                return end
            end = until
            if end - first > _LONGEST_REST * DAY:
                raise ValueError("this calendar never closes")
        raise AssertionError("there is no last opening")

    def _open_from(self, start: datetime) -> Iterator[Open]:
        """What is open from `start` on, in order, without an end."""
        day, rest = start.astimezone(UTC).date(), 0
        while rest <= _LONGEST_REST:
            stretches = [one for one in _open(self, day) if one.until > start]
            for since, until in stretches:
                yield Open(max(since, start), until)
            rest = 0 if stretches else rest + 1
            day += DAY
        raise ValueError("this calendar is never open")


@lru_cache(maxsize=256)
def public_holidays(country: str, year: int) -> frozenset[date]:
    """The public holidays of a country in one year, substitutes included."""
    # a tenth of a second that nobody pays who has no calendar with holidays
    import holidays

    return frozenset(holidays.country_holidays(country, years=year))


@lru_cache(maxsize=4096)
def _open(hours: Hours, day: date) -> tuple[Open, ...]:
    """What is open on one day of UTC, in order and without overlaps."""
    found: list[Open] = []
    for since, until, offset in _pieces(hours.zone, day):
        wall_since, wall_until = since + offset, until + offset
        # a shift of the day before, or of the one before that after clocks went back over midnight
        first = wall_since.date() - 2 * DAY
        for number in range((wall_until.date() - first).days + 1):
            begins = first + number * DAY
            midnight = datetime.combine(begins, time(), UTC)
            for start, end in hours.shifts(begins):
                opens = max(midnight + timedelta(minutes=start), wall_since)
                closes = min(midnight + timedelta(minutes=end), wall_until)
                if opens < closes:
                    found.append(Open(opens - offset, closes - offset))
    return tuple(_merged(sorted(found)))


def _merged(stretches: Iterable[Open]) -> Iterator[Open]:
    before: Open | None = None
    for one in stretches:
        if before is not None and one.since <= before.until:
            before = Open(before.since, max(before.until, one.until))
            continue
        if before is not None:
            yield before
        before = one
    if before is not None:
        yield before


@lru_cache(maxsize=4096)
def _pieces(zone: tzinfo, day: date) -> tuple[tuple[datetime, datetime, timedelta], ...]:
    """A day of UTC in pieces during which the zone's offset stays: from, until, offset."""
    start = datetime.combine(day, time(), UTC)
    moments = [start + number * _LOOK for number in range(5)]
    changes = [
        _change(zone, early, late)
        for early, late in pairwise(moments)
        if _offset(zone, early) != _offset(zone, late)
    ]
    edges = [start, *changes, start + DAY]
    return tuple(
        (since, until, _offset(zone, since)) for since, until in pairwise(edges) if since < until
    )


def _change(zone: tzinfo, early: datetime, late: datetime) -> datetime:
    """The second from which on the later offset holds."""
    before = _offset(zone, early)
    while late - early > _SECOND:
        middle = early + ((late - early) // 2 // _SECOND or 1) * _SECOND
        if _offset(zone, middle) == before:
            early = middle
        else:
            late = middle
    return late


def _offset(zone: tzinfo, at: datetime) -> timedelta:
    return at.astimezone(zone).utcoffset() or timedelta(0)
