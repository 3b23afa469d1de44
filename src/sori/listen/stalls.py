"""Is a source silent for longer than is usual at this hour of this weekday?

Pure: it knows no database. For every hour of silence it asks in how many of the past weeks the same
hour of the same weekday brought anything. Hours that are always silent say nothing; a silence is
alarming when it would happen by chance less than once in a thousand times.
"""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Final

WEEKS: Final = 8
CHANCE: Final = 0.001

_HOUR: Final = timedelta(hours=1)
_WEEK: Final = timedelta(weeks=1)


def stalled(heard: Collection[datetime], *, since: datetime, last: datetime, now: datetime) -> bool:
    """Whether the silence since `last` is alarming.

    Args:
        heard: the beginnings of hours in which something came, all in one time zone.
        since: when the source was connected.
        last: when something came last.
        now: the moment of the question.

    Returns:
        False also when the source is too young (less than a week) to know what is usual.
    """
    hours = frozenset(heard)
    start = max(last, now - _WEEK)
    chance = 1.0
    at = _floor(start)
    while at < now:
        share = (min(at + _HOUR, now) - max(at, start)) / _HOUR
        chance *= (1 - _usual(hours, at, since)) ** share
        at += _HOUR
    return chance < CHANCE


def _usual(hours: frozenset[datetime], at: datetime, since: datetime) -> float:
    """The probability that this hour brings something, by the same hour of past weeks.

    Laplace's rule without its optimism: nothing in no weeks is 0, all of eight weeks is 8/9.
    """
    weeks = min(WEEKS, int((at - since) / _WEEK))
    busy = sum(at - _WEEK * back in hours for back in range(1, weeks + 1))
    return busy / (weeks + 1)


def _floor(moment: datetime) -> datetime:
    return moment.replace(minute=0, second=0, microsecond=0)
