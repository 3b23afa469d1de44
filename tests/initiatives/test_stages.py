"""No way through the stages lets a change end in silence, whatever people and machines try."""

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from sori.change.initiatives import stages
from sori.change.initiatives.stages import Decision, Impossible, Stage, State, Why

YES = State(Stage.DECIDED, Decision.YES)


class Life(RuleBasedStateMachine):
    """Everything that can be tried, in any order; `heard` is what people know of what stands."""

    def __init__(self) -> None:
        super().__init__()
        self.state = State()
        self.heard = False
        self.shipped = False

    def _try(self, step, *arguments) -> bool:
        try:
            after = step(self.state, *arguments)
        except Impossible:
            return False
        self.state = after
        return True

    @rule(decision=st.sampled_from(Decision))
    def decide(self, decision):
        if self._try(stages.decided, decision):
            self.heard = self.shipped = False

    @rule(stage=st.sampled_from(Stage))
    def move(self, stage):
        offered = stage in stages.ways(self.state)
        before = self.state.stage
        done = self._try(stages.moved, stage)
        ends = {Stage.TOLD, Stage.CHECKED}
        assert done == (offered or (stage == before and before not in ends))
        if offered:
            self.heard, self.shipped = False, stage == Stage.SHIPPED

    @rule()
    def tell(self):
        waited = stages.to_tell(self.state)
        if self._try(stages.told):
            assert waited or self.heard
            self.heard = True

    @rule()
    def check(self):
        if self._try(stages.checked):
            assert self.shipped

    @rule()
    def reopen(self):
        if self._try(stages.reopened):
            self.heard = self.shipped = False
            assert self.state == State(Stage.CONSIDERED)

    @invariant()
    def it_is_made_only_after_a_yes(self):
        if self.state.stage in {Stage.DOING, Stage.SHIPPED, Stage.CHECKED}:
            assert self.state.decision == Decision.YES

    @invariant()
    def it_ends_only_when_people_were_told(self):
        if stages.ended(self.state) or self.state.stage in {Stage.TOLD, Stage.CHECKED}:
            assert self.heard

    @invariant()
    def it_is_open_only_while_nothing_is_decided(self):
        assert (self.state.stage in stages.OPEN) == (self.state.decision == "")


Life.TestCase.settings = settings(max_examples=60, deadline=None)
TestLife = Life.TestCase


def test_it_offers_no_work_before_a_decision():
    assert stages.ways(State()) == [Stage.CONSIDERED]


def test_it_offers_work_after_a_yes():
    assert stages.ways(YES) == [Stage.DOING, Stage.SHIPPED]


@pytest.mark.parametrize("decision", [Decision.NO, Decision.LATER])
def test_it_offers_no_work_after_anything_else(decision):
    assert stages.ways(State(Stage.DECIDED, decision)) == []


@pytest.mark.parametrize("stage", [Stage.TOLD, Stage.CHECKED])
def test_it_lets_nobody_say_by_hand_that_people_were_told(stage):
    with pytest.raises(Impossible) as error:
        stages.moved(State(Stage.SHIPPED, Decision.YES), stage)

    assert error.value.why == Why.BY_MACHINE


def test_it_goes_on_with_the_work_after_another_yes():
    assert stages.decided(State(Stage.DOING, Decision.YES), Decision.YES).stage == Stage.DOING


def test_it_stops_the_work_after_a_no():
    after = stages.decided(State(Stage.DOING, Decision.YES), Decision.NO)

    assert (after.stage, stages.to_tell(after)) == (Stage.DECIDED, True)


def test_it_keeps_a_later_decided_when_people_were_told():
    after = stages.told(State(Stage.DECIDED, Decision.LATER))

    assert (after.stage, after.told, stages.ended(after)) == (Stage.DECIDED, True, False)


def test_it_is_over_at_once_when_it_was_checked_before_people_were_told():
    shipped = State(Stage.SHIPPED, Decision.YES)

    checked = stages.checked(shipped)

    assert checked.stage == Stage.SHIPPED
    assert stages.told(checked).stage == Stage.CHECKED


def test_it_is_checked_anew_when_it_is_shipped_anew():
    checked = stages.checked(State(Stage.SHIPPED, Decision.YES))

    again = stages.moved(stages.moved(checked, Stage.DOING), Stage.SHIPPED)

    assert not again.checked
