"""Which voices deserve an answer, and how soon: decided from one row."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sori.mention import short
from sori.respond.routing import ANSWERED, LEFT, Rules, decide

NOW = datetime(2026, 11, 23, 3, tzinfo=UTC)
RULES = Rules(departments={1: 10}, query_departments={7: 70}, imports=frozenset({2}),
              colleagues=frozenset({"@sodam.example", "me@gmail.com"}))  # fmt: skip
LETTER = {"addressed": True, "public": False}
ASKED = {"extra": json.dumps({"asked": "ask-1"})}


def row(**said):
    return {
        "id": "x",
        "source": 1,
        "channel": "blog",
        "external_id": "e1",
        "text": "말",
        "heard_at": NOW,
        "public": True,
        "addressed": False,
        "reply_mode": "link",
    } | said


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        (LETTER, "addressed"),
        (LETTER | {"answer": False}, "addressed"),
        (LETTER | {"published_at": NOW - timedelta(days=8)}, "earlier"),
        (LETTER | {"extra": json.dumps({"automatic": "auto-replied"})}, "automatic"),
        (LETTER | {"extra": json.dumps({"spam": True})}, "spam"),
        (LETTER | {"extra": json.dumps({"own": True})}, "own"),
        (LETTER | ASKED | {"author_id": "net@sodam.example"}, "colleague"),
        (LETTER | ASKED | {"author_id": "me@gmail.com"}, "colleague"),
        (LETTER | ASKED | {"author_id": "you@gmail.com"}, "addressed"),
        (LETTER | ASKED | {"author_id": "net@notsodam.example"}, "addressed"),
        (LETTER | {"author_id": "net@sodam.example"}, "addressed"),
        ({"answer": True}, "asks"),
        ({"answer": False, "urgency": 2}, "urgent"),
        ({"answer": True, "urgency": 2, "reply_mode": "none"}, "unreachable"),
        (LETTER | {"reply_mode": "none"}, "addressed"),
        ({"answer": None, "queries": [7]}, "unsure"),
        ({"answer": None, "queries": []}, "quiet"),
        ({"answer": None}, "quiet"),
        ({"answer": False, "queries": [7]}, "quiet"),
        ({"answer": False, "irony": True, "queries": [7]}, "unsure"),
        ({"answer": False, "irony": True}, "quiet"),
        ({"answer": True, "spam": True}, "spam"),
        ({"answer": True, "urgency": 2, "spam": True, "queries": [7]}, "spam"),
        (LETTER | {"spam": True}, "addressed"),
        ({"answer": True, "published_at": NOW - timedelta(days=8)}, "past"),
        ({"answer": True, "source": 2}, "past"),
        ({"answer": True, "source": 2, "published_at": NOW}, "asks"),
    ],
)
def test_it_says_why(said, reason):
    decision = decide(row(**said), RULES, NOW)

    assert decision.reason == reason
    assert decision.deserves == (reason in ANSWERED)


def test_it_starts_the_clock_when_the_world_could_see_it():
    said = NOW - timedelta(hours=3)

    decision = decide(row(answer=True, published_at=said), RULES, NOW)

    assert decision.waits
    assert decision.at == said


@pytest.mark.parametrize(
    "said",
    [{"source": 2}, {"published_at": NOW - timedelta(days=8)}, {"source": 2, "published_at": NOW}],
)
def test_it_starts_no_clock_where_nobody_waits(said):
    decision = decide(row(**LETTER, **said), RULES, NOW)

    assert decision.deserves
    assert not decision.waits


@pytest.mark.parametrize(
    ("said", "thread"),
    [
        ({"thread_id": "t", "parent_id": "p"}, "t"),
        ({"parent_id": "p"}, "p"),
        ({}, "e1"),
        ({"thread_id": ""}, "e1"),
    ],
)
def test_it_names_the_thread(said, thread):
    assert decide(row(**said), RULES, NOW).thread == thread


@pytest.mark.parametrize(
    ("said", "department"),
    [({}, 10), ({"queries": [5, 7]}, 70), ({"queries": [5]}, 10), ({"source": 3}, None)],
)
def test_it_finds_the_department(said, department):
    assert decide(row(**LETTER, **said), RULES, NOW).department == department


def test_it_gives_its_reasons_for_the_priority():
    said = {"kind": "complaint", "urgency": 2, "followers": 50_000, "rating": 1.0, "answer": True}

    decision = decide(row(**said), RULES, NOW)

    assert dict(decision.reasons) == {
        "urgent": 40,
        "complaint": 10,
        "reach": 20,
        "public": 5,
        "low_rating": 5,
    }
    assert decision.priority == 80


rows = st.fixed_dictionaries(
    {
        "addressed": st.booleans(),
        "public": st.booleans(),
        "answer": st.none() | st.booleans(),
        "urgency": st.none() | st.integers(0, 2),
        "kind": st.none() | st.sampled_from(["complaint", "question", "idea", "praise", "other"]),
        "queries": st.none() | st.lists(st.integers(1, 9)),
        "followers": st.none() | st.integers(0, 10**9),
        "rating": st.none() | st.floats(1, 5),
        "thread_id": st.none() | st.text(),
        "parent_id": st.none() | st.text(),
        "published_at": st.none() | st.datetimes(timezones=st.just(UTC)),
        "extra": st.none() | st.text() | st.just('{"automatic": 1}'),
        "source": st.integers(1, 3),
    }
)


@given(rows)
def test_it_always_decides_and_never_drops_a_letter(said):
    decision = decide(row(**said), RULES, NOW)

    assert decision.reason in ANSWERED + LEFT
    assert 0 < len(decision.thread) <= 255
    assert decision.at <= NOW
    assert decision.priority == sum(points for _, points in decision.reasons)
    assert decision.deserves or not decision.waits
    if said["addressed"] and decision.reason not in {"automatic", "spam", "own"}:
        assert decision.deserves


@given(st.text(), st.text())
def test_it_shortens_keys_without_mixing_them(one, other):
    first, second = short(one * 99, 255), short(other * 99, 255)

    assert len(first) <= 255
    assert (first == second) == (one * 99 == other * 99)


@pytest.mark.parametrize("said", [LETTER, {"answer": True}, {"urgency": 2, "published_at": NOW}])
def test_it_says_the_same_however_late_it_is_asked(said):
    late = decide(row(**said), RULES, NOW + timedelta(days=30))

    assert late.reason == decide(row(**said), RULES, NOW).reason
    assert late.deserves
    assert late.waits
