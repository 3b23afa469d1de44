"""Say figures of an outcome in words: by how much, and between what it lies."""

from django.utils.formats import number_format
from django.utils.translation import gettext as _

MOST = 10.0
"""Beyond ten times as many the end of an interval says no more."""


def percent(ratio: float) -> str:
    """A ratio as a change in percent with its sign, "−75"."""
    change = round((ratio - 1) * 100)
    return f"−{number_format(-change)}" if change < 0 else f"+{number_format(change)}"


def moved(ratio: float | None, low: float, high: float | None) -> str:
    """By how many percent it changed, with the interval: "−75% (95%: −81 … −67)"."""
    if ratio is None:
        return _("not heard before")
    end = percent(high) if high is not None and high <= MOST else _("more than tenfold")
    return f"{percent(ratio)}% (95%: {percent(low)} … {end})"


def rate(value: float) -> str:
    """Voices per 1,000 with as many digits as mean something."""
    return number_format(round(value, 1 if value >= 1 else 2), 1 if value >= 1 else 2)
