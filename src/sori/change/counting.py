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
Account: TypeAlias = tuple[str, str]
"""A channel, and somebody's name in it."""

_UNHAPPY: Final = ("negative", "mixed")
_HIGHEST: Final = 2
_SAID: Final = (
    "id", "said_at", "channel", "author_id", "followers", "fingerprint", "kind", "sentiment",
    "urgency", "lang",
)  # fmt: skip


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


@dataclass
class Gauge:
    """How a theme, and all that were merged into it, is spoken of, and by whom.

    Attributes:
        people: different accounts; who has none counts once each time.
        judged: voices whose mood is known.
        negative: those of them that are unhappy, wholly or in part.
        urgent: voices of the highest urgency.
        followers: of each account that has a name.
        languages: voices by language, "" where it is unknown.
    """

    people: set[object] = field(default_factory=set)
    judged: int = 0
    negative: int = 0
    urgent: int = 0
    followers: dict[Account, int] = field(default_factory=dict)
    languages: Counter[str] = field(default_factory=Counter)

    def met(self, account: object, row: Mapping[str, Any]) -> None:
        """Somebody spoke, be it the same again."""
        self.people.add(account)
        if row["author_id"]:
            key = (row["channel"], row["author_id"])
            self.followers[key] = max(self.followers.get(key, 0), row["followers"] or 0)

    def heard(self, row: Mapping[str, Any]) -> None:
        """Count one more voice."""
        self.judged += row["sentiment"] is not None
        self.negative += row["sentiment"] in _UNHAPPY
        self.urgent += row["urgency"] == _HIGHEST
        self.languages[row["lang"] or ""] += 1

    @property
    def reach(self) -> int:
        """Followers of all accounts, each account once."""
        return sum(self.followers.values())


@dataclass(frozen=True)
class Counted:
    """All themes of a run.

    Attributes:
        figures: of each theme by its number.
        gauges: of each theme together with all that were merged into it; those that were merged
            have one of their own too.
    """

    figures: Mapping[int, Figures]
    gauges: Mapping[int, Gauge]


def counted(
    rows: pa.Table,
    numbers: npt.NDArray[np.int64],
    into: Mapping[int, int],
    zone: ZoneInfo,
    carried: Collection[str] = frozenset(),
) -> Counted:
    """Count the voices of every theme.

    Args:
        rows: id, channel, author_id, followers, fingerprint, kind, sentiment, urgency, lang and
            said_at, in any order.
        numbers: the theme of each row, NONE for none.
        into: where merged themes went.
        zone: where a day begins.
        carried: ids of the voices that come from campaigns.
    """
    order = np.argsort(np.asarray(rows.column("said_at").cast(pa.int64())), kind="stable")
    order = order[numbers[order] != NONE]
    said = rows.select(_SAID).take(pa.array(order)).to_pylist()
    figures: dict[int, Figures] = {}
    gauges: dict[int, Gauge] = defaultdict(Gauge)
    seen: set[object] = set()
    for place, (number, row) in enumerate(zip(numbers[order].tolist(), said, strict=True)):
        account = (row["channel"], row["author_id"]) if row["author_id"] else place
        both = [gauges[one] for one in {number, into.get(number, number)}]
        for gauge in both:
            gauge.met(account, row)
        words = row["fingerprint"] if row["fingerprint"] is not None else place
        if (number, account, words) in seen:
            continue
        seen.add((number, account, words))
        one = figures.setdefault(number, Figures(0, row["said_at"], row["said_at"]))
        one.heard(row, zone, carried=row["id"] in carried)
        for gauge in both:
            gauge.heard(row)
    return Counted(figures, gauges)


def roots(pointers: Mapping[int, int]) -> dict[int, int]:
    """Where every merged theme ends up in the end."""
    found = {}
    for number in pointers:
        at, steps = number, 0
        while at in pointers and steps <= len(pointers):
            at, steps = pointers[at], steps + 1
        found[number] = at
    return found
