"""A silence is alarming when it is unusual for that hour of that weekday."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from sori.listen.stalls import stalled

SEOUL = ZoneInfo("Asia/Seoul")
MONDAY = datetime(2026, 11, 23, 10, tzinfo=SEOUL)
LONG_AGO = MONDAY - timedelta(weeks=20)


def office_hours(weeks: int) -> list[datetime]:
    """Every hour from nine to eighteen, Monday to Friday, of the weeks before MONDAY."""
    start = MONDAY.replace(hour=0) - timedelta(weeks=weeks)
    hours = (start + timedelta(hours=n) for n in range(weeks * 7 * 24))
    return [hour for hour in hours if hour.weekday() < 5 and 9 <= hour.hour < 18]


@pytest.mark.parametrize(
    ("hours_of_silence", "alarming"), [(1, False), (2, False), (4, True), (8, True)]
)
def test_a_busy_source_may_not_be_silent_for_long(hours_of_silence: int, alarming: bool) -> None:
    now = MONDAY + timedelta(hours=hours_of_silence)
    assert stalled(office_hours(8), since=LONG_AGO, last=MONDAY, now=now) is alarming


def test_a_weekend_is_silent_as_usual() -> None:
    friday = MONDAY - timedelta(days=3) + timedelta(hours=7, minutes=59)
    sunday = MONDAY - timedelta(hours=12)
    assert not stalled(office_hours(8), since=LONG_AGO, last=friday, now=sunday)


def test_nights_do_not_count_against_it() -> None:
    evening = MONDAY - timedelta(days=4) + timedelta(hours=7, minutes=59)
    assert not stalled(
        office_hours(8), since=LONG_AGO, last=evening, now=evening + timedelta(hours=15)
    )


def test_a_rare_voice_is_not_missed() -> None:
    now_and_then = [MONDAY - timedelta(weeks=n, hours=3 * n) for n in range(1, 9)]
    last = MONDAY - timedelta(days=2)
    assert not stalled(now_and_then, since=LONG_AGO, last=last, now=MONDAY)


def test_a_young_source_does_not_know_what_is_usual() -> None:
    since = MONDAY - timedelta(days=6)
    assert not stalled(office_hours(8), since=since, last=since, now=MONDAY + timedelta(hours=9))


def test_a_silence_of_a_month_is_still_one() -> None:
    last = MONDAY - timedelta(days=30)
    before = [hour for hour in office_hours(8) if hour < last]
    assert stalled(before, since=LONG_AGO, last=last, now=MONDAY)


def test_it_goes_by_the_clock_on_the_wall() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    monday = datetime(2026, 10, 26, 9, tzinfo=berlin)  # the clocks went back the day before
    hours = [
        monday - timedelta(weeks=n) + timedelta(hours=h) for n in range(1, 9) for h in range(9)
    ]
    assert not stalled(
        hours, since=monday - timedelta(weeks=20), last=monday - timedelta(days=1), now=monday
    )
    assert stalled(
        hours, since=monday - timedelta(weeks=20), last=monday, now=monday + timedelta(hours=5)
    )
