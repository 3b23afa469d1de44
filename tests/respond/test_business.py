"""Business hours: split days, nights, holidays, clocks that change."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sori.respond import sla
from sori.respond.business import Hours, Shift

BERLIN = ZoneInfo("Europe/Berlin")
SEOUL = ZoneInfo("Asia/Seoul")
HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)
OFFICE: tuple[tuple[Shift, ...], ...] = (*[((540, 1080),)] * 5, (), ())
CALENDAR = Hours(SEOUL, OFFICE, "KR")


def berlin(month: int, day: int) -> datetime:
    """Ten in the evening."""
    return datetime(2026, month, day, 22, tzinfo=BERLIN)


def seoul(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SEOUL)


@pytest.mark.parametrize(
    ("heard", "due"),
    [
        ("2026-11-27 17:40", "2026-11-30 09:40"),  # over a weekend
        ("2026-11-27 09:00", "2026-11-27 10:00"),
        ("2026-11-27 17:00", "2026-11-27 18:00"),
        ("2026-11-28 12:00", "2026-11-30 10:00"),
        ("2027-02-05 17:40", "2027-02-10 09:40"),  # Seollal on a Sunday, with its substitute
        ("2026-09-23 17:30", "2026-09-28 09:30"),  # Chuseok
        ("2027-05-04 17:59", "2027-05-06 09:59"),  # Children's Day
    ],
)
def test_it_is_due_when_an_hour_of_work_has_passed(heard, due):
    assert CALENDAR.after(seoul(heard), HOUR) == seoul(due)


def test_it_knows_days_of_its_own():
    days = ((date(2027, 2, 8), ((600, 840),)), (date(2027, 2, 10), ()))
    ours = Hours(SEOUL, OFFICE, "KR", days)

    assert ours.after(seoul("2027-02-05 17:00"), 2 * HOUR) == seoul("2027-02-08 11:00")
    assert ours.after(seoul("2027-02-08 13:00"), 2 * HOUR) == seoul("2027-02-11 10:00")


def test_it_rests_at_noon_and_works_through_the_night():
    split = Hours(SEOUL, (((540, 720), (780, 1080)),) * 7)
    night = Hours(SEOUL, (((1320, 1800),),) * 4 + ((),) * 3)

    assert split.after(seoul("2026-11-23 11:30"), HOUR) == seoul("2026-11-23 13:30")
    assert night.after(seoul("2026-11-23 23:30"), 2 * HOUR) == seoul("2026-11-24 01:30")
    # Thursday's shift ends on Friday morning, and Friday has none
    assert night.after(seoul("2026-11-27 05:00"), 2 * HOUR) == seoul("2026-11-30 23:00")


def test_it_is_never_closed_for_a_minute_at_midnight():
    always = Hours(SEOUL, (((0, 1440),),) * 7)
    start = seoul("2026-11-23 23:59")

    assert always.after(start, timedelta(days=30)) == start + timedelta(days=30)
    assert always.opening(start + MINUTE) == start + MINUTE


@pytest.mark.parametrize(
    ("evening", "hours"),
    [
        (berlin(3, 28), 7),  # clocks go forward in Berlin
        (berlin(10, 24), 9),  # and back
        (berlin(11, 24), 8),
    ],
)
def test_it_goes_by_the_clock_on_the_wall(evening, hours):
    night = Hours(BERLIN, (((1320, 1800),),) * 7)

    # in UTC, for adding to a wall time would pass over the change
    start = evening.astimezone(UTC)
    assert night.between(start, start + 11 * HOUR) == hours * HOUR


def test_it_tells_when_it_opens():
    assert CALENDAR.opening(seoul("2026-11-27 09:00")) == seoul("2026-11-27 09:00")
    assert CALENDAR.opening(seoul("2026-11-27 18:00")) == seoul("2026-11-30 09:00")
    assert CALENDAR.opening(seoul("2026-11-29 02:00")) == seoul("2026-11-30 09:00")


def test_it_says_that_it_never_opens():
    for ask in (lambda: NEVER.after(seoul("2026-11-27 18:00"), HOUR), lambda: NEVER.opening(NOON)):
        with pytest.raises(ValueError, match="never open"):
            ask()


NEVER = Hours(SEOUL, ((),) * 7)
NOON = seoul("2026-11-27 12:00")

shifts = st.tuples(st.integers(0, 1439), st.integers(60, 1440)).map(lambda one: (one[0], sum(one)))
weeks = st.lists(st.lists(shifts, max_size=3).map(tuple), min_size=7, max_size=7).filter(any)
zones = st.sampled_from(
    ["Asia/Seoul", "Europe/Berlin", "America/New_York", "Pacific/Apia", "Australia/Lord_Howe"]
)
moments = st.timedeltas(timedelta(0), timedelta(days=365 * 50)).map(
    lambda passed: datetime(1985, 1, 1, tzinfo=UTC) + passed
)
spans = st.timedeltas(timedelta(seconds=1), timedelta(days=9))


@settings(deadline=None)
@given(weeks, zones, moments, spans)
def test_it_adds_what_it_measures(week, zone, start, span):
    hours = Hours(ZoneInfo(zone), tuple(week))
    end = hours.after(start, span)

    assert hours.between(start, end) == span
    assert hours.between(end, start) == -span
    # the first such moment: a breath earlier it was not yet enough
    assert hours.between(start, end - timedelta(microseconds=1)) < span


@settings(deadline=None)
@given(weeks, zones, moments, spans, spans)
def test_it_adds_up(week, zone, start, first, second):
    hours = Hours(ZoneInfo(zone), tuple(week))

    assert hours.after(hours.after(start, first), second) == hours.after(start, first + second)
    middle, end = start + first, start + first + second
    assert hours.between(start, middle) + hours.between(middle, end) == hours.between(start, end)


@settings(deadline=None)
@given(weeks, zones, moments)
def test_it_opens_where_time_counts(week, zone, at):
    hours = Hours(ZoneInfo(zone), tuple(week))
    opening = hours.opening(at)

    assert hours.between(at, opening) == timedelta(0)
    assert hours.between(opening, opening + timedelta(seconds=1)) > timedelta(0)


@settings(deadline=None)
@given(weeks, zones, moments, spans, spans)
def test_it_keeps_what_was_left_over_a_pause(week, zone, start, before, pause):
    hours = Hours(ZoneInfo(zone), tuple(week))
    clock = sla.start(start, sla.Target(timedelta(hours=4), timedelta(hours=8)), hours)
    paused_at, at = start + before, start + before + pause
    later = sla.resumed(clock, paused_at, at, hours)

    left = hours.between(paused_at, clock.due_at)
    if left > timedelta(0):
        assert hours.between(at, later.due_at) == left
    else:
        assert later.due_at == clock.due_at
    assert later.soon_at <= later.due_at <= later.limit_at
