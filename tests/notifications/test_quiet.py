"""Quiet hours and rhythms, over nights in which clocks change too."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sori.notifications.quiet import Peace, mail_due, quiet_hours
from sori.respond.business import Hours

SEOUL, BERLIN, NEW_YORK = map(ZoneInfo, ("Asia/Seoul", "Europe/Berlin", "America/New_York"))
ALL_WEEK = range(7)
ZONES = st.sampled_from([SEOUL, BERLIN, NEW_YORK, ZoneInfo("Australia/Lord_Howe")])
MINUTES = st.integers(0, 1439)
FIRST, LAST = datetime(2026, 1, 1), datetime(2027, 12, 31)  # noqa: DTZ001 (hypothesis adds it)
MOMENTS = st.datetimes(FIRST, LAST, timezones=st.just(UTC))
DAYS = st.sets(st.integers(0, 6), min_size=1)


def at(text: str, zone: ZoneInfo = SEOUL) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone).astimezone(UTC)


def office(zone: ZoneInfo = SEOUL) -> Hours:
    return Hours(zone, tuple(((540, 1080),) if day < 5 else () for day in range(7)))


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        ("2026-11-25 21:59", "2026-11-25 21:59"),
        ("2026-11-25 22:00", "2026-11-26 08:00"),
        ("2026-11-26 03:00", "2026-11-26 08:00"),
        ("2026-11-26 08:00", "2026-11-26 08:00"),
    ],
)
def test_it_waits_until_the_night_is_over(moment: str, expected: str):
    peace = Peace(own=quiet_hours(SEOUL, 1320, 480, ALL_WEEK))
    assert peace.ends(at(moment)) == at(expected)


def test_it_waits_for_monday_outside_the_working_hours():
    assert Peace(work=office()).ends(at("2026-11-27 18:00")) == at("2026-11-30 09:00")


def test_it_waits_for_both():
    peace = Peace(own=quiet_hours(SEOUL, 480, 600, [0]), work=office())
    assert peace.ends(at("2026-11-28 12:00")) == at("2026-11-30 10:00")


def test_it_reaches_somebody_who_is_never_at_work_when_awake():
    peace = Peace(own=quiet_hours(SEOUL, 540, 1080, ALL_WEEK), work=office())
    assert peace.ends(at("2026-11-25 12:00")) == at("2026-11-25 18:00")


def test_it_is_quiet_only_on_the_days_on_which_it_begins():
    friday = quiet_hours(SEOUL, 1320, 480, [4])
    assert Peace(own=friday).ends(at("2026-11-28 02:00")) == at("2026-11-28 08:00")
    assert Peace(own=friday).ends(at("2026-11-27 02:00")) == at("2026-11-27 02:00")


@pytest.mark.parametrize(
    ("since", "until", "days"), [(None, 5, [0]), (5, None, [0]), (5, 5, [0]), (5, 6, [])]
)
def test_it_knows_when_there_are_none(since: int | None, until: int | None, days: list[int]):
    assert quiet_hours(SEOUL, since, until, days) is None


@settings(max_examples=120, deadline=None)
@given(ZONES, MINUTES, MINUTES, DAYS, MOMENTS)
def test_it_ends_at_the_first_moment_that_is_not_quiet(
    zone: ZoneInfo, since: int, until: int, days: set[int], moment: datetime
):
    own = quiet_hours(zone, since, until, days)
    ends = Peace(own=own).ends(moment)
    assert moment <= ends <= moment + timedelta(days=8)
    if own is None:
        assert ends == moment
        return
    # it is never quiet there, and always before
    assert Peace(own=own).ends(ends) == ends
    assert own.between(moment, ends) == ends - moment


@settings(max_examples=120, deadline=None)
@given(ZONES, MOMENTS, MINUTES, st.sampled_from(["at_once", "hourly", "daily"]))
def test_it_sends_a_mail_soon_after_and_never_before(
    zone: ZoneInfo, moment: datetime, daily_at: int, rhythm: str
):
    due = mail_due(rhythm, moment, zone=zone, daily_at=daily_at)
    longest = {"at_once": 1, "hourly": 60, "daily": 25 * 60}[rhythm]
    assert moment < due <= moment + timedelta(minutes=longest)
    if rhythm == "hourly" and zone is not None:
        assert due.astimezone(zone).second == 0


def test_it_keeps_the_hour_of_the_daily_mail_when_clocks_change():
    for day in ("2026-03-28", "2026-03-29", "2026-10-24", "2026-10-25"):
        due = mail_due("daily", at(f"{day} 12:00", BERLIN), zone=BERLIN, daily_at=510)
        assert due.astimezone(BERLIN).strftime("%H:%M") == "08:30"
