"""Business time counted the slow way: one look at the wall clock for every minute."""

import random
import zoneinfo
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import holidays
import numpy as np

from sori.respond.business import Hours, Shift

MINUTE = timedelta(minutes=1)
DAY = 1440
DAYS = 40
ZONES = sorted(zoneinfo.available_timezones() - {"localtime", "Factory"})
SUMMER_TIME_OF_SEOUL = [date(1987, 4, 20), date(1987, 9, 25), date(1988, 4, 20), date(1988, 9, 20)]


class Minutes:
    """Forty days of one zone and one calendar, minute by minute.

    `hours` is the calendar that is judged; only its plain fields are read, none of its functions.
    """

    def __init__(self, hours: Hours, first: date) -> None:
        closed = public_holidays_of(hours.country, first)
        self.start = datetime.combine(first, time(), UTC)
        open_ = np.zeros(DAYS * DAY, bool)
        tables: dict[date, np.ndarray] = {}
        own = dict(hours.days)
        for minute in range(DAYS * DAY):
            wall = (self.start + minute * MINUTE).astimezone(hours.zone)
            day = wall.date()
            if day not in tables:
                tables[day] = table(hours, own, closed, day)
            open_[minute] = tables[day][wall.hour * 60 + wall.minute]
        self.open = open_

    def at(self, minute: int) -> datetime:
        return self.start + minute * MINUTE

    def due(self, start: int, span: int, pauses: list[tuple[int, int]]) -> int | None:
        """The minute at which `span` open minutes have passed that were not paused."""
        counted = self.open[start:].copy()
        for since, until in pauses:
            counted[since - start : until - start] = False
        passed = np.flatnonzero(counted)
        return start + int(passed[span - 1]) + 1 if len(passed) >= span else None

    def between(self, start: int, end: int) -> int:
        return int(self.open[start:end].sum())


def public_holidays_of(country: str, first: date) -> frozenset[date]:
    years = range(first.year - 1, first.year + 2)
    return frozenset(holidays.country_holidays(country, years=years)) if country else frozenset()


def table(
    hours: Hours, own: dict[date, tuple[Shift, ...]], closed: frozenset[date], day: date
) -> np.ndarray:
    """Which minutes of a day on the wall are open, by its shifts and those of the day before."""
    shown = np.zeros(2 * DAY, bool)
    before = day - timedelta(days=1)
    for begins, shift_by in ((before, -DAY), (day, 0)):
        shifts = () if begins in closed else hours.week[begins.weekday()]
        for since, until in own.get(begins, shifts):
            shown[max(since + shift_by, 0) : max(until + shift_by, 0)] = True
    return shown[:DAY]


def some_hours(chance: random.Random, zone: str, first: date) -> Hours:
    """A calendar somebody might have: split days, night shifts, round the clock, odd days."""
    sort = chance.choice(["office", "split", "night", "always", "wild"])
    week = {
        "office": [((540, 1080),)] * 5 + [(), ()],
        "split": [((540, 720), (780, 1080), (1140, 1200))] * 5 + [((600, 780),), ()],
        "night": [((1320, 1800),)] * 4 + [((1320, 2880),), (), ((1380, 1860),)],
        "always": [((0, DAY),)] * 7,
        "wild": [some_shifts(chance) for _ in range(6)] + [((chance.randrange(600), 700),)],
    }[sort]
    odd = {
        first + timedelta(days=chance.randrange(DAYS)): some_shifts(chance)
        for _ in range(chance.randrange(6))
    }
    country = chance.choice(["", "KR", "US"])
    return Hours(ZoneInfo(zone), tuple(week), country, tuple(odd.items()))


def some_shifts(chance: random.Random) -> tuple[Shift, ...]:
    shifts = []
    for _ in range(chance.randrange(4)):
        since = chance.randrange(DAY)
        shifts.append((since, chance.randrange(since + 1, 2 * DAY + 1)))
    return tuple(shifts)


def some_first(chance: random.Random, zone: str) -> date:
    """A day to begin with, half of the time shortly before the clocks of the zone change."""
    # before 1973 some offsets were no whole minutes
    day = date(1973, 1, 1) + timedelta(days=chance.randrange(365 * 64))
    if chance.random() < 0.5:
        return day
    place = ZoneInfo(zone)
    offset = datetime.combine(day, time(), place).utcoffset()
    for number in range(0, 370, 10):
        later = day + timedelta(days=number)
        if datetime.combine(later, time(), place).utcoffset() != offset:
            return later - timedelta(days=15)
    return day


def mismatches(chance: random.Random, zone: str, cases: int, first: date | None = None) -> list:
    """Judge a random calendar of a zone in so many cases; returns what differs."""
    from sori.respond import sla

    first = first or some_first(chance, zone)
    hours = some_hours(chance, zone, first)
    minutes = Minutes(hours, first)
    wrong = []
    for _ in range(cases):
        start = chance.randrange(DAYS * DAY - 3 * DAY)
        end = chance.randrange(DAYS * DAY)
        span = chance.choice([1, 30, 60, 120, 480, chance.randrange(1, 4000)])
        pauses = some_pauses(chance, start) if chance.random() < 0.3 else []
        due = minutes.due(start, span, pauses)
        if due is not None:
            target = sla.Target(span * MINUTE, span * MINUTE)
            clock = sla.start(minutes.at(start), target, hours)
            for since, until in pauses:
                clock = sla.resumed(clock, minutes.at(since), minutes.at(until), hours)
            if clock.due_at != minutes.at(due):
                wrong.append(("due", hours, minutes.at(start), span, pauses, clock.due_at))
        low, high = sorted((start, end))
        if hours.between(minutes.at(low), minutes.at(high)) != minutes.between(low, high) * MINUTE:
            wrong.append(("between", hours, minutes.at(low), minutes.at(high)))
    return wrong


def some_pauses(chance: random.Random, start: int) -> list[tuple[int, int]]:
    pauses, at = [], start
    for _ in range(chance.randrange(1, 4)):
        since = at + chance.randrange(1, 2 * DAY)
        at = since + chance.randrange(1, 2 * DAY)
        pauses.append((since, at))
    return pauses
