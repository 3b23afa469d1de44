"""The figures of the model page, each defined once: abstention and drift, week by week."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa

from sori.insight.questions import ask
from sori.lake.query import Reader
from sori.understand.evidence import chance_index, drifted, stability_index
from sori.understand.strangers import unknown_shares

WEEKS: Final = 26
FIRST: Final = 4
"""The weeks everything later is compared with: the first ones in which the model spoke."""

FEWEST: Final = 50
"""A week with fewer voices says nothing about drift."""

_SAMPLE: Final = 200
_DAYS_A_WEEK: Final = (1, 4)
_BANDS: Final = 10
_ALL: Final = ""

Counts = dict[date, Counter[str]]


@dataclass(frozen=True)
class Point:
    """How far one week lies from the first ones.

    Attributes:
        what: "kind", "sentiment", "urgency", "answer" (how they divide), "confidence" (of kinds),
            or "features" (how many are unknown).
        week: its Monday.
        index: the population stability index.
        chance: what it stays below by chance alone, 95 times in 100.
        drifted: whether it lies above both that and 0.2.
    """

    what: str
    week: date
    index: float
    chance: float
    drifted: bool


@dataclass(frozen=True)
class Weeks:
    """What a model said, week by week.

    Attributes:
        model: its name.
        shares: for each label, voices by week and value; "" is a value it could not tell.
        sure: of kinds, voices by week and tenth of confidence.
        strangers: voices by week and tenth of unknown features, of a sample.
    """

    model: str
    shares: Mapping[str, Counts]
    sure: Counts
    strangers: Counts

    @property
    def weeks(self) -> list[date]:
        """The weeks in which it spoke, in order."""
        return sorted(self.shares.get("kind", {}))

    @property
    def voices(self) -> int:
        """How many voices it understood."""
        return sum(week.total() for week in self.shares.get("kind", {}).values())

    def abstained(self) -> list[dict[str, Any]]:
        """Which share of each week's voices it said nothing about: label, week, share, voices."""
        return [
            {"label": label, "week": week, "share": counts[_ALL] / counts.total(),
             "voices": counts.total()}
            for label, by_week in self.shares.items()
            for week, counts in sorted(by_week.items())
        ]  # fmt: skip

    def drift(self) -> list[Point]:
        """How far each week after the first ones lies from them."""
        points: list[Point] = []
        for what, counts in (
            *self.shares.items(),
            ("confidence", self.sure),
            ("features", self.strangers),
        ):
            points += _points(what, counts)
        return points


def speaking(reader: Reader, now: datetime) -> list[str]:
    """The models that spoke in the last weeks, the one that spoke most first."""
    rows = ask(reader, "models", since=now - timedelta(weeks=WEEKS))
    return [row["model"] for row in rows]


def weeks(reader: Reader, model: str, now: datetime, zone: ZoneInfo) -> Weeks:
    """What a model said in the last half year, week by week; the week that is not over is left out.

    Args:
        reader: the lake.
        model: its name.
        now: the moment of asking.
        zone: the company's time zone.
    """
    today = now.astimezone(zone).date()
    this_week = today - timedelta(days=today.weekday())
    first = this_week - timedelta(weeks=WEEKS)
    since = datetime.combine(first, datetime.min.time(), zone)
    rows = ask(reader, "labels_by_week", since=since, zone=zone.key, model=model)
    shares: dict[str, Counts] = defaultdict(lambda: defaultdict(Counter))
    sure: Counts = defaultdict(Counter)
    for row in rows:
        if row["week"] >= this_week:
            continue
        shares[row["label"]][row["week"]][row["value"] or _ALL] += row["voices"]
        if row["label"] == "kind" and row["band"] is not None:
            sure[row["week"]][str(row["band"])] += row["voices"]
    spoken = sorted(shares.get("kind", {}))
    return Weeks(model, shares, sure, _strangers(reader, spoken, since, zone))


def _strangers(reader: Reader, spoken: Sequence[date], since: datetime, zone: ZoneInfo) -> Counts:
    days = [(week + timedelta(days=day)).isoformat() for week in spoken for day in _DAYS_A_WEEK]
    found: Counts = defaultdict(Counter)
    if not days:
        return found
    rows = ask(reader, "some_of_weeks", since=since, zone=zone.key, days=days, count=_SAMPLE)
    voices = pa.RecordBatch.from_pylist(rows, schema=_VOICES)
    bands = np.minimum((unknown_shares(voices) * _BANDS).astype(int), _BANDS - 1)
    for row, band in zip(rows, bands.tolist(), strict=True):
        found[row["week"]][str(band)] += 1
    return found


def _points(what: str, counts: Counts) -> Iterable[Point]:
    told = [week for week in sorted(counts) if counts[week].total() >= FEWEST]
    then: Counter[str] = sum((counts[week] for week in told[:FIRST]), Counter())
    for week in told[FIRST:]:
        now = counts[week]
        bins = sorted(then.keys() | now.keys())
        both = [now[one] for one in bins], [then[one] for one in bins]
        yield Point(what, week, stability_index(*both), chance_index(*both), drifted(*both))


_VOICES: Final = pa.schema(
    [
        pa.field("week", pa.date32()),
        pa.field("title", pa.string()),
        pa.field("text", pa.string()),
        pa.field("lang", pa.string()),
    ]
)
