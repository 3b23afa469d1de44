"""Did it become less? Compares how often a theme was heard before and after a change.

The days are parted into strata, one for each channel and weekday, so that neither a busy weekend
nor a channel that brings more voices than before looks like an effect. Over the strata goes the
rate ratio of Mantel and Haenszel (S. Greenland, J. M. Robins: Estimation of a common effect
parameter from sparse follow-up data, Biometrics 41, 1985, 55-68). With `after` and `before` voices
of the theme in a stratum and M1, M0 voices of all kinds there,

    A = sum(after M0 / M),  B = sum(before M1 / M),  M = M0 + M1,  ratio = A / B.

The interval holds the ratios R that the days do not contradict, those with

    (A - R B)^2 <= t^2 phi R Q,  Q = sum((after + before) M0 M1 / M^2),

for R Q is the variance of A - R B when voices come by themselves, given the sum of each stratum
(inverting a test in this way, instead of adding and subtracting standard errors, is the idea of
T. Sato: Confidence limits for the common odds ratio based on the asymptotic distribution of the
Mantel-Haenszel estimator, Biometrics 46, 1990, 71-80). It gives an upper end also when nothing was
heard afterwards. People speak in bursts, so phi widens it: how much more whole days differ from
each other than chance allows (P. McCullagh, J. A. Nelder: Generalized Linear Models, 1989, 9.2),
times (1 + r) / (1 - r) where a day resembles the one before it with a correlation of r (an
autoregression of the first order, as in G. E. P. Box, G. M. Jenkins: Time Series Analysis, 1970;
an estimated r is too small by (1 + 3 r) / n: M. G. Kendall, Note on bias in the estimation of
autocorrelation, Biometrika 41, 1954, 403-404). t is Student's, for phi is itself an estimate.
"""

from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt

Counts: TypeAlias = npt.NDArray[np.int64]
Floats: TypeAlias = npt.NDArray[np.float64]
Flags: TypeAlias = npt.NDArray[np.bool_]

PER: Final = 1000
Z95: Final = 1.959964
Z99: Final = 2.575829
_WEEK: Final = 7
_ALIKE: Final = 0.8
_TINY: Final = 1e-9


@dataclass(frozen=True)
class Days:
    """What was heard on some days.

    Attributes:
        theme: voices of the theme, a row for each day and a column for each channel.
        every: all voices, in the same shape.
        weekday: of each day, 0 to 6.
        after: which days came after the change; the others came before it.
    """

    theme: Counts
    every: Counts
    weekday: Counts
    after: Flags


@dataclass(frozen=True)
class Estimate:
    """How often the theme was heard, before and after.

    Attributes:
        before: voices of the theme per PER voices, before; with the mix of channels and weekdays
            of the days after, so that it can be compared with them.
        after: the same, after.
        ratio: after as a share of before; None when it was not heard before.
        low: the lower end of the interval of the ratio.
        high: the upper end; None when it has none.
        dispersion: how much more the days differ than chance allows, 1 for not at all.
        heard_before: voices of the theme before.
        heard_after: voices of the theme after.
        of_before: all voices before.
        of_after: all voices after.
    """

    before: float
    after: float
    ratio: float | None
    low: float
    high: float | None
    dispersion: float
    heard_before: int
    heard_after: int
    of_before: int
    of_after: int


def estimate(days: Days, z: float = Z95) -> Estimate:
    """The rate ratio with its interval.

    Args:
        days: what was heard.
        z: how sure the interval shall be, as a quantile of the normal distribution.
    """
    strata = _Strata(days)
    ratio = strata.ratio
    phi, left = _dispersion(days, strata)
    low, high = _interval(strata, phi, student(z, left))
    of_after, of_before = (int(days.every[rows].sum()) for rows in (days.after, ~days.after))
    heard_after, heard_before = (int(days.theme[rows].sum()) for rows in (days.after, ~days.after))
    # without days after there is no mix to follow
    before = strata.expected / of_after if of_after else heard_before / max(of_before, 1)
    return Estimate(
        before=PER * before,
        after=PER * heard_after / max(of_after, 1),
        ratio=ratio,
        low=low,
        high=high,
        dispersion=phi,
        heard_before=heard_before,
        heard_after=heard_after,
        of_before=of_before,
        of_after=of_after,
    )


class _Strata:
    """The sums of each channel on each weekday, and what follows from them."""

    def __init__(self, days: Days) -> None:
        self.heard_after, self.every_after = (
            _summed(counts, days, days.after) for counts in (days.theme, days.every)
        )
        self.heard_before, self.every_before = (
            _summed(counts, days, ~days.after) for counts in (days.theme, days.every)
        )
        every = np.maximum(self.every_after + self.every_before, 1)
        self.weight_after = self.every_before / every
        self.weight_before = self.every_after / every
        self.a = float((self.heard_after * self.weight_after).sum())
        self.b = float((self.heard_before * self.weight_before).sum())
        both = self.heard_after + self.heard_before
        self.q = float((both * self.weight_after * self.weight_before).sum())

    @property
    def ratio(self) -> float | None:
        return self.a / self.b if self.b else None

    @property
    def expected(self) -> float:
        """How often it would have been heard afterwards if nothing had changed."""
        # the ratio is the heard by the expected, so that the two rates and the ratio agree
        ratio = self.ratio
        if ratio:
            return float(self.heard_after.sum()) / ratio
        known = np.maximum(self.every_before, 1)
        return float((self.heard_before * self.every_after / known).sum())


def _summed(counts: Counts, days: Days, chosen: Flags) -> Floats:
    sums = np.zeros((_WEEK, counts.shape[1]))
    np.add.at(sums, days.weekday[chosen], counts[chosen])
    return sums


def _interval(strata: _Strata, phi: float, t: float) -> tuple[float, float | None]:
    """The ends of the set of ratios that are not contradicted; both solve one quadratic."""
    a, b, k = strata.a, strata.b, t * t * phi * strata.q
    if not b:
        return (a * a / k if k else 0.0), None
    middle, root = 2 * a * b + k, np.sqrt(k * k + 4 * a * b * k)
    return float((middle - root) / (2 * b * b)), float((middle + root) / (2 * b * b))


def _dispersion(days: Days, strata: _Strata) -> tuple[float, int]:
    """How much wider the interval must be than by chance, at least 1; and from how many days."""
    apart, chance = _residuals(days, strata)
    left = len(apart) - _WEEK - 1
    if left <= 0 or not chance.sum():
        return 1.0, max(left, 1)
    phi = len(apart) / left * float((apart**2).sum() / chance.sum())
    return max(phi * _bursts(apart / np.sqrt(np.maximum(chance, _TINY))), 1.0), left


def _residuals(days: Days, strata: _Strata) -> tuple[Floats, Floats]:
    """What each day adds to A - R B beyond what is expected, and its variance by chance."""
    ratio = (strata.a + 0.5) / (strata.b + 0.5)
    every = np.maximum(strata.every_before + ratio * strata.every_after, _TINY)
    usual = ((strata.heard_before + strata.heard_after) / every)[days.weekday]
    after = days.after[:, None]
    expected = days.every * usual * np.where(after, ratio, 1.0)
    weight_before = ratio * strata.weight_before[days.weekday]
    weight = np.where(after, strata.weight_after[days.weekday], weight_before)
    apart = (weight * (days.theme - expected)).sum(axis=1)
    return apart, (weight**2 * expected).sum(axis=1)


def _bursts(apart: Floats) -> float:
    """By how much the variance of a sum grows because a day resembles the one before it."""
    squares = float((apart**2).sum())
    if not squares:
        return 1.0
    found = float((apart[1:] * apart[:-1]).sum()) / squares
    alike = min(max(found + (1 + 3 * found) / len(apart), 0.0), _ALIKE)
    return (1 + alike) / (1 - alike)


def student(z: float, freedom: int) -> float:
    """The quantile of Student's distribution where the normal one's is z.

    The expansion of R. A. Fisher and E. A. Cornish (M. Abramowitz, I. A. Stegun: Handbook of
    Mathematical Functions, 1964, 26.7.5).
    """
    first = (z**3 + z) / 4
    second = (5 * z**5 + 16 * z**3 + 3 * z) / 96
    third = (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384
    return z + first / freedom + second / freedom**2 + third / freedom**3
