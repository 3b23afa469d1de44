"""How much was said when, by kind, and in the time before.

Hours and days are counted by the moment of every mention. Weeks and months are counted by the day
of the lake wherever that day lies in one of them altogether, which costs a third of it.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Final, NamedTuple

from sori.insight.explore.conditions import partition
from sori.insight.explore.costs import CHART_BUDGET
from sori.insight.explore.look import Look
from sori.insight.explore.sampling import Sample
from sori.insight.explore.span import Unit

_HOUR: Final = 3_600
_QUARTER: Final = 900
_INSTANT: Final = timedelta(microseconds=1)
_LONG: Final[tuple[Unit, ...]] = ("week", "month")
_COARSER: Final[dict[Unit, Unit]] = {"hour": "day", "day": "week", "week": "month"}


@dataclass(frozen=True)
class Bar:
    """One stretch of the volume chart.

    Attributes:
        start: when it begins, in the company's time.
        end: when the next begins.
        kinds: mentions by kind.
        before: how many there were in the stretch that stands here for the time before.
    """

    start: datetime
    end: datetime
    kinds: Mapping[str, int]
    before: int | None = None

    @property
    def voices(self) -> int:
        """All kinds together."""
        return sum(self.kinds.values())


@dataclass(frozen=True)
class Volume:
    """How much was said when.

    Attributes:
        unit: what one bar stands for.
        bars: every stretch, also those in which nobody spoke, the oldest first.
        voices: of all of them.
        before: how many there were in the time before; None where there is none to compare with.
        sample: what was read.
    """

    unit: Unit
    bars: list[Bar]
    voices: int
    before: int | None
    sample: Sample


class Count(NamedTuple):
    """Mentions of one kind in one bar.

    Attributes:
        start: when the bar begins.
        now: whether it belongs to the time asked for, not to the time before.
        kind: which.
        voices: how many.
    """

    start: datetime
    now: bool
    kind: str
    voices: float


def volume(look: Look) -> Volume:
    """How much was said when, by kind, and in the time before."""
    unit = look.span.unit(look.earliest)
    question = "volume_by_day" if unit in _LONG else "volume"
    sample = look.sample(question, look.both, budget=CHART_BUDGET)
    if not sample.whole:
        # every bar must have some days that were read
        unit = _COARSER.get(unit, unit)
    now: dict[datetime, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    before: dict[datetime, float] = defaultdict(float)
    for count in _counts(look, unit, sample):
        if count.now:
            now[count.start][count.kind] += count.voices
        else:
            before[count.start] += count.voices
    bars = _bars(look, unit, now)
    if look.past:
        bars = _with_before(bars, before, look, unit)
    voices = sum(bar.voices for bar in bars)
    earlier = round(sum(before.values())) if look.past else None
    return Volume(unit, bars, voices, earlier, sample)


def _counts(look: Look, unit: Unit, sample: Sample) -> Iterator[Count]:
    """All mentions by bar, time and kind."""
    if sample.days is not None:
        yield from _by_day(look, unit, sample.days, _weights(look, sample, unit))
        return
    days = tuple(sample.sizes)
    border = tuple(day for day in days if unit not in _LONG or _is_border(day, look, unit))
    inner = tuple(sorted(set(days) - set(border)))
    if border:
        yield from _by_moment(look, unit, border)
    if inner:
        yield from _by_day(look, unit, inner, {})


def _by_moment(look: Look, unit: Unit, days: tuple[str, ...]) -> Iterator[Count]:
    rows = look.ask("volume", look.both, days, since=look.span.begin, unit=unit,
                    grain=_grain(look), zone=look.zone.key)  # fmt: skip
    for row in rows:
        yield Count(row["start"], row["now"], row["kind"], row["voices"])


def _by_day(
    look: Look, unit: Unit, days: tuple[str, ...], weights: Mapping[tuple[datetime, bool], float]
) -> Iterator[Count]:
    # the days are what bounds the time, so that no moment need be looked at
    for row in look.ask("volume_by_day", (None, None), days):
        start, now = _start(_noon(row["day"], look), unit), _is_now(row["day"], look)
        yield Count(start, now, row["kind"], row["voices"] * weights.get((start, now), 1.0))


def _is_border(day: str, look: Look, unit: Unit) -> bool:
    """Whether a day of the lake lies in two bars, or holds an end of the time asked for."""
    first = datetime.combine(date.fromisoformat(day), time.min, UTC)
    last = first + timedelta(days=1) - _INSTANT
    starts = {_start(at.astimezone(look.zone).replace(tzinfo=None), unit) for at in (first, last)}
    ends = (look.span.before, look.span.begin, look.span.end)
    return len(starts) > 1 or any(at is not None and first <= at <= last for at in ends)


def _is_now(day: str, look: Look) -> bool:
    return look.span.begin is None or day >= partition(look.span.begin)


def _noon(day: str, look: Look) -> datetime:
    """The middle of a day of the lake in local time."""
    noon = datetime.combine(date.fromisoformat(day), time(12), UTC)
    return noon.astimezone(look.zone).replace(tzinfo=None)


def _weights(look: Look, sample: Sample, unit: Unit) -> dict[tuple[datetime, bool], float]:
    """What the count of each bar must be multiplied with to stand for all its days."""
    bars = {day: (_start(_noon(day, look), unit), _is_now(day, look)) for day in sample.sizes}
    return {
        bar: sample.factor(lambda day, bar=bar: bars[day] == bar)  # type: ignore[misc]
        for bar in set(bars.values())
    }


def _grain(look: Look) -> int:
    """Seconds in which every local hour begins, in the zone's winter and in its summer."""
    year = look.now.year
    offsets = [look.zone.utcoffset(datetime(year, month, 1)) for month in (1, 7)]  # noqa: DTZ001
    whole = all(offset is not None and not offset.seconds % _HOUR for offset in offsets)
    return _HOUR if whole else _QUARTER


def _bars(look: Look, unit: Unit, now: Mapping[datetime, Mapping[str, float]]) -> list[Bar]:
    begin = look.span.begin
    if begin is None:
        if not now:
            return []
        first = min(now)
    else:
        first = _start(begin.astimezone(look.zone).replace(tzinfo=None), unit)
    # days that are still to come are not drawn, unless somebody claims to have spoken on them
    end = min(look.span.end or look.now, max(look.now, look.span.begin or look.now))
    last = max([*now, end.astimezone(look.zone).replace(tzinfo=None) - _INSTANT])
    bars = []
    while first <= last:
        following = _following(first, unit)
        kinds = {kind: round(voices) for kind, voices in now.get(first, {}).items()}
        bars.append(Bar(first, following, kinds))
        first = following
    return bars


def _with_before(
    bars: list[Bar], before: Mapping[datetime, float], look: Look, unit: Unit
) -> list[Bar]:
    """The bars with what was said as long before the end of the time before as they are before."""
    assert look.span.begin
    place = _start(look.span.begin.astimezone(look.zone).replace(tzinfo=None), unit)
    earlier = []
    for _ in bars:
        place = _start(place - _INSTANT, unit)
        earlier.append(place)
    return [
        replace(bar, before=round(before.get(start, 0)))
        for bar, start in zip(bars, reversed(earlier), strict=True)
    ]


def _start(at: datetime, unit: Unit) -> datetime:
    """The beginning of the stretch a local time is in."""
    if unit == "hour":
        return at.replace(minute=0, second=0, microsecond=0)
    day = at.date()
    if unit == "week":
        day -= timedelta(days=day.weekday())
    elif unit == "month":
        day = day.replace(day=1)
    return datetime.combine(day, time.min)


def _following(start: datetime, unit: Unit) -> datetime:
    if unit == "month":
        return _start(start + timedelta(days=32), unit)
    return start + {"hour": timedelta(hours=1), "day": timedelta(days=1)}.get(
        unit, timedelta(days=7)
    )
