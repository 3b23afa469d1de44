"""The figures of the overview, each defined once."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sori.insight.questions import ask
from sori.lake.query import Reader
from sori.listen.models import Query
from sori.understand.surge import HISTORY, Surge, surges


@dataclass(frozen=True)
class Period:
    """The days a page speaks of.

    Attributes:
        days: how many, the last of them not yet over.
        now: the moment of asking.
        zone: the company's time zone.
    """

    days: int
    now: datetime
    zone: ZoneInfo

    @property
    def since(self) -> datetime:
        """The beginning of the first day."""
        return self._midnight(self.days - 1)

    @property
    def before(self) -> datetime:
        """The beginning of the period of equal length that came before."""
        return self.since - (self.now - self.since)

    @property
    def dates(self) -> list[date]:
        """Every day of the period, in order."""
        today = self.now.astimezone(self.zone).date()
        return [today - timedelta(days=back) for back in range(self.days - 1, -1, -1)]

    def _midnight(self, days_ago: int) -> datetime:
        day = self.now.astimezone(self.zone).date() - timedelta(days=days_ago)
        return datetime.combine(day, datetime.min.time(), self.zone)


@dataclass(frozen=True)
class Totals:
    """How much was heard in one period."""

    voices: int
    complaints: int
    praise: int
    urgent: int
    people: int

    @property
    def complaint_share(self) -> float | None:
        """Complaints per voice, 0 to 1; None when nothing was heard."""
        return self.complaints / self.voices if self.voices else None


@dataclass(frozen=True)
class Episode:
    """Days in a row on which one listening rule surged.

    Attributes:
        query: the id of the rule.
        name: what the rule is called.
        days: the surges, a day each, in order.
        since: when the first voice of the first day was heard.
        voices: how many there were on those days.
    """

    query: int
    name: str
    days: tuple[Surge, ...]
    since: datetime
    voices: int

    @property
    def peak(self) -> Surge:
        """Its loudest day."""
        return max(self.days, key=lambda one: one.voices)

    @property
    def times(self) -> float:
        """How many times the usual its loudest day was."""
        return self.peak.growth + 1


def totals(reader: Reader, period: Period) -> tuple[Totals, Totals]:
    """What was heard in this period, and in the one before it."""
    rows = ask(reader, "totals", since=period.since, before=period.before)
    by_now = {row.pop("now"): Totals(**row) for row in rows}
    nothing = Totals(0, 0, 0, 0, 0)
    return by_now.get(True, nothing), by_now.get(False, nothing)


def volume(reader: Reader, period: Period) -> list[dict[str, Any]]:
    """Voices by day and kind; a day and kind on which nobody spoke is there as zero."""
    rows = ask(reader, "volume_by_kind", since=period.since, zone=period.zone.key)
    counted = {(row["day"], row["kind"]): row["voices"] for row in rows}
    kinds = sorted({kind for _, kind in counted})
    return [
        {"day": day, "kind": kind, "voices": counted.get((day, kind), 0)}
        for day in period.dates
        for kind in kinds
    ]


def hours(reader: Reader, period: Period) -> list[dict[str, Any]]:
    """Voices by weekday and hour."""
    return ask(reader, "hour_by_weekday", since=period.since, zone=period.zone.key)


def channels(reader: Reader, period: Period) -> list[dict[str, Any]]:
    """Voices by channel, kind and sentiment."""
    return ask(reader, "by_channel", since=period.since)


def query_days(reader: Reader, period: Period) -> list[dict[str, Any]]:
    """Hits of every listening rule by day, with four weeks of history before the period."""
    since = period.since - timedelta(days=HISTORY)
    return ask(reader, "daily_by_query", since=since, zone=period.zone.key)


def episodes(rows: Iterable[Mapping[str, Any]], period: Period) -> list[Episode]:
    """What surged in the period and when, the newest first."""
    counts: dict[int, dict[date, int]] = defaultdict(dict)
    first: dict[tuple[int, date], datetime] = {}
    for row in rows:
        counts[row["query"]][row["day"]] = row["voices"]
        first[row["query"], row["day"]] = row["first"]
    names = dict(Query.objects.filter(pk__in=counts).values_list("pk", "name"))
    found = []
    for query, name in names.items():
        for days in _in_a_row(surges(query, counts[query], period.dates)):
            since = first[query, days[0].day]
            voices = sum(day.voices for day in days)
            found.append(Episode(query, name, tuple(days), since, voices))
    return sorted(found, key=lambda one: (one.days[-1].day, one.voices), reverse=True)


def _in_a_row(days: Iterable[Surge]) -> list[list[Surge]]:
    runs: list[list[Surge]] = []
    for day in days:
        if runs and (day.day - runs[-1][-1].day).days == 1:
            runs[-1].append(day)
        else:
            runs.append([day])
    return runs


def rule_growth(rows: Iterable[Mapping[str, Any]], period: Period) -> list[dict[str, Any]]:
    """How often each listening rule hit in the last seven days, and in the seven before."""
    last, before = period.dates[-1] - timedelta(days=6), period.dates[-1] - timedelta(days=13)
    now: dict[int, int] = defaultdict(int)
    then: dict[int, int] = defaultdict(int)
    for row in rows:
        if row["day"] >= last:
            now[row["query"]] += row["voices"]
        elif row["day"] >= before:
            then[row["query"]] += row["voices"]
    names = Query.objects.filter(active=True).values_list("pk", "name")
    table = [
        {
            "id": key,
            "name": name,
            "voices": now[key],
            "growth": now[key] / then[key] - 1 if then[key] else None,
        }
        for key, name in names
    ]
    return sorted(table, key=lambda row: -int(row["voices"] or 0))
