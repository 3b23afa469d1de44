"""The explorer's address is its whole state: whatever stands there is understood or named."""

from dataclasses import replace
from datetime import date
from urllib.parse import parse_qsl

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sori.errors import LanguageError
from sori.insight.explore.rule import rule_of
from sori.insight.explore.selection import (
    FILTERS,
    MOST_VALUES,
    NO_DAY,
    NO_FILTER,
    NO_VALUE,
    TOO_MANY,
    TURNED,
    UNKNOWN,
    Selection,
    narrowed,
    pairs,
    query_string,
    read,
    without,
)
from sori.listen.language import parse

UNHURRIED = settings(deadline=None)
NAMES = [*FILTERS, "days", "from", "to", "words"]
LIKELY = [
    "complaint", "unknown", "negative", "2", "0", "yes", "no", "ko", "0.6", ".5", "1", "7", "30",
    "all", "2026-11-01", "2026-11-22", "1970-01-01", "환불", "환불 지연", '"안 와요" 환불',
    "newest", "reach", "kim@example.com", "-1", "1e9", "٣", "\x00", "=1+1", "99999999999999999999",
]  # fmt: skip
VALUES = st.sampled_from(LIKELY) | st.text(max_size=40)
PAIRS = st.lists(st.tuples(st.sampled_from(NAMES) | st.text(max_size=8), VALUES), max_size=12)


def asked(query: str) -> tuple[Selection, list[str]]:
    selection, problems = read(parse_qsl(query, keep_blank_values=True))
    return selection, [problem.sentence for problem in problems]


@UNHURRIED
@given(PAIRS)
def test_it_understands_or_names_everything(given_pairs: list[tuple[str, str]]):
    selection, problems = read(given_pairs)

    for problem in problems:
        assert problem.sentence % {"name": problem.name, "value": problem.value}
    again, none = read(parse_qsl(query_string(selection), keep_blank_values=True))
    assert again == selection
    assert none == []
    assert read(pairs(selection)) == (selection, [])


@UNHURRIED
@given(PAIRS)
def test_it_takes_off_every_value_and_puts_it_back(given_pairs: list[tuple[str, str]]):
    selection, _ = read(given_pairs)

    for known in FILTERS.values():
        held = getattr(selection, known.field)
        if not known.many:
            assert getattr(without(selection, known.field), known.field) == (
                getattr(Selection(), known.field)
            )
            continue
        for value in held:
            fewer = without(selection, known.field, value)
            assert value not in getattr(fewer, known.field)
            assert set(getattr(narrowed(fewer, known.field, value), known.field)) == set(held)
            assert narrowed(selection, known.field, value) == selection


def test_it_reads_what_a_form_sends():
    query = (
        "words=%ED%99%98%EB%B6%88+%22%EC%95%88+%EC%99%80%EC%9A%94%22&kind=complaint&kind=unknown"
        "&channel=email&followers=100&answer=yes&doubt=0.6&author=&theme=&from=2026-11-01&to="
    )

    selection, problems = asked(query)

    assert problems == []
    assert selection == Selection(
        days=None,
        since=date(2026, 11, 1),
        words=("환불", "안 와요"),
        kinds=("complaint", UNKNOWN),
        channels=("email",),
        followers=100,
        answer=True,
        doubt=0.6,
    )


@pytest.mark.parametrize(
    ("query", "problem"),
    [
        ("kind=angry", NO_VALUE),
        ("rule=abc", NO_VALUE),
        ("days=31", NO_VALUE),
        ("followers=-5", NO_VALUE),
        ("doubt=60", NO_VALUE),
        ("author=" + "a" * 121, NO_VALUE),
        ("words=%00", NO_VALUE),
        ("from=2026-13-01", NO_DAY),
        ("to=22.11.2026", NO_DAY),
        ("from=0001-01-01", NO_DAY),
        ("chanel=email", NO_FILTER),
        ("words=a+b+c+d+e+f", TOO_MANY),
        ("from=2026-11-03&to=2026-11-01", TURNED),
        ("&".join(f"rule={number}" for number in range(MOST_VALUES + 1)), TOO_MANY),
    ],
)
def test_it_says_what_it_cannot_understand(query: str, problem: str):
    assert asked(query)[1] == [problem]


def test_it_turns_days_that_stand_the_wrong_way_round():
    selection, _ = asked("from=2026-11-03&to=2026-11-01")

    assert (selection.since, selection.until) == (date(2026, 11, 1), date(2026, 11, 3))


def test_it_lets_days_of_ones_own_win_over_the_usual_ones():
    assert asked("days=7&from=2026-11-01")[0] == asked("from=2026-11-01")[0]


def test_it_knows_that_time_and_order_pick_nothing():
    assert not asked("days=all&order=reach")[0].picks
    assert asked("spam=no")[0].picks


@UNHURRIED
@given(PAIRS)
def test_it_never_offers_a_rule_that_cannot_be_read(given_pairs: list[tuple[str, str]]):
    selection, _ = read(given_pairs)
    rule = rule_of(replace(selection, words=(*selection.words, "환불")[:5]))

    if rule is not None:
        parse(rule)


def test_it_makes_a_rule_of_words_places_and_people():
    selection, _ = asked("words=환불 “안”&channel=email&channel=rss&lang=ko&followers=50&kind=idea")
    rule = rule_of(replace(selection, words=("환불", "안 와요")))

    assert rule == (
        '"환불" AND "안 와요" AND (channel:"email" OR channel:"rss") AND lang:"ko"'
        " AND followers>=50"
    )
    assert rule_of(Selection(kinds=("idea",))) is None
    with pytest.raises(LanguageError):
        parse("환불 AND")
