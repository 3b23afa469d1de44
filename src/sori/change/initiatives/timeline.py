"""Where the life of initiatives lies on one line of days: a picture without a database.

Places are in hundredths of the line, 0 at its first day and 100 at its last.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final, NamedTuple

MARGIN: Final = timedelta(days=7)
LONGEST: Final = timedelta(days=730)
_MONTHS: Final = 12
_NAMES: Final = ("considered", "made", "told", "checked")


class Piece(NamedTuple):
    """A stretch of a life: considered, made, told, checked or late."""

    sort: str
    x: float
    width: float


@dataclass(frozen=True)
class Life:
    """One initiative on the line.

    Attributes:
        pieces: its stretches, in order; one that is late comes last.
        due: the place of the day it is due, None without one or outside the line.
        late: days it came or is late.
    """

    pieces: Sequence[Piece]
    due: float | None
    late: int


@dataclass(frozen=True)
class Axis:
    """The line.

    Attributes:
        first: its first day.
        last: its last day.
    """

    first: date
    last: date

    def place(self, day: date) -> float:
        """Where a day lies; what is outside lies at the nearer end."""
        span = max((self.last - self.first).days, 1)
        return round(min(max(100 * (day - self.first).days / span, 0.0), 100.0), 2)

    def months(self) -> list[tuple[date, float]]:
        """The first day of some months and where it lies, twelve at most."""
        every, year, month = [], self.first.year, self.first.month
        while (day := date(year, month, 1)) <= self.last:
            if day >= self.first:
                every.append(day)
            year, month = (year + 1, 1) if month == _MONTHS else (year, month + 1)
        step = -(-len(every) // _MONTHS) or 1
        return [(day, self.place(day)) for day in every[::step]]


def axis(rows: Iterable[Mapping[str, Any]], today: date) -> Axis:
    """The line on which all of these can be seen; nothing before two years ago."""
    listed = list(rows)
    begun = [row["created"] for row in listed]
    due = [row["due_on"] for row in listed if row["due_on"]]
    first = max(min([*begun, today - MARGIN]), today - LONGEST)
    last = min(max([*due, today]), today + LONGEST) + MARGIN
    return Axis(first, last)


def life(row: Mapping[str, Any], line: Axis, today: date) -> Life:
    """The life of one initiative.

    Args:
        row: created, decided, shipped, told and checked (days, None for not yet), due_on, and
            `off`: whether it was decided against or put off.
        line: where it is drawn.
        today: the day up to which what is not over goes on.
    """
    moments = [row["created"], row["decided"], row["shipped"], row["told"], row["checked"]]
    names = list(_NAMES)
    if row["off"]:
        # nothing is made, and nothing is left to be checked
        moments, names = [row["created"], row["decided"], row["told"]], ["considered", "told"]
    pieces = []
    for name, since, until in zip(names, moments, moments[1:], strict=False):
        if since is None:
            break
        pieces.append(_piece(name, since, max(until or today, since), line))
        if until is None:
            break
    late = _late(row, today)
    if late:
        until = row["due_on"] + timedelta(days=late)
        pieces.append(_piece("late", row["due_on"], until, line))
    due = row["due_on"]
    inside = due is not None and line.first <= due <= line.last
    return Life(pieces, line.place(due) if inside else None, late)


def _late(row: Mapping[str, Any], today: date) -> int:
    due_on: date | None = row["due_on"]
    shipped: date | None = row["shipped"]
    if due_on is None or row["off"]:
        return 0
    return max(0, ((shipped or today) - due_on).days)


def _piece(sort: str, since: date, until: date, line: Axis) -> Piece:
    x = line.place(since)
    return Piece(sort, x, max(round(line.place(until) - x, 2), 0.6))
