"""Show what a policy would mean: when a voice is due that is heard at moments that matter."""

from datetime import date, datetime, time, timedelta
from typing import Final, NamedTuple

from sori.respond import sla
from sori.respond.business import Hours

WORKDAY: Final = time(10, 0)
BEFORE_CLOSING: Final = time(17, 40)
_AHEAD: Final = 400


class Preview(NamedTuple):
    """A voice that might be heard.

    Attributes:
        heard: when; its zone is the calendar's.
        due: when it is due.
        limit: the last moment.
    """

    heard: datetime
    due: datetime
    limit: datetime


def preview(calendar: sla.Calendar, target: sla.Target, now: datetime) -> list[Preview]:
    """A morning, the end of a week, and the eve of the next day that is closed for a holiday.

    Args:
        calendar: the working hours.
        target: the aim.
        now: the time, in the zone people read.
    """
    zone = calendar.zone if isinstance(calendar, Hours) else now.tzinfo
    today = now.astimezone(zone).date()
    friday = today + timedelta(days=(4 - today.weekday()) % 7 or 7)
    days = [(_next_workday(calendar, today), WORKDAY), (friday, BEFORE_CLOSING)]
    if isinstance(calendar, Hours) and (eve := _eve_of_holiday(calendar, today)):
        days.append((eve, BEFORE_CLOSING))
    moments = [datetime.combine(day, at, zone) for day, at in days]
    return [_shown(calendar, target, heard) for heard in moments]


def _shown(calendar: sla.Calendar, target: sla.Target, heard: datetime) -> Preview:
    span = sla.start(heard, target, calendar)
    return Preview(
        heard, span.due_at.astimezone(heard.tzinfo), span.limit_at.astimezone(heard.tzinfo)
    )


def _next_workday(calendar: sla.Calendar, today: date) -> date:
    if not isinstance(calendar, Hours):
        return today + timedelta(days=1)
    later = (today + timedelta(days=number) for number in range(1, _AHEAD))
    return next((day for day in later if calendar.shifts(day)), today)


def _eve_of_holiday(hours: Hours, today: date) -> date | None:
    """The last day with work before the next weekday that has none though its week would."""
    for number in range(1, _AHEAD):
        day = today + timedelta(days=number)
        if hours.week[day.weekday()] and not hours.shifts(day):
            back = (day - timedelta(days=past) for past in range(1, number + 1))
            return next((eve for eve in back if hours.shifts(eve)), None)
    return None
