"""How an initiative goes from heard to checked: a decider without a database.

People decide, begin and ship; that everybody was told and that it worked is set by whoever does
that. A "no" ends only when it was told, and so does a change that shipped.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Final


class Stage(StrEnum):
    """How far it has come, in this order."""

    HEARD = "heard"
    CONSIDERED = "considered"
    DECIDED = "decided"
    DOING = "doing"
    SHIPPED = "shipped"
    TOLD = "told"
    CHECKED = "checked"


class Decision(StrEnum):
    """What the company decided."""

    YES = "yes"
    NO = "no"
    LATER = "later"


class Why(StrEnum):
    """Why something cannot be done now."""

    UNDECIDED = "undecided"
    NOT_YES = "not_yes"
    ENDED = "ended"
    BY_MACHINE = "by_machine"
    NOTHING_TO_TELL = "nothing_to_tell"
    NOT_SHIPPED = "not_shipped"
    OPEN = "open"


class Impossible(Exception):
    """It cannot be done now; `why` says why not."""

    def __init__(self, why: Why) -> None:
        super().__init__(why.value)
        self.why = why


@dataclass(frozen=True)
class State:
    """Where an initiative stands.

    Attributes:
        stage: how far it has come.
        decision: what stands; "" while nothing was decided.
        told: whether people were told of what stands, or somebody signed that they are not.
        checked: whether what was shipped has been looked at since.
    """

    stage: Stage = Stage.HEARD
    decision: str = ""
    told: bool = False
    checked: bool = False


def standing(
    stage: str,
    decision: str,
    *,
    decided_at: datetime | None,
    shipped_at: datetime | None,
    told_at: datetime | None,
    checked_at: datetime | None,
) -> State:
    """The state of an initiative by what is written down of it; each moment is that of the last
    time, so that people were told of what stands only if that was after it was decided."""
    ended = stage in {Stage.TOLD, Stage.CHECKED}
    later = decision == Decision.LATER and _since(told_at, decided_at)
    return State(Stage(stage), decision, ended or later, _since(checked_at, shipped_at))


def _since(at: datetime | None, before: datetime | None) -> bool:
    return at is not None and before is not None and at >= before


OPEN: Final = (Stage.HEARD, Stage.CONSIDERED)
_DECIDABLE: Final = (*OPEN, Stage.DECIDED, Stage.DOING)


def decided(state: State, decision: Decision) -> State:
    """What a decision makes of it; work that is under way goes on after another yes.

    Raises:
        Impossible: it has shipped or ended; it must be reopened first.
    """
    if state.stage not in _DECIDABLE:
        raise Impossible(Why.ENDED)
    goes_on = state.stage == Stage.DOING and decision == Decision.YES
    stage = Stage.DOING if goes_on else Stage.DECIDED
    return State(stage, decision)


def moved(state: State, stage: Stage) -> State:
    """What moving it by hand makes of it.

    Raises:
        Impossible: there is no way from here to there.
    """
    if stage in {Stage.TOLD, Stage.CHECKED}:
        raise Impossible(Why.BY_MACHINE)
    if state.stage in {Stage.TOLD, Stage.CHECKED}:
        raise Impossible(Why.ENDED)
    if stage == state.stage:
        return state
    if stage in OPEN:
        if state.stage not in OPEN:
            raise Impossible(Why.ENDED)
        return replace(state, stage=stage)
    if not state.decision:
        raise Impossible(Why.UNDECIDED)
    if state.decision != Decision.YES:
        raise Impossible(Why.NOT_YES)
    return State(stage, state.decision)


def ways(state: State) -> list[Stage]:
    """The stages it can be moved to by hand now, in their order."""
    found = []
    for stage in Stage:
        try:
            after = moved(state, stage)
        except Impossible:
            continue
        if after.stage != state.stage:
            found.append(stage)
    return found


def to_tell(state: State) -> bool:
    """Whether people wait to be told of what stands: it shipped, or it was decided against."""
    if state.told:
        return False
    refused = state.decision in {Decision.NO, Decision.LATER}
    return state.stage == Stage.SHIPPED or (state.stage == Stage.DECIDED and refused)


def told(state: State) -> State:
    """What telling people, or signing that they are not told, makes of it; twice is once.

    A "later" stays decided, for it is looked at again.

    Raises:
        Impossible: there is nothing to tell yet.
    """
    if state.told:
        return state
    if not to_tell(state):
        raise Impossible(Why.NOTHING_TO_TELL)
    if state.decision == Decision.LATER:
        return replace(state, told=True)
    return replace(state, told=True, stage=Stage.CHECKED if state.checked else Stage.TOLD)


def checked(state: State) -> State:
    """What the look at whether it worked makes of it; before people were told, it still waits.

    Raises:
        Impossible: nothing was shipped.
    """
    if state.decision == Decision.NO or state.stage not in {
        Stage.SHIPPED,
        Stage.TOLD,
        Stage.CHECKED,
    }:
        raise Impossible(Why.NOT_SHIPPED)
    stage = Stage.SHIPPED if state.stage == Stage.SHIPPED else Stage.CHECKED
    return replace(state, stage=stage, checked=True)


def reopened(state: State) -> State:
    """What looking at it again makes of it: considered, and nothing decided.

    Raises:
        Impossible: it is open.
    """
    if state.stage in OPEN:
        raise Impossible(Why.OPEN)
    return State(Stage.CONSIDERED)


def ended(state: State) -> bool:
    """Whether nothing is left to do: a told "no", or a change that was told and checked."""
    refused = state.stage == Stage.TOLD and state.decision == Decision.NO
    return refused or state.stage == Stage.CHECKED
