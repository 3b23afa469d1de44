"""The list of mentions, newest first or by reach, a page at a time.

It looks into the newest days first and goes further back only while the page is not full, so that
a common thing is found at once. After some millions of mentions it stops and says how far it came.
"""

import re
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from sori.insight.explore.costs import BUDGET
from sori.insight.explore.look import Look, sql
from sori.insight.explore.sampling import between, newest
from sori.lake.query import Reader
from sori.mention import day_of

PAGE: Final = 20
_FIRST: Final = 30_000
_GROWTH: Final = 8
_PLACE: Final = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})~(-?[0-9]{1,18})?~([0-9a-f]{28})?")


class Place(NamedTuple):
    """A place in the list: go on after it.

    Attributes:
        day: the newest partition to look into.
        rank: microseconds since 1970, or followers, of the last mention shown; None for none.
        id: of that mention.
    """

    day: str
    rank: int | None = None
    id: str | None = None

    def __str__(self) -> str:
        rank = "" if self.rank is None else self.rank
        return f"{self.day}~{rank}~{self.id or ''}"


@dataclass(frozen=True)
class Page:
    """A page of the list.

    Attributes:
        mentions: the columns of `mentions.sql`, in order.
        next: the place after it; None at the end of the list.
        looked_back_to: the earliest partition looked into, where the list stopped there only
            because looking further takes long; None where everything was looked into.
    """

    mentions: list[dict[str, Any]]
    next: Place | None
    looked_back_to: str | None = None


def place_of(text: str) -> Place | None:
    """Read a place; whoever made one up starts at the top."""
    match = _PLACE.fullmatch(text)
    if not match:
        return None
    day, rank, name = match.groups()
    whole = rank is not None and name is not None
    return Place(day, int(rank), name) if whole else Place(day)


def page(look: Look, place: Place | None) -> Page:
    """The mentions after a place, or the first ones."""
    sizes = _days(look, place)
    most = round(BUDGET / look.micros("rank"))
    newest_first = look.selection.order == "newest"
    window, read = (_FIRST if newest_first else most), 0
    found: list[dict[str, Any]] = []
    while sizes and len(found) <= PAGE and read < most:
        days = newest(sizes, min(window, most - read))
        found += look.ask(
            "newest" if newest_first else "reach",
            look.present,
            tuple(days),
            rank=place.rank if place else None,
            id=place.id if place else None,
            limit=PAGE + 1 - len(found),
        )
        read += sum(sizes.pop(day) for day in days)
        window *= _GROWTH
        if not newest_first:
            # ranked among the days looked into; those before are ranked on pages of their own
            return _page(look, place, found, list(sizes), days)
    return _page(look, place, found, list(sizes), days if read else [])


def mentions(reader: Reader, ids: list[str]) -> list[dict[str, Any]]:
    """What is known of these mentions, in the same order; those that were forgotten are absent."""
    if not ids:
        return []
    days = sorted({day_of(name) for name in ids})
    rows = reader.table(sql("mentions"), ids=ids, days=days).to_pylist()
    known = {row["id"]: row for row in rows}
    return [known[name] for name in ids if name in known]


def _page(
    look: Look,
    place: Place | None,
    found: list[dict[str, Any]],
    unread: list[str],
    days: list[str],
) -> Page:
    shown = found[:PAGE]
    following: Place | None = None
    if len(found) > PAGE:
        last = shown[-1]
        # by reach, the next page ranks the same days again
        top = (place.day if place else days[0]) if look.selection.order == "reach" else None
        following = Place(top or day_of(last["id"]), last["rank"], last["id"])
    elif unread:
        following = Place(unread[0])
    limited = bool(unread) and (len(found) <= PAGE or look.selection.order == "reach")
    return Page(
        mentions(look.reader, [row["id"] for row in shown]),
        following,
        days[-1] if limited and days else None,
    )


def _days(look: Look, place: Place | None) -> dict[str, int]:
    """The partitions that may hold any of it, newest first."""
    sizes = look.sizes(look.present)
    return between(sizes, None, place.day) if place else sizes
