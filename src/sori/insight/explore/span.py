"""The stretch of time a selection speaks of, the one before it, and how finely it is divided."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final, Literal
from zoneinfo import ZoneInfo

from sori.insight.explore.selection import Selection

Unit = Literal["hour", "day", "week", "month"]

_DAY: Final = timedelta(days=1)
_HOURLY: Final = timedelta(days=3)
_DAILY: Final = timedelta(days=120)
_WEEKLY: Final = timedelta(days=1100)


@dataclass(frozen=True)
class Span:
    """A stretch of time.

    Attributes:
        begin: its first moment; None for all that was ever heard.
        end: the moment after its last; None for no end.
        before: where the stretch of equal length before it begins; None where there is none.
        now: the moment of asking.
        zone: the company's time zone.
    """

    begin: datetime | None
    end: datetime | None
    before: datetime | None
    now: datetime
    zone: ZoneInfo

    def unit(self, earliest: date | None) -> Unit:
        """How finely a chart divides it.

        Args:
            earliest: the first day on which anything was heard.
        """
        begin = self.begin or midnight(earliest or self.now.date(), self.zone)
        length = (self.end or self.now) - begin
        if length < _HOURLY:
            return "hour"
        if length <= _DAILY:
            return "day"
        return "week" if length <= _WEEKLY else "month"


def span_of(selection: Selection, now: datetime, zone: ZoneInfo) -> Span:
    """The stretch of time of a selection; days are days in the zone, today is not yet over."""
    today = now.astimezone(zone).date()
    first, last = selection.since, selection.until
    if selection.days:
        first, last = today - (selection.days - 1) * _DAY, today
    begin = midnight(first, zone) if first else None
    end = midnight(last + _DAY, zone) if last else None
    # as the overview does: as much time before as has passed since the beginning
    before = begin - (min(end or now, now) - begin) if begin and begin < now else None
    return Span(begin, end, before, now, zone)


def midnight(day: date, zone: ZoneInfo) -> datetime:
    """The beginning of a day."""
    return datetime.combine(day, time.min, zone)
