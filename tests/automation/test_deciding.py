"""Does a rule fit, who is next, what a script may say: pure decisions and checks."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from django.http import QueryDict
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sori.automation import actions, choices, deciding, editing, sharing, vocabulary
from sori.automation.deciding import Action, Condition, Facts, Rule, judge

AT = datetime(2026, 11, 27, 10, tzinfo=UTC)
FACTS = Facts(
    at=AT,
    case=1,
    opened_at=AT - timedelta(hours=5),
    status="open",
    kind="complaint",
    channel="email",
    department=3,
    urgency=2,
    priority=40,
    value=120.5,
    sources=frozenset({7}),
    tags=frozenset({11}),
    holds=frozenset({"환불"}),
    topics=frozenset({"delivery", "delivery.time"}),
    working=frozenset({"본사"}),
)


@pytest.mark.parametrize(
    ("field", "op", "value", "expected"),
    [
        ("kind", "is", "complaint", True),
        ("kind", "is_not", "complaint", False),
        ("sentiment", "is", "unclear", True),
        ("urgency", "is", "2", True),
        ("channel", "is", "rss", False),
        ("source", "is", "7", True),
        ("department", "is", "3", True),
        ("department", "is", "none", False),
        ("owner", "is", "none", True),
        ("owner", "is", "some", False),
        ("owner", "is_not", "some", True),
        ("tag", "is", "11", True),
        ("tag", "is_not", "12", True),
        ("text", "contains", "환불", True),
        ("text", "lacks", "환불", False),
        ("topic", "is", "delivery", True),
        ("topic", "is", "delivery.fee", False),
        ("topic", "is_not", "delivery.fee", True),
        ("segment", "is", "none", True),
        ("value", "at_least", "120", True),
        ("value", "at_least", "121", False),
        ("priority", "at_least", "40", True),
        ("reach", "is", "yes", False),
        ("status", "is", "open", True),
        ("age", "at_least", "5", True),
        ("age", "at_least", "6", False),
        ("hours", "is", "본사", True),
        ("hours", "is_not", "본사", False),
    ],
)
def test_it_asks_each_field(field, op, value, expected):
    rule = Rule(1, "r", "opened", conditions=(Condition(field, op, value),))
    verdict = judge(rule, FACTS)
    assert verdict.fits is expected
    assert verdict.reasons == ((rule.conditions[0], expected),)


def test_all_or_any_must_hold_and_none_at_all_always_do():
    yes, no = Condition("kind", "is", "complaint"), Condition("kind", "is", "praise")
    rule = Rule(1, "r", "opened", conditions=(yes, no))
    assert not judge(rule, FACTS).fits
    assert judge(replace(rule, any_of=True), FACTS).fits
    assert judge(replace(rule, conditions=()), FACTS).fits
    assert judge(replace(rule, conditions=(), any_of=True), FACTS).fits


@pytest.mark.parametrize("op", ["is", "is_not"])
@pytest.mark.parametrize(
    ("other", "any_of", "fits", "unknown"),
    [
        ("complaint", False, False, True),
        ("praise", False, False, False),
        ("complaint", True, True, False),
        ("praise", True, False, True),
    ],
)
def test_what_nobody_knows_decides_only_where_the_rest_does_not(op, other, any_of, fits, unknown):
    asked = (Condition("topic", op, "delivery"), Condition("kind", "is", other))
    rule = Rule(1, "r", "opened", any_of=any_of, conditions=asked)

    verdict = judge(rule, replace(FACTS, topics=None))

    assert (verdict.fits, verdict.unknown) == (fits, unknown)
    assert verdict.reasons[0] == (asked[0], None)


def test_the_words_the_tests_and_the_deeds_are_the_same_everywhere():
    assert set(vocabulary.FIELDS) == set(deciding.FIELDS)
    assert set(vocabulary.TRIGGERS) == set(deciding.TRIGGERS)
    assert set(vocabulary.SORTS) == set(actions.SORTS)
    assert {op for one in vocabulary.FIELDS.values() for op in one.ops} == set(vocabulary.OPS)
    assert set(vocabulary.SAID) == set(vocabulary.OPS)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.integers(0, 4), min_size=1, max_size=60))
def test_turns_are_fair_whoever_is_there(away):
    """Five members, one of whom is away at each turn: nobody gets two more than another could."""
    given_at = dict.fromkeys(range(5), sharing.NEVER)
    counts = dict.fromkeys(range(5), 0)
    for turn, missing in enumerate(away):
        hands = [sharing.Hand(one, 0, at) for one, at in given_at.items() if one != missing]
        chosen = sharing.next_in_turn(hands)
        assert chosen is not None
        assert given_at[chosen] == min(hand.given_at for hand in hands)
        given_at[chosen] = AT + timedelta(seconds=turn)
        counts[chosen] += 1
    assert sum(counts.values()) == len(away)


def test_everybody_there_gets_the_same_by_turns():
    given_at = dict.fromkeys((3, 1, 2), sharing.NEVER)
    order = []
    for turn in range(9):
        chosen = sharing.next_in_turn(sharing.Hand(one, 0, at) for one, at in given_at.items())
        given_at[chosen] = AT + timedelta(seconds=turn)
        order.append(chosen)
    assert order == [1, 2, 3] * 3
    assert sharing.least_busy([sharing.Hand(1, 4), sharing.Hand(2, 2), sharing.Hand(3, 2)]) == 2
    assert sharing.next_in_turn([]) is sharing.least_busy([]) is None


def test_moments_are_in_the_companys_time():
    friday = timezone.make_aware(datetime(2026, 11, 27, 16, 30))  # noqa: DTZ001 (Seoul's)
    assert actions.moment("4", friday) - friday == timedelta(hours=4)
    assert actions.moment("tomorrow", friday).strftime("%m-%d %H:%M") == "11-28 09:00"
    assert actions.moment("monday", friday).strftime("%m-%d %H:%M") == "11-30 09:00"


def form(**fields: list[str] | str) -> QueryDict:
    said = QueryDict(mutable=True)
    for name, value in fields.items():
        said.setlist(name, value if isinstance(value, list) else [value])
    return said


@pytest.mark.django_db
def test_it_says_what_is_wrong_line_by_line():
    script = editing.read(
        form(
            name=" ",
            trigger="idle",
            hours="0",
            field=["text", "text", "priority", "tag"],
            op=["contains", "contains", "at_least", "is"],
            value=["", "(환불", "viel", "99"],
            sort=["note", "give", "add_tag"],
            object=["", "0", ""],
            words=["", "", ""],
        )
    )
    assert not editing.check(script, choices.Choices())
    assert set(script.problems) == {
        "name", "trigger", "c0", "c1", "c2", "c3", "a0", "a1", "a2",
    }  # fmt: skip


@pytest.mark.django_db
def test_hostile_forms_become_something_harmless():
    script = editing.read(
        form(
            name="\0x" * 500,
            trigger="<script>",
            hours="-1",
            field=["__class__", "kind"],
            op=["eval"],
            value=["\0"],
            sort=["delete_everything"],
            object=["1; DROP TABLE"],
            words=["{0.__class__}"],
        )
    )
    assert script.trigger == "opened"
    assert script.conditions == [Condition("text", "contains", "")]
    assert script.actions == [Action("add_tag", "1; DROP TABLE", "")]
    assert not editing.check(script, choices.Choices())
    editing.change(script, "drop-c9")
    editing.change(script, "drop-ax")
    editing.change(script, "drop-c0")
    assert script.conditions == []
