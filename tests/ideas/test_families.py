"""Whatever is merged and undone, in whatever order, leaves everything as it was."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from desk import member
from sori.change.ideas import counting, families, moderating, taking_part
from sori.change.ideas.counting import Ballot
from sori.change.ideas.models import Idea, Vote
from sori.errors import Refused
from wishers import person_named

IDEAS = 5
VOTERS = 4
merges = st.tuples(st.integers(0, IDEAS - 1), st.integers(0, IDEAS - 1))
votes = st.lists(
    st.tuples(st.integers(0, VOTERS - 1), st.integers(0, IDEAS - 1)), max_size=8, unique=True
)


def state_of() -> list[dict[str, Any]]:
    rows = Idea.objects.order_by("pk").values("pk", "merged_into", "support", "heat", "state")
    return [dict(row) for row in rows]


def truth(ideas: list[Idea]) -> dict[int, int]:
    """How many different people stand behind every standing idea, counted the slow way."""
    parent = dict(Idea.objects.exclude(merged_into=None).values_list("pk", "merged_into"))
    behind: dict[int, set[tuple[str, int]]] = {idea.pk: set() for idea in ideas}
    for idea, person, someone in Vote.objects.values_list("idea", "person", "member"):
        at = idea
        while at in parent:
            at = parent[at]
        behind[at].add(("person", person) if person else ("member", someone))
    return {pk: len(who) for pk, who in behind.items() if pk not in parent}


@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(given_votes=votes, tower=st.lists(merges, max_size=7), late=votes, data=st.data())
def test_any_tower_of_merges_is_undone_exactly(propose, given_votes, tower, late, data):
    Vote.objects.all().delete()
    Idea.objects.update(merged_into=None)
    Idea.objects.all().delete()
    boss = member("판정")
    ideas = [
        propose(f"바람 {number}", actor=taking_part.Actor(None, boss, "ko"))
        for number in range(IDEAS)
    ]
    people = [person_named(f"voter{number}") for number in range(VOTERS)]
    for who, what in given_votes:
        taking_part.vote(actor=people[who], idea=ideas[what])
    before = state_of()

    merged = []
    for one, into in tower:
        try:
            moderating.merge(idea=ideas[one], into=ideas[into], member=boss)
        except Refused:
            continue
        merged.append(ideas[one])
        counted = dict(Idea.objects.filter(merged_into=None).values_list("pk", "support"))
        expected = truth(ideas)
        assert {pk: counted[pk] for pk in expected} == expected
    for one in data.draw(st.permutations(merged)):
        moderating.part(idea=one, member=boss)

    assert state_of() == before
    for who, what in late:
        taking_part.vote(actor=people[who], idea=ideas[what])
    counted = dict(Idea.objects.values_list("pk", "support"))
    assert {idea.pk: counted[idea.pk] for idea in ideas} == truth(ideas)


def test_it_refuses_circles_and_what_is_merged_already(propose, agent):
    first, second, third = propose("하나"), propose("둘"), propose("셋")
    moderating.merge(idea=first, into=second, member=agent)
    for one, into in ((second, first), (first, third), (third, first), (third, third)):
        with pytest.raises(Refused):
            moderating.merge(idea=one, into=into, member=agent)


def test_it_keeps_apart_what_not_everybody_may_read(propose, inside, agent):
    public = propose("하나")
    internal = propose("둘", board=inside, actor=taking_part.Actor(None, agent, "ko"))
    for one, into in ((public, internal), (internal, public)):
        with pytest.raises(Refused):
            moderating.merge(idea=one, into=into, member=agent)


def test_a_family_is_read_in_one_step_for_each_floor(propose, agent, django_assert_num_queries):
    ideas = [propose(f"바람 {number}") for number in range(4)]
    for one, into in pairwise(ideas):
        moderating.merge(idea=one, into=into, member=agent)
    with django_assert_num_queries(4):
        assert families.family(ideas[3].pk) == [ideas[3].pk, ideas[2].pk, ideas[1].pk, ideas[0].pk]


moments = st.integers(0, 500).map(lambda days: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(days))
ballots = st.lists(st.builds(Ballot, st.tuples(st.just("person"), st.integers(1, 6)), moments))


@given(ballots, st.randoms())
def test_the_same_votes_always_give_the_same_numbers(given_ballots, chance):
    shuffled = list(given_ballots)
    chance.shuffle(shuffled)
    counted = counting.count(given_ballots)
    assert counting.count(shuffled) == counted
    assert counted.support == len({ballot.who for ballot in given_ballots})


@given(ballots.filter(len))
def test_twice_the_votes_are_one_more_in_heat(given_ballots):
    others = [Ballot(("other", who[1]), at) for who, at in given_ballots]
    one, both = counting.count(given_ballots), counting.count([*given_ballots, *others])
    assert both.heat == pytest.approx(one.heat + 1)
