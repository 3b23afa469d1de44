"""Every mention has exactly one end, whatever is known of it."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sori.tracing.ending import End, Facts, Why, end_of, why_lost

FACTS = st.builds(
    Facts,
    **{name: st.booleans() for name, kind in Facts.__annotations__.items() if kind is bool},
    signed=st.sampled_from(["", "kept", "declined"]),
    age=st.integers(0, 90).map(lambda days: timedelta(days=days)),
)
ASKED = Facts(deserves=True, waits=True)
IDEA = Facts(idea=True)
OLD = timedelta(days=31)


def held(facts: Facts) -> bool:
    """Whether anything at all speaks for a mention not being lost, said again in other words."""
    if facts.withdrawn or not (facts.deserves or facts.idea):
        return True
    if not facts.case and (facts.arriving or facts.forgotten):
        return True
    by_case = facts.case and (
        facts.answered or facts.declined or facts.unsettled or (facts.deserves and not facts.waits)
    )
    if facts.deserves:
        return by_case or bool(facts.signed)
    taken_up = facts.initiative or facts.portal or facts.theme or bool(facts.signed)
    return by_case or taken_up or facts.age < OLD


@given(FACTS)
def test_it_is_lost_exactly_where_nothing_holds_it(facts: Facts) -> None:
    end = end_of(facts)
    assert isinstance(end, End)
    assert (end == End.LOST) == (not held(facts))
    if end == End.LOST:
        assert why_lost(facts) in Why


@given(FACTS)
def test_it_is_not_lost_by_more_being_done(facts: Facts) -> None:
    if end_of(facts) != End.LOST:
        for more in ("answered", "declined", "unsettled", "initiative", "theme", "portal"):
            assert end_of(replace(facts, **{more: True})) != End.LOST


@given(FACTS)
def test_it_never_says_of_an_unanswered_case_that_it_was_answered(facts: Facts) -> None:
    if end_of(facts) == End.ANSWERED:
        assert facts.case
        assert facts.answered
    if end_of(facts) == End.PROMISED:
        assert facts.owed
        assert facts.unsettled


@pytest.mark.parametrize(
    ("facts", "end"),
    [
        (Facts(), End.QUIET),
        (replace(ASKED, case=True, unsettled=True), End.OPEN),
        (replace(ASKED, case=True, answered=True), End.ANSWERED),
        (replace(ASKED, case=True, unsettled=True, acknowledged=True, owed=True), End.PROMISED),
        (replace(ASKED, case=True, declined=True), End.DECLINED),
        (replace(ASKED, case=True), End.LOST),
        (replace(ASKED, case=True, waits=False), End.SETTLED),
        (replace(ASKED, arriving=True), End.ARRIVING),
        (replace(ASKED, forgotten=True), End.FORGOTTEN),
        (replace(ASKED, case=True, withdrawn=True), End.WITHDRAWN),
        (replace(ASKED, idea=True, theme=True), End.LOST),
        (replace(ASKED, signed="declined"), End.DECLINED),
        (IDEA, End.UNSORTED),
        (replace(IDEA, age=OLD), End.LOST),
        (replace(IDEA, age=OLD, theme=True), End.THEME),
        (replace(IDEA, theme=True, portal=True), End.PORTAL),
        (replace(IDEA, portal=True, initiative=True), End.INITIATIVE),
        (replace(IDEA, initiative=True, told=True), End.TOLD),
        (replace(IDEA, signed="kept"), End.KEPT),
        (replace(IDEA, signed="declined"), End.DECLINED),
        (replace(IDEA, case=True, answered=True, initiative=True), End.ANSWERED),
    ],
)
def test_it_says_where_a_mention_ended(facts: Facts, end: End) -> None:
    assert end_of(facts) == end


@pytest.mark.parametrize(
    ("facts", "why"),
    [
        (ASKED, Why.NO_CASE),
        (replace(ASKED, case=True), Why.CLOSED),
        (replace(ASKED, case=True, acknowledged=True), Why.BROKEN),
        (replace(IDEA, age=OLD), Why.UNSORTED),
    ],
)
def test_it_says_why_it_is_lost(facts: Facts, why: Why) -> None:
    assert (end_of(facts), why_lost(facts)) == (End.LOST, why)
