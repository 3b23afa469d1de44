"""Count what was asked around the moment a notice came, and tell how much of it was spared."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from typing import Final
from zoneinfo import ZoneInfo

import numpy as np
from django.conf import settings

from sori.change import selectors
from sori.change.models import Surge
from sori.change.notices.avoiding import LONGEST, Course, Floats, Spared, spared
from sori.change.notices.models import Notice
from sori.lake.query import Reader, first_partition
from sori.sql import read_sql
from sori.understand.habits import HOURS, SCALES, Counts, Habits, learn

ROOM: Final = "change.notices"
BEFORE: Final = 24
"""At least so many hours before a notice tell of no habits."""

MOST_BEFORE: Final = 72
_SHOWN_BEFORE: Final = 12
_HOUR: Final = timedelta(hours=1)


@dataclass(frozen=True)
class Reckoned:
    """What a notice spared, with the hours to draw.

    Attributes:
        spared: what can be said.
        before: questions in each of the last hours before it, the oldest first.
        after: questions in each hour since.
        without: what was to be expected in each of these hours; empty where nobody can say.
    """

    spared: Spared
    before: list[int]
    after: list[int]
    without: list[float]


def reckon(reader: Reader, notice: Notice, now: datetime) -> Reckoned | None:
    """What a notice spared until now; None when it answers nothing that is counted, or is no yet.

    Args:
        reader: the lake, as it is counted.
        notice: which one.
        now: the moment of asking.
    """
    if not notice.sort or notice.shown_from is None or notice.shown_from > now:
        return None
    shown = notice.shown_from
    ends = [now, shown + LONGEST * _HOUR, notice.ended_at, notice.shown_until]
    until = min(end for end in ends if end is not None)
    if until <= shown:
        return None
    course = _course(reader, notice, shown, until)
    said = spared(course)
    after = list(course.after)
    return Reckoned(said, list(course.before)[-_SHOWN_BEFORE:], after, list(said.by_hour))


def _course(reader: Reader, notice: Notice, shown: datetime, until: datetime) -> Course:
    began = notice.surge.since if notice.surge else shown
    before = min(max(ceil((shown - began) / _HOUR), BEFORE), MOST_BEFORE)
    passed = (until - shown) / _HOUR
    after = ceil(passed)
    first = shown - (HOURS + before) * _HOUR
    counts = _counts(reader, notice, first, until, HOURS + before + after)
    zone = ZoneInfo(settings.TIME_ZONE)
    habits = learn(counts[:, :HOURS], _known(counts[:, :HOURS]), first.astimezone(zone), 1)
    rhythm = _rhythm(habits, (first + HOURS * _HOUR).astimezone(zone), before + after)
    if after:
        # of the last hour only a part has passed
        rhythm[-1] *= passed - (after - 1)
    about = counts[0, HOURS:].tolist()
    scale = next((at for at, hours in enumerate(SCALES) if passed <= hours), len(SCALES) - 1)
    return Course(
        before=about[:before],
        rhythm_before=rhythm[:before].tolist(),
        after=about[before:],
        rhythm_after=rhythm[before:].tolist(),
        level=float(habits.level[0]),
        doubt=float(habits.doubt[0].mean()),
        spread=float(habits.spread[0, scale]),
        hours=passed,
    )


def _counts(reader: Reader, notice: Notice, since: datetime, until: datetime, hours: int) -> Counts:
    """What was asked in each hour: about it, and at all."""
    keys = [notice.key]
    if notice.sort == Surge.Sort.THEME:
        keys = [str(number) for number in selectors.family(int(notice.key))]
    rows = reader.table(
        read_sql(ROOM, "asked"),
        beside={"known": selectors.members()},
        since=since,
        until=until,
        partition=first_partition(since),
        sort=notice.sort,
        keys=keys,
    ).to_pylist()
    counts = np.zeros((2, hours), np.int64)
    for row in rows:
        at = min(row["hour"], hours - 1)
        counts[0, at] += row["about"]
        counts[1, at] += row["everything"]
    return counts


def _known(counts: Counts) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
    """Which hours tell of habits: those since anything at all was heard."""
    heard = np.flatnonzero(counts[1])
    known = np.zeros(counts.shape, np.bool_)
    known[:, heard[0] if len(heard) else counts.shape[1] :] = True
    return known


def _rhythm(habits: Habits, first: datetime, hours: int) -> Floats:
    """How busy each hour usually is; the mean is 1."""
    moments = [first + number * _HOUR for number in range(hours)]
    return np.array(
        [habits.days[0, one.hour] * habits.weeks[0, one.weekday()] for one in moments], np.float64
    )
