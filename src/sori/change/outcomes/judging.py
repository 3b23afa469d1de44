"""What an estimate says (fewer, no change, more, or too early), and whether it has come back.

A change is judged over whole weeks, so that every weekday counts alike and so that nobody looks
again and again until chance looks like an effect. From LEAST days on a page says what it looks
like so far; SETTLED days decide.
"""

from dataclasses import dataclass
from enum import StrEnum
from math import ceil, log
from typing import Final

import numpy as np

from sori.change.outcomes.estimating import PER, Z95, Z99, Days, Estimate, estimate

WEEK: Final = 7
LEAST: Final = 2 * WEEK
"""Days before and days after without which nothing is said."""
SETTLED: Final = 4 * WEEK
LONGEST: Final = 12 * WEEK
"""Days after which what could not be seen is called no change."""
WORTH_SEEING: Final = 0.5
"""Half as many: a change that can still hide in the interval is not ruled out."""
_EXPECTED: Final = 5.0


class Verdict(StrEnum):
    """What became of the theme."""

    FEWER = "fewer"
    SAME = "same"
    MORE = "more"
    EARLY = "early"
    UNKNOWN = "unknown"


class Why(StrEnum):
    """Why nothing can be said, yet or at all."""

    NONE = ""
    DAYS = "days"
    VOICES = "voices"
    THEME = "theme"
    BEFORE = "before"


@dataclass(frozen=True)
class Judged:
    """What is said of a change.

    Attributes:
        verdict: in a word.
        why: the reason, where nothing can be said.
        more_days: for about how long it is too early still, in days; 0 where it is not.
        settled: whether this stands.
    """

    verdict: Verdict
    why: Why = Why.NONE
    more_days: int = 0
    settled: bool = False


def judge(found: Estimate, *, days_before: int, days_after: int) -> Judged:
    """What an estimate says.

    Args:
        found: the estimate, over whole weeks after the change.
        days_before: how many days before are known.
        days_after: how many days after are known.
    """
    if days_before < LEAST:
        return Judged(Verdict.UNKNOWN, Why.BEFORE)
    if days_after < LEAST:
        return Judged(Verdict.EARLY, Why.DAYS, LEAST - days_after)
    settled = days_after >= SETTLED
    expected = found.before * found.of_after / PER
    if found.high is not None and found.high < 1 and expected >= _EXPECTED:
        return Judged(Verdict.FEWER, settled=settled)
    if found.low > 1:
        return Judged(Verdict.MORE, settled=settled)
    if found.low > WORTH_SEEING or days_after >= LONGEST:
        return Judged(Verdict.SAME, settled=settled)
    return Judged(Verdict.EARLY, Why.VOICES, _more_days(found, expected, days_after))


def _more_days(found: Estimate, expected: float, days_after: int) -> int:
    """After about how many more days a halving could be told from no change."""
    left = LONGEST - days_after
    room = log(WORTH_SEEING) ** 2 / (found.dispersion * Z95**2)
    if not found.heard_before or not expected or room <= 1 / found.heard_before:
        return left
    enough = 1 / (room - 1 / found.heard_before)
    return min(max(ceil(days_after * (enough / expected - 1)), 1), left)


def came_back(days: Days, quiet: int) -> Estimate | None:
    """Whether a theme that had become rarer is heard again as often as before the change.

    It is, when the last week is clearly (99 of 100) above the days that were quiet, and not below
    the days before.

    Args:
        days: everything known; the last WEEK days are looked at.
        quiet: how many days after the change were quiet, the first ones.

    Returns:
        The last week compared with the days before; None when it has not come back.
    """
    after = np.flatnonzero(days.after)
    last = after[-WEEK:]
    calm = after[: min(quiet, len(after) - WEEK)]
    if len(last) < WEEK or len(calm) < WEEK:
        return None
    louder = estimate(_compared(days, calm, last), z=Z99)
    again = estimate(_compared(days, np.flatnonzero(~days.after), last))
    return again if louder.low > 1 and again.ratio is not None and again.ratio >= 1 else None


def _compared(days: Days, earlier: np.ndarray, later: np.ndarray) -> Days:
    """Two spans of the same days as before and after."""
    rows = np.concatenate([earlier, later])
    after = np.arange(len(rows)) >= len(earlier)
    return Days(days.theme[rows], days.every[rows], days.weekday[rows], after)
