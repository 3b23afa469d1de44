"""Which days to read when all would take too long: every second, every third, ... of them.

A page that waits is not looked at. Reading whole partitions only is what makes a sample cheap: the
lake is laid out by day, and one row in ten costs as much to find as all ten. Sampled days lie
evenly over the time asked for, and never all on one weekday. What is counted in them stands for
all, by the number of mentions each day is known to have, and every page says that it does.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import ceil
from typing import Final

WEEK: Final = 7
LEAST_DAYS: Final = 14
"""Fewer days than these stand for nothing, however many mentions they have."""


@dataclass(frozen=True)
class Sample:
    """The days to read of the days asked for.

    Attributes:
        sizes: mentions a day, of every day asked for.
        days: which of them to read; None for all of them.
    """

    sizes: Mapping[str, int]
    days: tuple[str, ...] | None = None

    @property
    def whole(self) -> bool:
        """Whether everything is read."""
        return self.days is None

    def factor(self, belongs: Callable[[str], bool] = lambda _day: True) -> float:
        """What a count in the days that were read must be multiplied with to stand for all.

        Args:
            belongs: which days are meant, by their name; all if not given.
        """
        if self.days is None:
            return 1.0
        meant = sum(size for day, size in self.sizes.items() if belongs(day))
        were_read = sum(self.sizes[day] for day in self.days if belongs(day))
        return meant / were_read if were_read else 1.0


def sample(
    sizes: Mapping[str, int], cost: float, file: float, budget: float, least_days: int = LEAST_DAYS
) -> Sample:
    """Choose days so that reading them stays within a budget.

    Args:
        sizes: mentions a day, newest first.
        cost: of one mention.
        file: of opening a day.
        budget: in the same measure.
        least_days: how many days are read at least, however many mentions they have.
    """
    whole = sum(sizes.values()) * cost + len(sizes) * file
    step = min(ceil(whole / budget), max(1, len(sizes) // least_days))
    if step <= 1:
        return Sample(sizes)
    if step % WEEK == 0:
        step += 1
    return Sample(sizes, tuple(list(sizes)[step // 2 :: step]))


def newest(sizes: Mapping[str, int], most: int) -> list[str]:
    """The newest days that have about `most` mentions together, one day at least."""
    chosen: list[str] = []
    held = 0
    for day, size in sizes.items():
        if chosen and held + size > most:
            break
        chosen.append(day)
        held += size
    return chosen


def between(sizes: Mapping[str, int], first: str | None, last: str | None) -> dict[str, int]:
    """The days from one to another, both included; None leaves that end open."""
    return {
        day: size
        for day, size in sizes.items()
        if (first is None or day >= first) and (last is None or day <= last)
    }
