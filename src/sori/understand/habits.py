"""What is usual at this hour of this weekday: learned from the past hours of many series at once.

A series is anything whose voices are counted: a theme, a listening rule, a source. What is usual is
its level, times the shape of its day, times the shape of its week; a series that is seldom heard
borrows both shapes from all voices together. Two things are said of every expectation besides: how
far it may be wrong because little was seen (`doubt`), and how much more than chance the series
goes up and down by itself (`spread`), because one post brings the next.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Counts = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

DAYS: Final = 28
HOURS: Final = DAYS * 24
LEAST_HOURS: Final = 7 * 24
SCALES: Final = (1, 4, 24)
"""Hours over which a series' own ups and downs are learned."""
CALMEST: Final[Sequence[float]] = (0.15, 0.08, 0.04)
"""Nothing is steadier than this at these scales, whatever was seen of it."""
APART: Final = timedelta(hours=24)
"""The last day tells of no habits: what is judged now would excuse itself."""
RARE: Final = 2
"""What breaks out on no more days than these is no habit, and left out."""
SELDOM: Final = 0.5
"""Voices that a series which was never heard is taken to have had."""
_BORROWED: Final = 50.0
"""So many voices of its own weigh as much as the shape of all voices."""
_WEEK_BORROWED: Final = 100.0
_STEADY: Final = 3.0
_DEADEST_HOUR: Final = 0.15
_DEADEST_DAY: Final = 0.3
_FAR: Final = 6.0
_RESTLESS: Final = 0.4
_MANY: Final = 5


class Habits(NamedTuple):
    """What is usual; a row a series.

    Attributes:
        level: voices an hour.
        days: by hour of the day, 1 is the mean.
        weeks: by day of the week (Monday is 0), 1 is the mean.
        doubt: by hour of the day, the relative variance of the expectation.
        spread: by SCALES, the relative variance beyond chance.
        known: whether enough was seen to have habits at all.
    """

    level: Floats
    days: Floats
    weeks: Floats
    doubt: Floats
    spread: Floats
    known: Flags


class Expected(NamedTuple):
    """What is expected in a stretch of time, a row a series: how many, and how far in doubt."""

    voices: Floats
    doubt: Floats


class _Clock(NamedTuple):
    """The hour of the day and the day of the week of every hour of the past."""

    hour: Counts
    weekday: Counts


def learn(counts: Counts, known: Flags, first: datetime, everything: int) -> Habits:
    """Learn what is usual.

    Args:
        counts: voices by series and hour, without gaps.
        known: which of them tell of habits: not those before a series began, nor surges.
        first: the beginning of the first hour, in the zone that people live in.
        everything: the row that counts all voices.
    """
    clock = _clock(first, counts.shape[1])
    fitted = _fit(counts, known, clock, everything)[0]
    known = known & ~_outbreaks(np.where(known, counts, 0), fitted)
    fitted, level, days, weeks, doubt = _fit(counts, known, clock, everything)
    scales = range(len(SCALES))
    spread = np.stack([_spread(counts, fitted, known, at) for at in scales], axis=1)
    return Habits(level, days, weeks, doubt, spread, known.sum(axis=1) >= LEAST_HOURS)


class Outlook:
    """What is usual in the day before the end of an hour, as running sums.

    Args:
        habits: what is usual.
        hour: the beginning of the hour, in the zone of the past.
    """

    def __init__(self, habits: Habits, hour: datetime) -> None:
        self.hour = hour
        at = _clock(hour, 25, before=24)
        usual = habits.level[:, None] * habits.days[:, at.hour] * habits.weeks[:, at.weekday]
        self._voices = _running(usual)
        self._unsure = _running(usual * np.sqrt(habits.doubt[:, at.hour]))

    def expected(self, since: datetime, until: datetime) -> Expected:
        """What is usual between two moments of these 25 hours."""
        first, last = (self._place(moment) for moment in (since, until))
        voices = _between(self._voices, first, last)
        unsure = _between(self._unsure, first, last)
        return Expected(voices, (unsure / np.maximum(voices, 1e-12)) ** 2)

    def _place(self, moment: datetime) -> float:
        """How many hours after the beginning."""
        passed = moment.astimezone(UTC) - self.hour.astimezone(UTC)
        return passed / timedelta(hours=1) + 24


def _running(values: Floats) -> Floats:
    """The sum of all columns before each, and of all."""
    sums: Floats = np.concatenate([np.zeros((len(values), 1)), np.cumsum(values, axis=1)], axis=1)
    return sums


def _between(sums: Floats, first: float, last: float) -> Floats:
    """What running sums say of the stretch between two places, which may lie between columns."""
    return _up_to(sums, last) - _up_to(sums, first)


def _up_to(sums: Floats, place: float) -> Floats:
    place = min(max(place, 0.0), sums.shape[1] - 1.0)
    whole = min(int(place), sums.shape[1] - 2)
    part = place - whole
    found: Floats = sums[:, whole] * (1 - part) + sums[:, whole + 1] * part
    return found


def _clock(first: datetime, hours: int, before: int = 0) -> _Clock:
    """What clock and calendar show in each of some hours, through changes of the time too."""
    start, zone = first.astimezone(UTC), first.tzinfo
    moments = [
        (start + timedelta(hours=number)).astimezone(zone)
        for number in range(-before, hours - before)
    ]
    return _Clock(
        np.array([moment.hour for moment in moments], np.int64),
        np.array([moment.weekday() for moment in moments], np.int64),
    )


def _fit(
    counts: Counts, known: Flags, clock: _Clock, everything: int
) -> tuple[Floats, Floats, Floats, Floats, Floats]:
    """What is usual in every hour of the past, and its level, days, weeks and doubt."""
    seen = np.where(known, counts, 0).astype(np.float64)
    level = (seen.sum(axis=1) + SELDOM) / np.maximum(known.sum(axis=1), 1)
    days, doubt = _days(seen, known, clock, everything)
    weeks = _weeks(seen, known, clock, everything, days)
    fitted = level[:, None] * days[:, clock.hour] * weeks[:, clock.weekday]
    return fitted, level, days, weeks, doubt


def _outbreaks(counts: Counts, fitted: Floats) -> Flags:
    """Hours that nobody would call usual, where they lie on few days."""
    width = np.sqrt(fitted + _RESTLESS * fitted**2)
    out = (counts >= fitted + _FAR * width) & (counts >= _MANY)
    whole = counts.shape[1] // 24 * 24
    by_day = out[:, -whole:].reshape(len(out), -1, 24).any(axis=2)
    rare: Flags = out & (by_day.sum(axis=1) <= RARE)[:, None]
    return rare


def _days(seen: Floats, known: Flags, clock: _Clock, everything: int) -> tuple[Floats, Floats]:
    """The shape of every series' day, and the doubt in its expectations."""
    heard, watched = _by(seen, clock.hour, 24), _by(known, clock.hour, 24)
    heard, watched = _smooth(heard), _smooth(watched)
    rates = heard / np.maximum(watched, 1)
    usual = _of_mean_one(rates[everything])
    own = _BORROWED + heard.sum(axis=1, keepdims=True) / 2
    level = heard.sum(axis=1, keepdims=True) / np.maximum(watched.sum(axis=1, keepdims=True), 1)
    fair = rates / np.maximum(level, 1e-12)
    days = (fair * (own - _BORROWED) + usual * _BORROWED) / own
    total = seen.sum(axis=1, keepdims=True)
    doubt = 1 / (total + SELDOM) + 1 / (heard + _BORROWED / 8)
    return np.maximum(_of_mean_one(days), _DEADEST_HOUR), doubt


def _weeks(seen: Floats, known: Flags, clock: _Clock, everything: int, days: Floats) -> Floats:
    """The shape of every series' week."""
    weight = np.where(known, days[:, clock.hour], 0.0)
    heard, due = _by(seen, clock.weekday, 7), _by(weight, clock.weekday, 7)
    level = heard.sum(axis=1, keepdims=True) / np.maximum(due.sum(axis=1, keepdims=True), 1e-12)
    fair = heard / np.maximum(due * level, 1e-12)
    usual = np.where(due[everything] > 0, fair[everything], 1.0)
    total = heard.sum(axis=1, keepdims=True)
    weeks = (np.where(due > 0, fair, 1.0) * total + usual * _WEEK_BORROWED) / (
        total + _WEEK_BORROWED
    )
    return np.maximum(_of_mean_one(weeks), _DEADEST_DAY)


def _spread(counts: Counts, fitted: Floats, known: Flags, scale: int) -> Floats:
    """The variance beyond chance at one of SCALES, relative to the square of what is usual."""
    size = SCALES[scale]
    whole = counts.shape[1] // size * size
    heard = _blocks(np.where(known, counts, 0)[:, -whole:], size)
    usual = _blocks(np.where(known, fitted, 0.0)[:, -whole:], size)
    beyond = ((heard - usual) ** 2 - usual).sum(axis=1)
    found: Floats = beyond / ((usual**2).sum(axis=1) + _STEADY)
    return np.maximum(found, CALMEST[scale])


def _blocks(values: npt.NDArray[Any], size: int) -> Floats:
    found: Floats = values.reshape(len(values), -1, size).sum(axis=2)
    return found


def _by(values: npt.NDArray[Any], group: Counts, groups: int) -> Floats:
    """Sums of columns by group."""
    one_hot = np.zeros((len(group), groups))
    one_hot[np.arange(len(group)), group] = 1.0
    sums: Floats = values.astype(np.float64) @ one_hot
    return sums


def _smooth(values: Floats) -> Floats:
    """Every hour with half of its neighbours, around the clock."""
    before, after = np.roll(values, 1, axis=1), np.roll(values, -1, axis=1)
    smooth: Floats = values + (before + after) / 2
    return smooth


def _of_mean_one(shape: Floats) -> Floats:
    mean = shape.mean(axis=-1, keepdims=True)
    scaled: Floats = np.where(mean > 0, shape / np.maximum(mean, 1e-12), 1.0)
    return scaled
