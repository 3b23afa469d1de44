"""Where lives lie on the line of days."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sori.change.initiatives import timeline

TODAY = date(2026, 11, 28)
DAYS = st.dates(date(2022, 1, 1), TODAY)


def row(created: date, **more):
    empty = dict.fromkeys(("decided", "shipped", "told", "checked", "due_on"))
    return {"created": created, **empty, "off": False, **more}


def ago(days: int) -> date:
    return TODAY - timedelta(days=days)


def life(one):
    return timeline.life(one, timeline.axis([one], TODAY), TODAY)


def sorts(one) -> list[str]:
    return [piece.sort for piece in life(one).pieces]


def test_it_goes_on_until_today():
    line = timeline.axis([row(ago(20))], TODAY)

    (piece,) = timeline.life(row(ago(20)), line, TODAY).pieces

    assert (piece.sort, piece.x) == ("considered", 0.0)
    assert piece.x + piece.width == pytest.approx(line.place(TODAY))


def test_it_has_a_stretch_for_each_part_of_a_life():
    one = row(ago(40), decided=ago(30), shipped=ago(20), told=ago(10))

    assert sorts(one) == ["considered", "made", "told", "checked"]


@pytest.mark.parametrize("told", [None, ago(5)])
def test_it_makes_nothing_of_what_was_decided_against(told):
    assert sorts(row(ago(40), decided=ago(30), told=told, off=True)) == ["considered", "told"]


def test_it_shows_how_late_something_is():
    found = life(row(ago(40), decided=ago(30), due_on=ago(4)))

    assert (found.late, found.pieces[-1].sort) == (4, "late")


def test_it_shows_how_late_something_came():
    assert life(row(ago(40), decided=ago(30), shipped=ago(7), due_on=ago(9))).late == 2


def test_it_is_never_late_with_what_was_put_off():
    assert life(row(ago(40), decided=ago(30), due_on=ago(4), off=True)).late == 0


@given(
    st.lists(DAYS, min_size=1, max_size=5), st.none() | st.dates(ago(900), ago(-900)), st.booleans()
)
def test_it_stays_within_the_line(days, due_on, off):
    names = ["created", "decided", "shipped", "told", "checked"]
    moments = dict(zip(names, sorted(days), strict=False))
    one = row(**moments, due_on=due_on, off=off)
    line = timeline.axis([one], TODAY)

    found = timeline.life(one, line, TODAY)

    assert all(piece.x >= 0 and piece.x + piece.width <= 101 for piece in found.pieces)
    assert found.due is None or 0 <= found.due <= 100
    assert len(line.months()) <= 12
    assert found.late >= 0
