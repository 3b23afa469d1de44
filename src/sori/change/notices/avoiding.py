"""How many questions a notice spared: what would have been asked without it, minus what was.

Nobody can see what would have been asked, so it is told as a range. Two things make it: what is
usual at these hours, and how much more than usual was being asked when the notice came, which would
have faded by itself sooner or later. How soon is learned from the hours before, as far as they
tell, and from how outbreaks fade in general. That it would have grown further is never assumed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import log, sqrt
from typing import Final

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

LONGEST: Final = 72
"""Hours after which nobody can say any more what would have been."""

BASIS: Final = 3
"""The last hours before the notice, which tell how much was being asked."""

SOONEST: Final = 2.0
"""Hours that must have passed."""

FEWEST: Final = 8
"""Fewer questions than these, expected, tell nothing."""

HALF_LIFE: Final = 8.0
"""Hours in which half of an outbreak is over, in the middle of many ..."""

_FADES: Final = 0.75
"""... and how far they differ (the standard deviation of the logarithm)."""

_DRAWS: Final = 2_000
_SHARE: Final = 0.94
_COLD: Final = 0.5
_SIGNS: Final = 2.0
_LEAST: Final = 5
_LEAST_RHYTHM: Final = 0.02
_NO_VARIANCE: Final = 1e-9
_LOUDER: Final = 4.0
_MOST: Final = 1e9


class Verdict(StrEnum):
    """What can be said."""

    EARLY = "early"
    NO_COURSE = "no_course"
    FEW = "few"
    FOUND = "found"


@dataclass(frozen=True)
class Course:
    """What was asked around the moment a notice came, by the hour.

    Attributes:
        before: questions in each hour before it, the oldest first.
        rhythm_before: how busy each of these hours usually is; 1 is the mean.
        after: questions in each hour since.
        rhythm_after: the same of these hours; the last one counts for the part that has passed.
        level: questions that are usual in an hour whose rhythm is 1.
        doubt: the relative variance of that level.
        spread: by how much more than chance it goes up and down (a relative variance).
        hours: how many hours have passed since.
    """

    before: Sequence[int]
    rhythm_before: Sequence[float]
    after: Sequence[int]
    rhythm_after: Sequence[float]
    level: float
    doubt: float
    spread: float
    hours: float


@dataclass(frozen=True)
class Spared:
    """What a notice spared, as far as anybody can say.

    Attributes:
        verdict: whether anything can be said.
        asked: questions since it came.
        usual: questions that are usual in these hours.
        expected: questions to be expected without it; None unless FOUND.
        low: 90 in 100 times no fewer than these were spared; may be below zero.
        middle: the most likely number.
        high: and no more than these.
        by_hour: what was to be expected in each hour; empty unless FOUND.
    """

    verdict: Verdict
    asked: int
    usual: float
    expected: float | None = None
    low: int = 0
    middle: int = 0
    high: int = 0
    by_hour: tuple[float, ...] = ()

    @property
    def surely(self) -> bool:
        """Whether it spared any at all, beyond reasonable doubt."""
        return self.verdict is Verdict.FOUND and self.low > 0


def spared(course: Course) -> Spared:
    """Tell what a notice spared."""
    after = list(course.after)[:LONGEST]
    rhythm = np.asarray(course.rhythm_after[: len(after)], np.float64)
    asked, usual = sum(after), float(course.level * rhythm.sum())
    if course.hours < SOONEST:
        return Spared(Verdict.EARLY, asked, usual)
    if not _grew(course):
        return Spared(Verdict.NO_COURSE, asked, usual)
    dice = np.random.default_rng(0)  # the same page must not say something else each time
    level = course.level * _around_one(dice, course.doubt)
    excess, half = _outbreak(dice, course, level)
    faded = 0.5 ** ((np.arange(len(after)) + 0.5) / half[:, None])
    clock = _follows(dice, course, rhythm)
    means = level[:, None] * rhythm + excess[:, None] * faded * clock * _part(course, len(after))
    expected = float(means.sum(axis=1).mean())
    if expected < FEWEST:
        return Spared(Verdict.FEW, asked, usual)
    total = means.sum(axis=1) * _around_one(dice, course.spread)
    without = dice.poisson(np.minimum(total, _MOST))
    edge = (1 - _SHARE) / 2
    low, middle, high = np.quantile(without, (edge, 0.5, 1 - edge)) - asked
    return Spared(
        Verdict.FOUND,
        asked,
        usual,
        expected,
        int(np.floor(low)),
        round(float(middle)),
        int(np.ceil(high)),
        tuple(means.mean(axis=0).tolist()),
    )


def _part(course: Course, hours: int) -> Floats:
    """How much of each hour has passed; of the last one only a part."""
    passed: Floats = np.clip(course.hours - np.arange(hours), 0.0, 1.0)
    return passed


def _grew(course: Course) -> bool:
    """Whether more than usual was being asked when the notice came."""
    heard = sum(course.before[-BASIS:])
    due = course.level * sum(course.rhythm_before[-BASIS:])
    width = sqrt(due + course.spread * due * due)
    return heard >= _LEAST and heard > due + _SIGNS * width


def _outbreak(dice: np.random.Generator, course: Course, level: Floats) -> tuple[Floats, Floats]:
    """How much more than usual was asked an hour when the notice came, and how fast it fades.

    Likely values of both: of many fading times those are taken more often by which the hours since
    the loudest one look likely.
    """
    half = np.exp(dice.normal(log(HALF_LIFE), _FADES, _DRAWS))
    half = dice.choice(half, _DRAWS, p=_likely(course, half))
    basis = min(BASIS, len(course.before))
    usual = level * sum(course.rhythm_before[-basis:])
    ago = np.arange(basis, 0, -1) - 0.5
    heard = dice.gamma(sum(course.before[-basis:]) + 0.5, 1.0, _DRAWS)
    heard = heard * _around_one(dice, course.spread / basis)
    more = np.maximum(heard - usual, 0.0)
    return more / (2.0 ** (ago / half[:, None])).sum(axis=1), half


def _follows(dice: np.random.Generator, course: Course, rhythm: Floats) -> Floats:
    """How loud an outbreak is in each hour by the clock alone, against the hours of the basis.

    Whether people who suffer wait for the busy hours or speak at night, too, nobody knows: from not
    at all to wholly, all is as likely.
    """
    then = course.rhythm_before[-BASIS:]
    busy = max(sum(then) / len(then), _LEAST_RHYTHM)
    wholly = np.clip(rhythm / busy, 1 / _LOUDER, _LOUDER)
    found: Floats = wholly ** dice.uniform(0, 1, (_DRAWS, 1))
    return found


def _likely(course: Course, half: Floats) -> Floats:
    """How likely each fading time makes the hours since the loudest one; sums to 1."""
    counts = np.asarray(course.before, np.float64)
    since = int(np.argmax(counts)) if len(counts) else 0
    counts, rhythm = counts[since:], np.asarray(course.rhythm_before, np.float64)[since:]
    if len(counts) <= 1:
        return np.full(len(half), 1 / len(half))
    ago = np.arange(len(counts), 0, -1) - 0.5
    shape = 2.0 ** (ago / half[:, None])
    more = max(float(counts.sum() - course.level * rhythm.sum()), 0.0)
    means = course.level * rhythm + more * shape / shape.sum(axis=1, keepdims=True)
    shares = means / means.sum(axis=1, keepdims=True)
    # what people say comes in heaps, so each question counts for less than one
    fit = _COLD * (counts * np.log(np.maximum(shares, 1e-12))).sum(axis=1)
    weights = np.exp(fit - fit.max())
    likely: Floats = weights / weights.sum()
    return likely


def _around_one(dice: np.random.Generator, variance: float) -> Floats:
    """Factors whose mean is 1."""
    if variance < _NO_VARIANCE:
        return np.ones(_DRAWS)
    factors: Floats = dice.gamma(1 / variance, variance, _DRAWS)
    return factors
