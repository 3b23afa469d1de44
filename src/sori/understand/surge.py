"""A surge: something said far more often than its weekday habits and chance allow.

Counts of people talking are burstier than Poisson, because one post brings the next. The expected
count of a day is the mean of earlier days, weighted towards the same weekday; its spread is that of
a negative binomial whose dispersion is learned from the same days. A day is a surge when so high a
count would come about by chance less often than once in ten thousand days.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import exp, lgamma, log
from typing import Final

HISTORY: Final = 28
LEAST_HISTORY: Final = 7
LEAST_VOICES: Final = 12
LEAST_GROWTH: Final = 1.6
CHANCE: Final = 1e-4
SAME_WEEKDAY: Final = 3.0
LONGEST: Final = 14
"""After so many days in a row a surge is the new normal."""
_NEGLIGIBLE: Final = 1e-9


@dataclass(frozen=True)
class Surge:
    """One day on which something was said far more often than usual.

    Attributes:
        key: what was counted.
        day: when.
        voices: how often it was said.
        expected: how often it is said on such a day.
        chance: probability of so many by chance.
    """

    key: int | str
    day: date
    voices: int
    expected: float
    chance: float

    @property
    def growth(self) -> float:
        """How much more than expected: 2.12 is +212 %."""
        return self.voices / max(self.expected, 1.0) - 1


@dataclass(frozen=True)
class Doubt:
    """How much has to happen before a day is called a surge.

    Attributes:
        chance: the probability below which a count is no chance; where several series are watched
            at once, to be divided by their number.
        least: voices a surge has at least.
        spread: habits seen on few days look steadier than they are: variance is at least
            mean + spread x mean^2.
    """

    chance: float = CHANCE
    least: int = LEAST_VOICES
    spread: float = 0.0


ORDINARY: Final = Doubt()


def surges(
    key: int | str, counts: Mapping[date, int], days: Sequence[date], doubt: Doubt = ORDINARY
) -> list[Surge]:
    """Which of these days are surges of one thing.

    Args:
        key: what is counted.
        counts: voices by day; a day that is absent counts zero, days before the first key are
            unknown.
        days: the days to judge, in order; a day found to be a surge is left out of the habits by
            which later days are judged, so that a crisis does not become the new normal, until it
            has lasted for LONGEST days.
        doubt: how much has to happen.
    """
    if not counts:
        return []
    first = min(counts)
    found: dict[date, Surge] = {}
    left_out: set[date] = set()
    row = 0
    for day in days:
        surge = _judge(key, day, _habit(counts, day, first, left_out), counts.get(day, 0), doubt)
        if surge:
            found[day] = surge
            row = row + 1 if day - timedelta(days=1) in found else 1
            if row <= LONGEST:
                left_out.add(day)
    return list(found.values())


def _habit(
    counts: Mapping[date, int], day: date, first: date, left_out: Collection[date]
) -> list[tuple[int, float]]:
    """Earlier days as (count, weight)."""
    earlier = [day - timedelta(days=back) for back in range(1, HISTORY + 1)]
    return [
        (counts.get(one, 0), SAME_WEEKDAY if one.weekday() == day.weekday() else 1.0)
        for one in earlier
        if one >= first and one not in left_out
    ]


def _judge(
    key: int | str, day: date, habit: Sequence[tuple[int, float]], voices: int, doubt: Doubt
) -> Surge | None:
    if len(habit) < LEAST_HISTORY or voices < doubt.least:
        return None
    weight = sum(part for _, part in habit)
    expected = max(sum(count * part for count, part in habit) / weight, 0.5)
    if voices < LEAST_GROWTH * expected:
        return None
    variance = sum(part * (count - expected) ** 2 for count, part in habit) / weight
    variance = max(variance, expected + doubt.spread * expected**2)
    chance = tail(voices, expected, variance)
    return Surge(key, day, voices, expected, chance) if chance < doubt.chance else None


def tail(least: int, mean: float, variance: float) -> float:
    """Probability that a negative binomial count reaches at least `least`.

    Where the variance is no greater than the mean the count is Poisson, the negative binomial's
    limit. Parameterised by mean m and variance v: size r = m^2 / (v - m), success p = m / v.
    Summed from `least` upwards, so that the smallest probabilities are right too.
    """
    if least <= mean:
        below = sum(exp(_log_probability(count, mean, variance)) for count in range(least))
        return max(0.0, 1.0 - below)
    found, count = 0.0, least
    term = exp(_log_probability(count, mean, variance))
    while term > found * _NEGLIGIBLE and term > 0:
        found += term
        term *= _next(count, mean, variance)
        count += 1
    return min(1.0, found)


def _next(count: int, mean: float, variance: float) -> float:
    """How the probability of one voice more compares with that of this many."""
    if variance <= mean * 1.0001:
        return mean / (count + 1)
    size = mean * mean / (variance - mean)
    return (count + size) / (count + 1) * (1 - mean / variance)


def _log_probability(count: int, mean: float, variance: float) -> float:
    if variance <= mean * 1.0001:
        return count * log(mean) - mean - lgamma(count + 1)
    size = mean * mean / (variance - mean)
    success = mean / variance
    ways = lgamma(count + size) - lgamma(size) - lgamma(count + 1)
    return ways + size * log(success) + count * log(1 - success)
