"""Clocks: when they are due, how they stand."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sori.respond import sla

START = datetime(2026, 11, 22, 11, 8, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
SPAN = sla.start(START)


def after(minutes: float) -> sla.Standing:
    return sla.standing(SPAN, START + minutes * MINUTE)


def test_it_gives_an_hour_and_two_at_most():
    assert tuple(START + minutes * MINUTE for minutes in (0, 45, 60, 120)) == SPAN


@pytest.mark.parametrize(
    ("minutes", "state", "seconds", "share"),
    [
        (0, "ok", 3600, 1.0),
        (45, "ok", 900, 0.25),
        (46, "soon", 840, 0.2333),
        (60, "soon", 0, 0.0),
        (72, "over", -720, 0.0),
        (120, "over", -3600, 0.0),
        (121, "late", -3660, 0.0),
    ],
)
def test_it_counts_down(minutes, state, seconds, share):
    standing = after(minutes)

    assert (standing.state, standing.seconds) == (state, seconds)
    assert standing.share == pytest.approx(share, abs=1e-3)


def test_it_rests_while_somebody_else_is_waited_for():
    since = START + 20 * MINUTE
    standing = sla.standing(SPAN, START + 300 * MINUTE, paused_at=since)

    assert (standing.state, standing.seconds) == ("paused", 40 * 60)
    assert sla.resumed(SPAN, since, START + 300 * MINUTE).due_at == START + 340 * MINUTE


@pytest.mark.parametrize(("minutes", "word"), [(59, "met"), (60, "met"), (61, "missed")])
def test_it_is_met_when_it_stopped_in_time(minutes, word):
    stopped = START + minutes * MINUTE

    assert sla.outcome(SPAN, stopped) == word
    standing = sla.standing(SPAN, START + 999 * MINUTE, outcome=word, stopped_at=stopped)
    assert standing.state == word
    assert standing.seconds == (60 - minutes) * 60


@given(st.floats(0, 10_000), st.floats(0, 10_000))
def test_it_never_gains_time(early, more):
    first, second = after(early), after(early + more)
    order = ["ok", "soon", "over", "late"]

    assert second.seconds <= first.seconds
    assert second.share <= first.share
    assert order.index(second.state) >= order.index(first.state)


def test_no_screen_says_over_of_an_answer_that_was_met():
    for minutes in range(130):
        at = START + minutes * MINUTE
        over = sla.standing(SPAN, at).state in {"over", "late"}
        assert over == (sla.outcome(SPAN, at) == "missed")
