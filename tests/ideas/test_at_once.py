"""Many who vote, propose and merge at the same moment are counted as if they had waited."""

import itertools

import pytest

from sori.change.ideas import moderating, taking_part
from sori.change.ideas.models import Idea, Subscription, Vote
from together import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def test_every_voter_counts_once(propose, visitor):
    idea = propose()
    actors = [visitor(f"voter{number}") for number in range(3)]
    turns = itertools.cycle(actors)
    order = [next(turns) for _ in range(6)]
    at_once(6, lambda: taking_part.vote(actor=order.pop(), idea=idea))
    idea.refresh_from_db()
    assert idea.support == 4
    assert Vote.objects.count() == Subscription.objects.count() == 4


def test_two_clicks_at_the_same_moment_are_one_idea(board, visitor):
    actor = visitor("가")
    at_once(
        4,
        lambda: taking_part.propose(
            actor=actor, board=board, title="어두운 화면", body="", key="same"
        ),
    )
    assert Idea.objects.get().support == 1


def test_votes_that_come_while_ideas_become_one_are_not_lost(propose, visitor, agent):
    part, root = propose("하나"), propose("둘")
    actors = [visitor(f"voter{number}") for number in range(3)]
    deeds = [lambda: moderating.merge(idea=part, into=root, member=agent)]
    deeds += [lambda one=one: taking_part.vote(actor=one, idea=part) for one in actors]
    at_once(4, lambda: deeds.pop()())
    root.refresh_from_db()
    assert root.support == 5
