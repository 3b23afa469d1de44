"""Where a mention ended: a decider without a database, that gives every one exactly one end.

What deserved an answer is held by its case until it was answered, promised, or signed away. What
carried an idea and deserved no answer is held by whatever took the idea up. A mention that nobody
holds is lost, and says why.
"""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Final


class End(StrEnum):
    """Where a mention stands; docs/decisions/0034 says each in one sentence."""

    ANSWERED = "answered"
    PROMISED = "promised"
    DECLINED = "declined"
    SETTLED = "settled"
    TOLD = "told"
    INITIATIVE = "initiative"
    PORTAL = "portal"
    THEME = "theme"
    KEPT = "kept"
    OPEN = "open"
    UNSORTED = "unsorted"
    ARRIVING = "arriving"
    QUIET = "quiet"
    WITHDRAWN = "withdrawn"
    FORGOTTEN = "forgotten"
    LOST = "lost"


WAITING: Final = (End.OPEN, End.UNSORTED, End.ARRIVING)
"""Not yet an end, and not lost: it stands in a list that somebody works through."""

NOTHING: Final = (End.QUIET, End.WITHDRAWN, End.FORGOTTEN)
"""Nothing is owed: no answer was due, or it is gone."""

SORT_WITHIN: Final = timedelta(days=30)
"""How long an idea that nothing took up may wait for a person before it counts as lost."""


class Why(StrEnum):
    """Why a mention is lost."""

    NO_CASE = "no_case"
    BROKEN = "broken"
    CLOSED = "closed"
    UNSORTED = "unsorted"


@dataclass(frozen=True)
class Facts:
    """What is known of one mention.

    Attributes:
        deserves: whether it deserved an answer when it was heard.
        waits: whether somebody waited by the clock, then.
        idea: whether it carries one.
        withdrawn: whether it was deleted where it was said.
        forgotten: whether its author was, and the rest of it goes soon.
        arriving: whether the desk has not looked at it yet.
        case: whether it is in one.
        unsettled: whether that case is open, or an answer in it on its way.
        answered: whether an answer came after it, in its case.
        acknowledged: whether a promise was made after it.
        owed: whether such a promise still runs.
        declined: whether somebody signed after it that there will be no answer.
        signed: what somebody signed of this mention alone: "kept", "declined", or "".
        initiative: whether it speaks for one.
        told: whether one it speaks for was told to the people behind it.
        portal: whether it is an idea of the portal.
        theme: whether it is in a theme.
        age: how long ago it was heard.
    """

    deserves: bool = False
    waits: bool = False
    idea: bool = False
    withdrawn: bool = False
    forgotten: bool = False
    arriving: bool = False
    case: bool = False
    unsettled: bool = False
    answered: bool = False
    acknowledged: bool = False
    owed: bool = False
    declined: bool = False
    signed: str = ""
    initiative: bool = False
    told: bool = False
    portal: bool = False
    theme: bool = False
    age: timedelta = timedelta()


def end_of(facts: Facts) -> End:
    """The one end of a mention."""
    if facts.withdrawn:
        return End.WITHDRAWN
    if not (facts.deserves or facts.idea):
        return End.QUIET
    if found := _by_the_desk(facts):
        return found
    if facts.deserves:
        return End.DECLINED if facts.signed else End.LOST
    return _of_idea(facts)


def why_lost(facts: Facts) -> Why:
    """Why a mention that is lost is."""
    if not facts.deserves:
        return Why.UNSORTED
    if not facts.case:
        return Why.NO_CASE
    return Why.BROKEN if facts.acknowledged else Why.CLOSED


def _by_the_desk(facts: Facts) -> End | None:
    """What its case says, where it has one; what is on its way to the desk or out of it."""
    if not facts.case:
        if facts.forgotten:
            return End.FORGOTTEN
        return End.ARRIVING if facts.arriving else None
    if facts.answered:
        return End.ANSWERED
    if facts.declined:
        return End.DECLINED
    if facts.unsettled:
        return End.PROMISED if facts.owed else End.OPEN
    return End.SETTLED if facts.deserves and not facts.waits else None


def _of_idea(facts: Facts) -> End:
    if facts.initiative:
        return End.TOLD if facts.told else End.INITIATIVE
    if facts.portal:
        return End.PORTAL
    if facts.signed:
        return End.DECLINED if facts.signed == "declined" else End.KEPT
    if facts.theme:
        return End.THEME
    return End.UNSORTED if facts.age <= SORT_WITHIN else End.LOST
