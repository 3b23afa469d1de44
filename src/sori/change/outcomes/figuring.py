"""From counted days to the figures of a page: in all, by channel, by week."""

from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from math import sqrt
from typing import Any, Final

from django.utils import timezone

from sori.change.outcomes.estimating import PER, Z95, Days, estimate
from sori.change.outcomes.gathering import Gathered
from sori.change.outcomes.judging import LONGEST, WEEK, Judged, judge

_MOSTLY: Final = 4
"""A week of which fewer days are known is not drawn."""


@dataclass(frozen=True)
class Figured:
    """What a page says of a change; see `models.Outcome`."""

    judged: Judged
    figures: dict[str, Any]
    channels: list[dict[str, Any]]


def figured(found: Gathered) -> Figured:
    """The figures over whole weeks after the change, LONGEST days at most."""
    days_before = int((~found.days.after).sum())
    days_after = min(int(found.days.after.sum()), LONGEST)
    whole = found.first(days_after // WEEK * WEEK)
    every = estimate(whole.days)
    figures = asdict(every) | {
        "days_before": days_before,
        "days_after": int(whole.days.after.sum()),
        "days_known": days_after,
    }
    judged = judge(every, days_before=days_before, days_after=days_after)
    return Figured(judged, figures, _by_channel(whole))


def _by_channel(found: Gathered) -> list[dict[str, Any]]:
    """The same for every channel in which it was heard, the loudest first."""
    rows = []
    for column, name in enumerate(found.channels):
        one = found.days
        if not one.theme[:, column].any():
            continue
        here = slice(column, column + 1)
        part = Days(one.theme[:, here], one.every[:, here], one.weekday, one.after)
        rows.append({"channel": name} | asdict(estimate(part)))
    return sorted(rows, key=lambda row: -(row["heard_before"] + row["heard_after"]))


def by_week(found: Gathered, shipped_at: datetime, dispersion: float) -> list[dict[str, Any]]:
    """How often it was heard in each week, counted from the day of shipping both ways.

    The bands are those of Byar's approximation to the Poisson distribution (N. E. Breslow,
    N. E. Day: Statistical Methods in Cancer Research II, 1987, 2.3), as wide as the days differ.
    """
    shipped = timezone.localdate(shipped_at)
    weeks: dict[int, list[int]] = {}
    for row, day in enumerate(found.dates):
        weeks.setdefault(_week(day, shipped), []).append(row)
    drawn = []
    for number in sorted(weeks):
        rows = weeks[number]
        said = int(found.days.every[rows].sum())
        if len(rows) >= _MOSTLY and said:
            heard = int(found.days.theme[rows].sum())
            low, high = (PER * end / said for end in band(heard, dispersion))
            start = shipped + timedelta(days=1 + number * WEEK if number >= 0 else number * WEEK)
            drawn.append(
                {"start": start.isoformat(), "after": number >= 0, "heard": heard, "of": said,
                 "rate": PER * heard / said, "low": low, "high": high}
            )  # fmt: skip
    return drawn


def band(heard: int, dispersion: float) -> tuple[float, float]:
    """Between which counts what is usual lies, if so many were heard (95 of 100)."""
    count = heard / dispersion
    low = count * (1 - 1 / (9 * count) - Z95 / (3 * sqrt(count))) ** 3 if count else 0.0
    above = count + 1
    high = above * (1 - 1 / (9 * above) + Z95 / (3 * sqrt(above))) ** 3
    return max(low, 0.0) * dispersion, high * dispersion


def _week(day: date, shipped: date) -> int:
    """0 for the week that begins a day after shipping, -1 for the one that ends a day before."""
    apart = (day - shipped).days
    return (apart - 1) // WEEK if apart > 0 else -((-apart - 1) // WEEK) - 1
