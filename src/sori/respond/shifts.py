"""Working hours as people write them: "09:00-12:00, 13:00-18:00", and single days, one a line."""

import re
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Final

from sori.respond.business import MINUTES_A_DAY, Shift

_SHIFT: Final = re.compile(r"(\d{1,2}):(\d{2})\s*[-–~]\s*(\d{1,2}):(\d{2})")

Day = tuple[date, tuple[Shift, ...]]


class Unreadable(ValueError):
    """What somebody wrote are no hours; the text is the part that could not be read."""


def read_shifts(text: str) -> tuple[Shift, ...]:
    """Read the shifts of a day; an empty text is a day off.

    An end that is no later than the beginning lies in the next day.

    >>> read_shifts("09:00-12:00, 22:00-06:00")
    ((540, 720), (1320, 1800))

    Raises:
        Unreadable: when a part is no "09:00-18:00".
    """
    parts = [part.strip() for part in text.split(",")]
    return tuple(sorted(_shift(part) for part in parts if part))


def write_shifts(shifts: Iterable[Sequence[int]]) -> str:
    """Write shifts so that `read_shifts` reads them again."""
    return ", ".join(f"{_clock(since)}-{_clock(_end(until))}" for since, until in shifts)


def read_days(text: str) -> tuple[Day, ...]:
    """Read single days, one a line: the day, and its hours unless it is closed.

    >>> read_days("2026-12-24 09:00-13:00")
    ((datetime.date(2026, 12, 24), ((540, 780),)),)

    Raises:
        Unreadable: when a line begins with no day or goes on with no hours.
    """
    days = {}
    for line in filter(None, map(str.strip, text.splitlines())):
        written, _, hours = line.partition(" ")
        try:
            days[date.fromisoformat(written)] = read_shifts(hours)
        except Unreadable:
            raise
        except ValueError as error:
            raise Unreadable(written) from error
    return tuple(sorted(days.items()))


def write_days(days: Iterable[tuple[str, Iterable[Sequence[int]]]]) -> str:
    """Write single days so that `read_days` reads them again."""
    return "\n".join(f"{day} {write_shifts(shifts)}".rstrip() for day, shifts in days)


def _shift(part: str) -> Shift:
    found = _SHIFT.fullmatch(part)
    if not found:
        raise Unreadable(part)
    hour, minute, end_hour, end_minute = map(int, found.groups())
    since, until = hour * 60 + minute, end_hour * 60 + end_minute
    if minute > 59 or end_minute > 59 or since >= MINUTES_A_DAY or until > MINUTES_A_DAY:
        raise Unreadable(part)
    return since, until if until > since else until + MINUTES_A_DAY


def _end(until: int) -> int:
    """How an end is written: as a time of its own day; midnight is 24:00 of the day that ends."""
    return until if until <= MINUTES_A_DAY else until - MINUTES_A_DAY


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"
