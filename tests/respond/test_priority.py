"""What speaks for a case is added up, and it is known when the sum changes by itself."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from sori.respond.priority import (
    AGES,
    DEFAULT,
    LASTING,
    Facts,
    Weights,
    joined,
    lasting,
    weigh,
)
from sori.respond.priority import (
    given as given_by_rules,
)

NOON = datetime(2026, 11, 27, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def points(facts, weights=DEFAULT, now=NOON):
    return dict(weigh(facts, weights, now).reasons)


def test_it_adds_up_kind_urgency_and_what_the_voice_brought():
    facts = Facts("complaint", 2, frozenset({"reach", "public"}))
    assert points(facts) == {"urgent": 40, "complaint": 10, "reach": 20, "public": 5}
    assert weigh(facts, DEFAULT, NOON).points == 75
    assert weigh(facts, DEFAULT, NOON).next_at is None


def test_it_gives_points_for_a_valued_person_from_the_companys_own_mark_on():
    assert points(Facts(value=Decimal("999999.99"))) == {}
    assert points(Facts(value=Decimal(1_000_000))) == {"value": 15}
    assert points(Facts(value=Decimal(50)), replace(DEFAULT, high_value=50)) == {"value": 15}


def test_it_gives_more_the_longer_somebody_waits():
    facts = Facts(waiting_since=NOON)
    seen = [points(facts, now=NOON + age).get("age", 0) for age in AGES]
    assert seen == [5, 10, 15, 20]
    assert weigh(facts, DEFAULT, NOON).next_at == NOON + AGES[0]
    assert weigh(facts, DEFAULT, NOON + AGES[-1]).next_at is None


def test_it_presses_when_a_promise_is_due_within_an_hour_and_while_a_surge_goes_on():
    promised = Facts(promised_at=NOON + 3 * HOUR)
    assert points(promised) == {}
    assert weigh(promised, DEFAULT, NOON).next_at == NOON + 2 * HOUR
    assert points(promised, now=NOON + 2 * HOUR) == {"promise": 15}

    surging = Facts(surging_until=NOON + HOUR)
    assert points(surging) == {"surge": 15}
    assert weigh(surging, DEFAULT, NOON).next_at == NOON + HOUR
    assert points(surging, now=NOON + HOUR) == {}


def test_it_keeps_a_reason_that_counts_nothing_here_so_that_it_can_count_later():
    silent = replace(DEFAULT, public=0)
    reasons = weigh(Facts(lasting=frozenset({"public"})), silent, NOON).reasons
    assert reasons == (("public", 0),)
    assert lasting(reasons) == {"public"}


def test_it_leaves_the_points_of_rules_alone():
    reasons = [("urgent", 20), ("rule", 30), ("age", 5)]
    assert given_by_rules(reasons) == (("rule", 30),)
    assert points(Facts(given=(("rule", 30),))) == {"rule": 30}


def test_it_joins_a_further_voice_with_the_higher_points_of_each_reason():
    before = [["urgent", 20], ["question", 5]]
    further = [("urgent", 40), ("complaint", 10), ("reach", 20)]
    assert sorted(joined(before, further, "question")) == [
        ["question", 5],
        ["reach", 20],
        ["urgent", 40],
    ]


moments = st.none() | st.timedeltas(timedelta(days=-7), timedelta(days=7)).map(NOON.__add__)
facts = st.builds(
    Facts,
    kind=st.sampled_from(["", "complaint", "question", "praise"]),
    urgency=st.none() | st.integers(0, 2),
    lasting=st.frozensets(st.sampled_from(LASTING)),
    value=st.none() | st.decimals(0, 10**9, places=2),
    waiting_since=moments,
    promised_at=moments,
    surging_until=moments,
)
weights = st.builds(
    Weights, **dict.fromkeys(("urgent", "age", "promise", "surge"), st.integers(0, 9))
)


@given(facts, weights, st.timedeltas(timedelta(0), timedelta(days=9)))
def test_it_changes_at_no_moment_before_the_one_it_names(facts, weights, later):
    now = weigh(facts, weights, NOON)
    then = weigh(facts, weights, NOON + later)
    if now.next_at is None or NOON + later < now.next_at:
        assert then.reasons == now.reasons
