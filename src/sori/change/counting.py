"""Count the voices of themes by day, kind and channel; what one author repeats counts once."""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final, TypeAlias
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from sori.understand.assigning import NONE

UNCLEAR: Final = "unknown"
Cube: TypeAlias = dict[str, dict[str, int]]
"""Voices by kind and, within, by channel."""


@dataclass
class Figures:
    """How much one theme was heard.

    Attributes:
        voices: how many said it.
        first: when it was said first.
        last: when it was said last.
        days: voices by day, kind and channel.
        carried: those of them that come from campaigns.
    """

    voices: int
    first: datetime
    last: datetime
    days: dict[date, Cube] = field(default_factory=dict)
    carried: dict[date, Cube] = field(default_factory=dict)

    def heard(self, row: Mapping[str, Any], zone: ZoneInfo, *, carried: bool) -> None:
        """Count one more voice, the newest so far."""
        at, kind = row["said_at"], row["kind"] or UNCLEAR
        self.voices += 1
        self.last = at
        for days in (self.days, self.carried) if carried else (self.days,):
            cube = days.setdefault(at.astimezone(zone).date(), {})
            channels = cube.setdefault(kind, {})
            channels[row["channel"]] = channels.get(row["channel"], 0) + 1


@dataclass(frozen=True)
class Counted:
    """All themes of a run.

    Attributes:
        figures: of each theme by its number.
        people: different accounts that spoke of a theme and of all that were merged into it.
    """

    figures: Mapping[int, Figures]
    people: Mapping[int, int]


def counted(
    rows: pa.Table,
    numbers: npt.NDArray[np.int64],
    into: Mapping[int, int],
    zone: ZoneInfo,
    carried: Collection[str] = frozenset(),
) -> Counted:
    """Count the voices of every theme.

    Args:
        rows: id, channel, author_id, fingerprint, kind and said_at, in any order.
        numbers: the theme of each row, NONE for none.
        into: where merged themes went.
        zone: where a day begins.
        carried: ids of the voices that come from campaigns.
    """
    order = np.argsort(np.asarray(rows.column("said_at").cast(pa.int64())), kind="stable")
    order = order[numbers[order] != NONE]
    columns = ("id", "said_at", "channel", "author_id", "fingerprint", "kind")
    said = rows.select(columns).take(pa.array(order)).to_pylist()
    figures: dict[int, Figures] = {}
    people: dict[int, set[object]] = defaultdict(set)
    seen: set[object] = set()
    for place, (number, row) in enumerate(zip(numbers[order].tolist(), said, strict=True)):
        account = (row["channel"], row["author_id"]) if row["author_id"] else place
        people[into.get(number, number)].add(account)
        people[number].add(account)
        words = row["fingerprint"] if row["fingerprint"] is not None else place
        if (number, account, words) in seen:
            continue
        seen.add((number, account, words))
        one = figures.setdefault(number, Figures(0, row["said_at"], row["said_at"]))
        one.heard(row, zone, carried=row["id"] in carried)
    return Counted(figures, {number: len(accounts) for number, accounts in people.items()})


def roots(pointers: Mapping[int, int]) -> dict[int, int]:
    """Where every merged theme ends up in the end."""
    found = {}
    for number in pointers:
        at, steps = number, 0
        while at in pointers and steps <= len(pointers):
            at, steps = pointers[at], steps + 1
        found[number] = at
    return found


def total(cubes: Mapping[date, Cube]) -> Counter[str]:
    """Voices by kind over all days."""
    kinds: Counter[str] = Counter()
    for cube in cubes.values():
        for kind, channels in cube.items():
            kinds[kind] += sum(channels.values())
    return kinds
