"""When the invented customers speak: a weekday and hour rhythm, and two bad days."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

SEOUL: Final = ZoneInfo("Asia/Seoul")
MINUTES: Final = 1440

# share of a day's voices in each hour, Seoul time: quiet night, busy lunch and evening
_HOURS: Final = np.array(
    [9, 6, 4, 3, 3, 5, 10, 22, 40, 56, 62, 60, 66, 58, 54, 52, 50, 54, 62, 66, 64, 56, 40, 22]
)
_WEEKDAYS: Final = (1.12, 1.06, 1.0, 1.0, 1.08, 0.86, 0.8)


@dataclass(frozen=True)
class Surge:
    """Days on which one topic is heard far more often.

    Attributes:
        topic: which one.
        days_ago: when it began, counted back from the day the demo was made.
        hour: at what hour of that day, Seoul time.
        factor: voices an hour at its height, in units of the whole day's ordinary hourly mean.
        half_life: hours until it is half as loud.
    """

    topic: str
    days_ago: int
    hour: int
    factor: float
    half_life: float

    def begins(self, anchor: date) -> datetime:
        """The moment it began."""
        start = datetime.combine(anchor - timedelta(days=self.days_ago), datetime.min.time(), SEOUL)
        return start + timedelta(hours=self.hour)


SURGES: Final = (
    Surge("network", days_ago=17, hour=9, factor=3.4, half_life=14),
    Surge("app_login", days_ago=5, hour=14, factor=3.0, half_life=12),
)


def ordinary(day: date, voices: float) -> NDArray[np.float64]:
    """Expected voices in each minute of a day (1440 floats) when nothing special happens."""
    hourly = _HOURS / _HOURS.sum() * voices * _WEEKDAYS[day.weekday()]
    return np.repeat(hourly / 60, 60)


def surging(day: date, voices: float, surge: Surge, anchor: date) -> NDArray[np.float64]:
    """Expected extra voices in each minute of a day (1440 floats) because of one surge."""
    start = datetime.combine(day, datetime.min.time(), SEOUL)
    first = (start - surge.begins(anchor)).total_seconds() / 3600
    hours = first + np.arange(MINUTES) / 60
    peak = surge.factor * voices / MINUTES
    awake = np.repeat(_HOURS / _HOURS.mean(), 60)
    faded = 0.5 ** (np.maximum(hours, 0) / surge.half_life)
    expected: NDArray[np.float64] = np.where(hours < 0, 0.0, peak * awake * faded)
    return expected


def minute_of(day: date, minute: int) -> datetime:
    """The moment a minute of a Seoul day begins, in UTC."""
    start = datetime.combine(day, datetime.min.time(), SEOUL)
    return (start + timedelta(minutes=minute)).astimezone(UTC)


def first_minute(day: date) -> int:
    """The first minute of a Seoul day, counted in minutes since 1970."""
    return int(minute_of(day, 0).timestamp()) // 60
