"""How much a count proves: intervals of shares, a test of before against after, drift.

Plain statistics with their sources; no model and no data of its own.
"""

from collections.abc import Sequence
from math import comb, log, sqrt
from typing import Final, NamedTuple

DRIFT: Final = 0.2
"""A stability index above this says that what comes in is no longer what came in."""

_Z: Final = 1.959964
_HALF: Final = 0.5


class Share(NamedTuple):
    """How many of how many.

    Attributes:
        part: how many.
        whole: of how many.
    """

    part: int
    whole: int

    @property
    def share(self) -> float | None:
        """Part of whole, 0 to 1; None of nothing."""
        return self.part / self.whole if self.whole else None

    @property
    def interval(self) -> tuple[float, float]:
        """Where the true share lies, with 95 % (Wilson 1927); of nothing, anywhere."""
        if not self.whole:
            return 0.0, 1.0
        share, of = self.part / self.whole, self.whole
        middle = share + _Z * _Z / (2 * of)
        half = _Z * sqrt(share * (1 - share) / of + _Z * _Z / (4 * of * of))
        scale = 1 + _Z * _Z / of
        return max(0.0, (middle - half) / scale), min(1.0, (middle + half) / scale)


def sign_test(gained: int, lost: int) -> float:
    """How likely it is that chance alone gains so many more than it loses (McNemar 1947, exact).

    Args:
        gained: cases that were wrong before and are right now.
        lost: cases that were right before and are wrong now.

    Returns:
        The one-sided probability; 1.0 when nothing changed.
    """
    changed = gained + lost
    ways: int = sum(comb(changed, k) for k in range(gained, changed + 1))
    return float(ways / 2**changed)


def stability_index(now: Sequence[int], then: Sequence[int]) -> float:
    """The population stability index: how far two distributions over the same bins lie apart.

    The sum over all bins of (p - q) * ln(p / q), where p and q are a bin's shares now and then
    (Jeffreys 1946; under this name Siddiqi 2006). Half a case is added to each bin, so that an
    empty one is rare instead of impossible.

    Args:
        now: counts by bin.
        then: counts by bin, in the same order.
    """
    shares = []
    for counts in (now, then):
        whole = sum(counts) + _HALF * len(counts)
        shares.append([(count + _HALF) / whole for count in counts])
    return float(sum((p - q) * log(p / q) for p, q in zip(*shares, strict=True)))


def chance_index(now: Sequence[int], then: Sequence[int]) -> float:
    """What the stability index stays below 95 times in 100 when nothing has changed.

    It is then about (1/n + 1/m) times chi-squared with one degree of freedom less than bins are in
    use (Yurdakul 2018), and chi-squared is about a cube (Wilson and Hilferty 1931).
    """
    n, m = sum(now), sum(then)
    used = sum(1 for one, other in zip(now, then, strict=True) if one or other)
    freedom = max(1, used - 1)
    if not n or not m:
        return float("inf")
    part = 2 / (9 * freedom)
    chi_squared = freedom * (1 - part + 1.644854 * sqrt(part)) ** 3
    return (1 / n + 1 / m) * chi_squared


def drifted(now: Sequence[int], then: Sequence[int]) -> bool:
    """Whether two distributions lie further apart than DRIFT and further than chance explains."""
    return stability_index(now, then) > max(DRIFT, chance_index(now, then))
