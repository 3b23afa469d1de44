"""The orphan check: count the ends of every mention in the lake, page by page."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

from sori.change import selectors as themes
from sori.lake.query import Reader
from sori.lake.store import Lake
from sori.sql import read_sql
from sori.tracing.ending import End, Why, end_of, why_lost
from sori.tracing.facts import Company, company, gather, judged

PAGE: Final = 1_000
_TOGETHER: Final = 20_000
SHOWN: Final = 20


class Lost(NamedTuple):
    """A mention that nothing holds, and why."""

    mention: str
    why: Why


@dataclass
class Check:
    """What a check has found.

    Attributes:
        states: how many mentions stand where.
        lost: the newest of those that are lost.
        unsorted: the ids of the ideas that wait longest for a person.
        first_day: the earliest partition looked into, "" for none.
        whole: whether that was the whole lake.
    """

    states: Counter[End] = field(default_factory=Counter)
    lost: list[Lost] = field(default_factory=list)
    unsorted: list[str] = field(default_factory=list)
    first_day: str = ""
    whole: bool = True

    @property
    def mentions(self) -> int:
        """How many were looked at."""
        return self.states.total()

    @property
    def orphans(self) -> int:
        """How many are lost."""
        return self.states[End.LOST]


def check(
    lake: Lake,
    reader: Reader,
    *,
    most: int | None = None,
    shown: int = SHOWN,
    told: Callable[[int], None] = lambda _count: None,
) -> Check:
    """Count where mentions ended.

    Args:
        lake: the lake, for what the desk has not looked at yet.
        reader: asks it.
        most: look only into the newest days that hold no more than this together, and at least
            into the newest one.
        shown: how many of the lost and of the unsorted ones are named.
        told: told from time to time how many more were looked at.

    Raises:
        LakeError: the lake could not be read.
    """
    here = company(lake)
    days = list(reader.sizes().items())
    chosen = _newest(days, most)
    found = Check(first_day=chosen[-1][0] if chosen else "", whole=len(chosen) == len(days))
    for first, last in _spans(list(reversed(chosen))):
        for rows in pages(reader, first, last):
            _count(found, rows, here, shown)
            told(len(rows))
    found.lost.reverse()
    return found


def pages(reader: Reader, first: str, last: str) -> Iterator[list[dict[str, Any]]]:
    """The mentions of some days, oldest first, with what people corrected."""
    known, after = themes.members(), ""
    while True:
        rows: list[dict[str, Any]] = reader.table(
            read_sql("tracing", "rows"),
            beside={"known": known},
            first=first,
            last=last,
            after=after,
            ids=None,
            most=PAGE,
        ).to_pylist()
        if rows:
            judged(rows)
            yield rows
        if len(rows) < PAGE:
            return
        after = rows[-1]["id"]


def _count(found: Check, rows: Sequence[dict[str, Any]], here: Company, shown: int) -> None:
    for mention, facts in gather(rows, here).items():
        end = end_of(facts)
        found.states[end] += 1
        if end == End.LOST:
            found.lost = [*found.lost[-shown + 1 :], Lost(mention, why_lost(facts))]
        elif end == End.UNSORTED and len(found.unsorted) < shown:
            found.unsorted.append(mention)


def _newest(days: list[tuple[str, int]], most: int | None) -> list[tuple[str, int]]:
    if most is None:
        return days
    read = 0
    chosen: list[tuple[str, int]] = []
    for day, size in days:
        read += size
        if chosen and read > most:
            break
        chosen.append((day, size))
    return chosen


def _spans(days: list[tuple[str, int]]) -> Iterator[tuple[str, str]]:
    """Neighbouring days that are read together, as first and last."""
    first, last, held = "", "", 0
    for day, size in days:
        if first and held + size > _TOGETHER:
            yield first, last
            first, held = "", 0
        first, last, held = first or day, day, held + size
    if first:
        yield first, last
