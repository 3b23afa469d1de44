"""Tell what a study's figures mean: where needs are not met, and where two things differ.

Pure; what is told is never more than chance allows.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Any, Final

FEWEST: Final = 5
"""Needs of fewer people than these are no gap."""

_RARELY_ANSWERED: Final = 0.34
_RARELY_PRAISED: Final = 0.1
_SURE: Final = 1.96

Need = Mapping[str, Any]


@dataclass(frozen=True)
class Gap:
    """A topic that many need something of and that is not looked after.

    Attributes:
        topic: which one.
        people: how many ask for something.
        unanswered: of what was asked, the share that we did not answer; None where enough was.
        unloved: that hardly anybody praises it.
        praising: how many praise it.
    """

    topic: str
    people: int
    unanswered: float | None
    unloved: bool
    praising: int


@dataclass(frozen=True)
class Difference:
    """How much of what is said about each of two things is about one topic.

    Attributes:
        topic: which one.
        ours: people who speak of it, of the first thing.
        theirs: and of the second.
        our_share: of all who speak of the first thing.
        their_share: of all who speak of the second.
        our_asking: how many of ours ask for something, complain or have an idea.
        their_asking: how many of theirs.
        more: "ours" or "theirs" where the difference is more than chance; "" where it is not.
    """

    topic: str
    ours: int
    theirs: int
    our_share: float
    their_share: float
    our_asking: int
    their_asking: int
    more: str


def gaps(needs: Sequence[Need], *, answers: bool) -> list[Gap]:
    """The topics that are asked for and rarely answered or praised, most people first.

    Args:
        needs: of one side of a study.
        answers: whether any of it was answered at all; where nobody answers here (a study of
            somebody else's product), that is no gap.
    """
    found = []
    for need in needs:
        praising = need["kinds"].get("praise", 0)
        if not need["topic"] or need["asking"] < FEWEST:
            continue
        share = need["answered"] / need["asked"] if need["asked"] else 0.0
        unanswered = 1 - share if answers and share < _RARELY_ANSWERED else None
        unloved = praising < _RARELY_PRAISED * need["people"]
        if unanswered is not None or unloved:
            found.append(Gap(need["topic"], need["asking"], unanswered, unloved, praising))
    return sorted(found, key=lambda gap: (-gap.people, gap.topic))


def nobodys(themes: Sequence[Sequence[int]], ours: Collection[int]) -> list[tuple[int, int]]:
    """The themes that many speak of and no initiative of ours is about: number and people."""
    return [
        (number, people) for number, people in themes if people >= FEWEST and number not in ours
    ]


def differences(ours: Mapping[str, Any], theirs: Mapping[str, Any]) -> list[Difference]:
    """Both sides of a study, topic by topic, most people first."""
    here, there = ({need["topic"]: need for need in side["needs"]} for side in (ours, theirs))
    rows = [
        _difference(topic, here.get(topic), there.get(topic), ours["people"], theirs["people"])
        for topic in here.keys() | there.keys()
        if topic
    ]
    return sorted(rows, key=lambda row: (-(row.ours + row.theirs), row.topic))


def _difference(
    topic: str, here: Need | None, there: Need | None, all_here: int, all_there: int
) -> Difference:
    ours, theirs = (need["people"] if need else 0 for need in (here, there))
    our_asking, their_asking = (need["asking"] if need else 0 for need in (here, there))
    our_share = ours / all_here if all_here else 0.0
    their_share = theirs / all_there if all_there else 0.0
    more = ""
    if _differ(ours, all_here, theirs, all_there):
        more = "ours" if our_share > their_share else "theirs"
    return Difference(topic, ours, theirs, our_share, their_share, our_asking, their_asking, more)


def _differ(ours: int, all_ours: int, theirs: int, all_theirs: int) -> bool:
    """Whether two shares differ by more than chance (a test of two proportions)."""
    if min(all_ours, all_theirs) == 0 or ours + theirs < 2 * FEWEST:
        return False
    together = (ours + theirs) / (all_ours + all_theirs)
    width = sqrt(together * (1 - together) * (1 / all_ours + 1 / all_theirs))
    apart = abs(ours / all_ours - theirs / all_theirs)
    return width > 0 and apart / width > _SURE
