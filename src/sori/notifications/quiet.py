"""When somebody may be reached outside the app: pure arithmetic over wall clocks.

Two things keep people in peace: quiet hours of their own, and the working hours of their
department. What is not urgent waits for the first moment at which neither does.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Final

from sori.respond.business import DAY, MINUTES_A_DAY, Hours

AT_ONCE: Final = "at_once"
HOURLY: Final = "hourly"
DAILY: Final = "daily"
NEVER: Final = "never"
RHYTHMS: Final = (AT_ONCE, HOURLY, DAILY, NEVER)

GATHERING: Final = timedelta(minutes=1)
"""How long a mail that goes "at once" waits for what comes with it."""

_MOST_TURNS: Final = 60


@dataclass(frozen=True)
class Peace:
    """When a member is not to be reached.

    Attributes:
        own: their quiet hours, as shifts; None for none.
        work: the hours in which they work; None for day and night.
    """

    own: Hours | None = None
    work: Hours | None = None

    def ends(self, at: datetime) -> datetime:
        """The first moment from `at` on at which they may be reached: `at` itself when they may.

        Somebody whose quiet hours leave nothing of the working hours is reached when the quiet
        hours end; nothing waits for ever.
        """
        moment = at
        for _ in range(_MOST_TURNS):
            awake = moment if self.own is None else self.own.closing(moment)
            later = awake if self.work is None else self.work.opening(awake)
            if later == moment:
                return moment
            moment = later
        return at if self.own is None else self.own.closing(at)


def quiet_hours(
    zone: tzinfo, since: int | None, until: int | None, days: Collection[int]
) -> Hours | None:
    """Quiet hours as a calendar: the same stretch on each of some days; None when there are none.

    Args:
        zone: whose wall clock counts.
        since: minutes after midnight.
        until: minutes after midnight; before or at `since`, it is on the next day.
        days: those on which they begin, 0 is Monday.
    """
    if since is None or until is None or since == until or not days:
        return None
    end = until if until > since else until + MINUTES_A_DAY
    week = tuple(((since, end),) if day in days else () for day in range(7))
    return Hours(zone=zone, week=week)


def mail_due(rhythm: str, at: datetime, *, zone: tzinfo, daily_at: int) -> datetime:
    """When a mail of this rhythm goes that has something to say since `at`.

    Args:
        rhythm: AT_ONCE, HOURLY (at the next full hour) or DAILY.
        at: when it happened.
        zone: whose wall clock counts.
        daily_at: minutes after midnight of the daily mail.
    """
    if rhythm == HOURLY:
        local = at.astimezone(zone)
        into = timedelta(minutes=local.minute, seconds=local.second, microseconds=local.microsecond)
        return at + timedelta(hours=1) - into
    if rhythm == DAILY:
        today = at.astimezone(zone).date()
        moments = (_wall(today + number * DAY, daily_at, zone) for number in range(3))
        return next(moment for moment in moments if moment > at)
    return at + GATHERING


def _wall(day: date, minutes: int, zone: tzinfo) -> datetime:
    """A time of day somewhere; one that the clocks skip is an hour later on them."""
    return datetime.combine(day, time(minutes // 60, minutes % 60), zone).astimezone(UTC)
