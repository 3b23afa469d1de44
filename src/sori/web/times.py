"""Say times and numbers the way people read them: "3분", "어제", "11월 14일", "1시간 40분"."""

from datetime import date, datetime, timedelta

from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.utils.translation import pgettext as _in


def ago(at: datetime, now: datetime | None = None) -> str:
    """How long ago, short: now, minutes, hours, yesterday, then the date."""
    now = now or timezone.now()
    passed = now - at
    if passed < timedelta(minutes=1):
        return _("now")
    if passed < timedelta(hours=24):
        return duration(passed.total_seconds(), parts=1)
    local, today = timezone.localtime(at).date(), timezone.localtime(now).date()
    if today - local <= timedelta(days=1):
        return _("yesterday")
    return day(local, today)


def day(at: date | datetime, today: date | None = None) -> str:
    """The date; the year only when it is not this one."""
    when = timezone.localtime(at).date() if isinstance(at, datetime) else at
    this_year = (today or timezone.localdate()).year
    return formats.date_format(
        when, "MONTH_DAY_FORMAT" if when.year == this_year else "DATE_FORMAT"
    )


def weekday(at: date | datetime) -> str:
    """The date with its day of the week: "11월 22일 일요일"."""
    when = timezone.localtime(at).date() if isinstance(at, datetime) else at
    return _in("date with weekday", "%(weekday)s, %(date)s") % {
        "date": day(when),
        "weekday": formats.date_format(when, "l"),
    }


def hour(at: datetime) -> str:
    """The time of day: "오전 11:08"."""
    return formats.date_format(timezone.localtime(at), _in("time of day", "g:i A"))


def moment(at: datetime) -> str:
    """Date and time of day."""
    return f"{day(at)} {hour(at)}"


def duration(seconds: float, *, parts: int = 2) -> str:
    """A span of time in at most `parts` units, rounded down: "1시간 40분"."""
    minutes = int(abs(seconds)) // 60
    days, hours, minutes = minutes // 1440, minutes % 1440 // 60, minutes % 60
    said = [
        ngettext("%d day", "%d days", days) % days if days else "",
        ngettext("%d hr", "%d hr", hours) % hours if hours else "",
        ngettext("%d min", "%d min", minutes) % minutes if minutes else "",
    ]
    return " ".join([unit for unit in said if unit][:parts]) or ngettext("%d min", "%d min", 0) % 0


def number(value: float, places: int = 0) -> str:
    """A number with its thousands grouped: "4,218"."""
    # Django cuts surplus digits off: 66.67 would become 66.6
    rounded = round(value, places)
    return formats.number_format(rounded, places, use_l10n=True, force_grouping=True)


def percent(share: float, places: int = 0) -> str:
    """A share between 0 and 1 as "31.4%"."""
    return f"{number(share * 100, places)}%"
