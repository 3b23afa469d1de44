"""Later: the moments people put things off to, in the company's time."""

from datetime import datetime, time, timedelta
from typing import Final, NamedTuple

from django.utils import timezone
from django.utils.translation import gettext as _

MORNING: Final = time(9)
EVENING: Final = time(18)


class Later(NamedTuple):
    """A moment that is offered.

    Attributes:
        words: what it is called.
        at: when it is.
    """

    words: str
    at: datetime


def later(now: datetime | None = None) -> list[Later]:
    """In an hour, this evening unless that is near or over, tomorrow morning, Monday morning."""
    local = timezone.localtime(now)
    hour = (local + timedelta(hours=1)).replace(second=0, microsecond=0)
    evening = _on(local, 0, EVENING)
    monday = 7 - local.weekday()
    return [
        Later(_("In an hour"), hour),
        *([Later(_("This evening"), evening)] if evening > hour else []),
        Later(_("Tomorrow morning"), _on(local, 1, MORNING)),
        *([Later(_("Monday morning"), _on(local, monday, MORNING))] if monday > 1 else []),
    ]


def _on(local: datetime, days: int, at: time) -> datetime:
    return timezone.make_aware(datetime.combine(local.date() + timedelta(days=days), at))
