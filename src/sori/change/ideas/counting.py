"""Count who stands behind an idea, and how lately: the same votes always give the same numbers."""

import math
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Final, NamedTuple

HALF_LIFE: Final = 7 * 24 * 3600.0
"""Seconds after which a vote weighs half as much in what is trending."""

_LONGEST_CHAIN: Final = 1_000


class Ballot(NamedTuple):
    """One vote.

    Attributes:
        who: whoever stands behind it, the same for two accounts of one person.
        at: when.
    """

    who: tuple[str, int]
    at: datetime


class Count(NamedTuple):
    """What votes come to.

    Attributes:
        support: how many different people.
        heat: orders ideas by how many voted how lately; grows by one as their votes double.
    """

    support: int
    heat: float


def count(ballots: Iterable[Ballot]) -> Count:
    """Count each voter once, by their first vote.

    >>> from datetime import UTC
    >>> early, late = datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 3, 8, tzinfo=UTC)
    >>> count([Ballot(("person", 1), early), Ballot(("person", 1), late)]).support
    1
    """
    first: dict[tuple[str, int], datetime] = {}
    for ballot in ballots:
        seen = first.get(ballot.who)
        first[ballot.who] = ballot.at if seen is None else min(seen, ballot.at)
    if not first:
        return Count(0, 0.0)
    # the times in half-lives; a sum of powers of two, kept as its logarithm and in a fixed order
    times = sorted(at.timestamp() / HALF_LIFE for at in first.values())
    newest = times[-1]
    return Count(len(first), newest + math.log2(math.fsum(2 ** (at - newest) for at in times)))


def root_of(idea: int, pointers: Mapping[int, int]) -> int:
    """Where the pointers lead from an idea in the end.

    >>> root_of(1, {1: 2, 2: 3})
    3
    """
    for _step in range(_LONGEST_CHAIN):
        if idea not in pointers:
            break
        idea = pointers[idea]
    return idea
