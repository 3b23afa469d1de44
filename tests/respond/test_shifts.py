"""Working hours as people write them."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sori.respond.shifts import Unreadable, read_days, read_shifts, write_days, write_shifts


@pytest.mark.parametrize(
    ("text", "shifts"),
    [
        ("", ()),
        ("09:00-18:00", ((540, 1080),)),
        (" 13:00 – 18:00 , 9:00~12:00", ((540, 720), (780, 1080))),
        ("22:00-06:00", ((1320, 1800),)),
        ("00:00-24:00", ((0, 1440),)),
        ("00:00-00:00", ((0, 1440),)),
    ],
)
def test_it_reads_a_day(text, shifts):
    assert read_shifts(text) == shifts


@pytest.mark.parametrize(
    "text", ["9-18", "09:00", "25:00-26:00", "09:60-10:00", "24:00-25:00", "휴무"]
)
def test_it_says_what_it_cannot_read(text):
    with pytest.raises(Unreadable, match=text):
        read_shifts(f"09:00-10:00, {text}")


def test_it_reads_single_days():
    days = read_days("2026-12-31\n\n 2026-12-24 09:00-13:00 \n")

    assert days == ((date(2026, 12, 24), ((540, 780),)), (date(2026, 12, 31), ()))
    for wrong in ("tomorrow", "2026-13-01", "2026-12-24 early"):
        with pytest.raises(Unreadable):
            read_days(wrong)


shifts = st.tuples(st.integers(0, 1439), st.integers(1, 1440)).map(lambda one: (one[0], sum(one)))
days = st.lists(shifts, max_size=4).map(lambda some: tuple(sorted(some)))


@given(days)
def test_it_reads_what_it_writes(day):
    # midnight at the end of the next day is written like the one before it
    day = tuple((since, until) for since, until in day if until < 2880)

    assert read_shifts(write_shifts(day)) == day


@given(st.dictionaries(st.dates(), days))
def test_it_reads_the_days_it_writes(some):
    plain = [
        (day.isoformat(), [one for one in day_ if one[1] < 2880]) for day, day_ in some.items()
    ]

    assert {day: list(shifts) for day, shifts in read_days(write_days(plain))} == {
        date.fromisoformat(day): shifts for day, shifts in plain
    }
