"""Count what is watched: every theme, topic, listening rule and source, by hours and by windows."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any, Final, NamedTuple
from zoneinfo import ZoneInfo

import numpy as np
from django.conf import settings

from sori.change import selectors
from sori.change.models import Surge, Theme
from sori.lake import questions
from sori.lake.query import Reader, first_partition
from sori.listen.models import Query, Source
from sori.sql import read_sql
from sori.understand.habits import APART, HOURS, LEAST_HOURS, Counts, Flags, learn
from sori.understand.surge import LONGEST
from sori.understand.watching import EVERYTHING, WINDOWS, Series, Watch

ROOM: Final = "change"
MOST: Final = 20_000
THEMELESS: Final = Series("none", "")
"""The voices that belong to no theme: when they grow, there is one that nobody knows yet."""
_HOUR: Final = timedelta(hours=1)


class Past(NamedTuple):
    """How often each series was heard in each hour of the past, HOURS of them."""

    series: list[Series]
    counts: Counts


def zone() -> ZoneInfo:
    """Where people live."""
    return ZoneInfo(settings.TIME_ZONE)


def watch(reader: Reader, now: datetime) -> Watch:
    """What is usual now; learned anew when an hour has passed or themes were found."""
    hour = now.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
    run = selectors.newest_run()
    past = _past(reader, hour, run.at.isoformat() if run else "")
    known = _known(past, hour, run.since if run else None)
    first = _first(hour).astimezone(zone())
    habits = learn(past.counts, known, first, past.series.index(EVERYTHING))
    return Watch(past.series, habits._replace(known=habits.known & _settled(past, hour)))


def windows(reader: Reader, series: Sequence[Series], now: datetime) -> Counts:
    """How often each series was heard in each of WINDOWS that end now."""
    first, second, third, fourth = (now - timedelta(minutes=minutes) for minutes in WINDOWS)
    rows = _asked(
        reader, "windows", since=fourth, until=now, first=first, second=second, third=third
    )
    place = {one: row for row, one in enumerate(series)}
    where = selectors.roots()
    counts = np.zeros((len(series), len(WINDOWS)), np.int64)
    for row in rows:
        at = place.get(_series_of(row, where))
        if at is not None:
            counts[at] += (row["first"], row["second"], row["third"], row["fourth"])
    return counts


def made_of(
    reader: Reader, series: Series, since: datetime, until: datetime
) -> list[dict[str, Any]]:
    """Every voice of one series between two moments, copies too, in order of time."""
    return about(reader, "made_of", series, since=since, until=until, most=MOST)


def about(
    reader: Reader, name: str, series: Series, *, since: datetime, **parameters: Any
) -> list[dict[str, Any]]:
    """What a question says of the voices of one series, copies too."""
    keys = [series.key]
    if series.sort == Surge.Sort.THEME:
        keys = [str(number) for number in selectors.family(int(series.key))]
    table = reader.table(
        questions.about(ROOM, "of_series", name),
        beside={"known": selectors.members()},
        sort=series.sort,
        keys=keys,
        since=since,
        partition=first_partition(since),
        **parameters,
    )
    rows: list[dict[str, Any]] = table.to_pylist()
    return rows


@lru_cache(maxsize=2)
def _past(reader: Reader, hour: datetime, run: str) -> Past:  # noqa: ARG001 (part of the key)
    since = _first(hour)
    where = selectors.roots()
    rows = _asked(reader, "hours", since=since, until=since + HOURS * _HOUR)
    named = {_series_of(row, where) for row in rows} | set(_standing()) | {EVERYTHING}
    hidden = {str(pk) for pk in Theme.objects.filter(hidden=True).values_list("pk", flat=True)}
    series = sorted(one for one in named if one.sort != Surge.Sort.THEME or one.key not in hidden)
    place = {one: row for row, one in enumerate(series)}
    counts = np.zeros((len(series), HOURS), np.int64)
    for row in rows:
        at = place.get(_series_of(row, where))
        if at is not None:
            counts[at, min(row["hour"], HOURS - 1)] += row["voices"]
    return Past(series, counts)


def _first(hour: datetime) -> datetime:
    """The beginning of the past that tells what is usual in this hour."""
    return hour - APART - HOURS * _HOUR


def _standing() -> Iterable[Series]:
    """What is watched although nobody has spoken of it lately."""
    themes = Theme.objects.filter(state=Theme.State.ACTIVE, merged_into=None)
    for sort, rows in (
        (Surge.Sort.THEME, themes),
        (Surge.Sort.QUERY, Query.objects.filter(active=True)),
        (Surge.Sort.SOURCE, Source.objects.all()),
    ):
        for number in rows.values_list("pk", flat=True):
            yield Series(sort.value, str(number))


def _known(past: Past, hour: datetime, window: datetime | None) -> Flags:
    """Which hours tell of habits: not before a series began, nor while it surged."""
    begins = _begins(past, hour, window)
    known = np.arange(HOURS)[None, :] >= begins[:, None]
    place = {one: row for row, one in enumerate(past.series)}
    since = _first(hour)
    for surge in Surge.objects.filter(last__gte=since):
        row = place.get(Series(surge.sort, surge.key))
        if row is not None and surge.last - surge.since <= timedelta(days=LONGEST):
            first, last = (int((at - since) / _HOUR) for at in (surge.since, surge.last))
            known[row, max(first, 0) : last + 1] = False
    return known


def _settled(past: Past, hour: datetime) -> Flags:
    """Which series may surge: a source, and all voices, not in their first week.

    What a source brought from before it was connected does not tell how it speaks from then on.
    """
    week = hour - LEAST_HOURS * _HOUR
    born = {str(pk): at for pk, at in Source.objects.values_list("pk", "created_at")}
    first = min(born.values(), default=week)

    def settled(one: Series) -> bool:
        if one == EVERYTHING:
            return first <= week
        return one.sort != Surge.Sort.SOURCE or born.get(one.key, week) <= week

    return np.array([settled(one) for one in past.series])


def _begins(past: Past, hour: datetime, window: datetime | None) -> Counts:
    """The first hour in which each series could be heard.

    A rule hears from the day it was written, a theme in the days its run has read; nothing was
    heard before the first voice of all.
    """
    since = _first(hour)
    heard = past.counts > 0
    first = np.where(heard.any(axis=1), heard.argmax(axis=1), HOURS)
    earliest = int(first[past.series.index(EVERYTHING)])
    born = _born(Query.objects.values_list("pk", "created_at"), Surge.Sort.QUERY)
    born |= _born(Source.objects.values_list("pk", "created_at"), Surge.Sort.SOURCE)
    begins = np.empty(len(past.series), np.int64)
    for row, one in enumerate(past.series):
        moment = window if one.sort == Surge.Sort.THEME else born.get(one)
        told = int((moment - since) / _HOUR) if moment else earliest
        begins[row] = max(earliest, min(told, int(first[row]))) if moment else earliest
    return begins


def _born(rows: Iterable[tuple[int, datetime]], sort: Surge.Sort) -> dict[Series, datetime]:
    return {Series(sort.value, str(number)): at for number, at in rows}


def _series_of(row: Mapping[str, Any], where: Mapping[int, int]) -> Series:
    if row["sort"] == Surge.Sort.THEME:
        number = int(row["key"])
        return Series("theme", str(where.get(number, number)))
    return Series(row["sort"], row["key"])


def _asked(reader: Reader, name: str, **parameters: Any) -> list[dict[str, Any]]:
    sql = f"{read_sql(ROOM, 'series')}{read_sql(ROOM, name)}"
    partition = first_partition(parameters["since"])
    known = {"known": selectors.members()}
    rows: list[dict[str, Any]] = reader.table(
        sql, beside=known, partition=partition, **parameters
    ).to_pylist()
    return rows
