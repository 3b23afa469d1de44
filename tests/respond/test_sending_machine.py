"""The answer's state machine keeps its promises in every order of events, crashes included."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from sori.errors import ReplyError, ReplyNotAccepted, ReplyRejected
from sori.respond import sending
from sori.respond.sending import STEPS, Facts, IllegalStep, State, Step, step

TO = {"to": "kim@customer.example"}
NOW = datetime(2026, 11, 23, tzinfo=UTC)


@dataclass
class Row:
    """The answer as the database has it: only what is written here survives a crash."""

    state: State = State.DRAFT
    attempt: int = 0
    fence: int = 0
    destination: dict | None = None


@dataclass
class Worker:
    """What a worker remembers; it may fall asleep at any point and wake up much later."""

    fence: int
    attempt: int = 0
    called: bool = False
    result: Step | None = None


@dataclass
class Channel:
    """The outside world; it never forgets."""

    accepted: list[dict] = field(default_factory=list)


class Answer(RuleBasedStateMachine):
    """One answer, any number of workers, a channel that fails in every way, and a person."""

    @initialize()
    def begin(self) -> None:
        self.row, self.channel, self.workers = Row(), Channel(), []

    def write(self, worker: Worker, taken: Step, **changes: object) -> bool:
        """What `hold` does: under the fence or not at all."""
        if worker.fence != self.row.fence:
            return False
        self.row.state = step(self.row.state, taken)
        for name, value in changes.items():
            setattr(self.row, name, value)
        return True

    @rule()
    def a_person_approves(self) -> None:
        if self.row.state is State.DRAFT:
            self.row.state = step(step(self.row.state, Step.APPROVE), Step.QUEUE)
            self.row.destination = dict(TO)

    @rule()
    def a_person_takes_it_back(self) -> None:
        if self.row.state in sending.WAITING:
            self.row.state = step(self.row.state, Step.CANCEL)
            self.row.fence += 1

    @rule()
    def a_worker_claims(self) -> None:
        # also while another one sleeps: its lease has ended
        if self.row.state in sending.CLAIMABLE:
            self.row.fence += 1
            self.row.state = step(self.row.state, Step.CLAIM)
            self.workers.append(Worker(self.row.fence))

    @rule(number=st.integers(0, 3))
    def a_worker_commits_sending(self, number: int) -> None:
        worker = self.worker(number)
        if worker and not worker.attempt and worker.fence == self.row.fence:
            attempt = self.row.attempt + 1
            if self.row.state is State.CLAIMED and self.write(worker, Step.START, attempt=attempt):
                worker.attempt = attempt

    @rule(
        number=st.integers(0, 3), fails=st.sampled_from(["no", "swallow", "drop", "miss", "refuse"])
    )
    def a_worker_calls_the_channel(self, number: int, fails: str) -> None:
        worker = self.worker(number)
        if not worker or not worker.attempt or worker.called:
            return
        worker.called = True
        if fails in {"no", "swallow"}:
            self.channel.accepted.append(dict(self.row.destination or {}))
        errors = {
            "swallow": ReplyError("time-out"),
            "drop": ReplyError("reset"),
            "miss": ReplyNotAccepted("refused connection"),
            "refuse": ReplyRejected("550"),
        }
        if fails == "no":
            worker.result = Step.ACCEPT
        else:
            worker.result = sending.meaning(errors[fails], attempt=worker.attempt)

    @rule(number=st.integers(0, 3))
    def a_worker_writes_the_outcome(self, number: int) -> None:
        worker = self.worker(number)
        if not worker or worker.result is None:
            return
        self.workers.remove(worker)
        if not self.write(worker, worker.result):
            late = self.row.state is State.UNKNOWN and self.row.attempt == worker.attempt
            if late and worker.result is not Step.LOSE:
                self.row.fence += 1
                self.row.state = step(self.row.state, worker.result)

    @rule(number=st.integers(0, 3))
    def a_worker_is_killed(self, number: int) -> None:
        if worker := self.worker(number):
            self.workers.remove(worker)

    @rule()
    def somebody_finds_it_sending_without_a_lease(self) -> None:
        if self.row.state is State.SENDING:
            self.row.fence += 1
            self.row.state = step(self.row.state, Step.LOSE)

    @rule()
    def the_channel_reads_back(self) -> None:
        if self.row.state is State.UNKNOWN and self.channel.accepted:
            self.row.fence += 1
            self.row.state = step(self.row.state, Step.ACCEPT)

    @rule()
    def a_person_gives_up(self) -> None:
        if self.row.state is State.UNKNOWN:
            self.row.fence += 1
            self.row.state = step(self.row.state, Step.GIVE_UP)

    def worker(self, number: int) -> Worker | None:
        return self.workers[number % len(self.workers)] if self.workers else None

    @invariant()
    def it_is_accepted_at_most_once(self) -> None:
        assert len(self.channel.accepted) <= 1

    @invariant()
    def what_was_accepted_is_sent_or_unclear(self) -> None:
        if self.channel.accepted and not self.workers_on_it():
            seen = {State.SENT, State.UNKNOWN, State.SENDING}
            assert self.row.state in seen or self.given_up()

    @invariant()
    def what_is_sent_was_accepted(self) -> None:
        if self.row.state is State.SENT:
            assert len(self.channel.accepted) == 1

    @invariant()
    def it_goes_where_it_was_approved_to_go(self) -> None:
        assert all(to == TO for to in self.channel.accepted)

    @invariant()
    def it_is_never_hidden(self) -> None:
        # approved for good means queued: there is no state in which nothing looks for it
        assert self.row.state is not State.APPROVED

    def workers_on_it(self) -> bool:
        return any(worker.result for worker in self.workers)

    def given_up(self) -> bool:
        return self.row.state is State.REJECTED


TestAnswer = Answer.TestCase
TestAnswer.settings = settings(max_examples=400, stateful_step_count=40, deadline=None)


@pytest.mark.parametrize("state", list(State))
@pytest.mark.parametrize("taken", list(Step))
def test_it_goes_only_where_a_step_leads(state: State, taken: Step):
    if (state, taken) in STEPS:
        assert step(state, taken) is STEPS[state, taken]
    else:
        with pytest.raises(IllegalStep):
            step(state, taken)


def test_it_never_leads_out_of_an_end():
    assert not [taken for state, taken in STEPS if state in {State.SENT, State.REJECTED}]


def test_a_machine_never_leads_from_unclear_back_to_sending():
    by_machine = {Step.CLAIM, Step.START, Step.QUEUE}

    assert not [taken for state, taken in STEPS if state is State.UNKNOWN and taken in by_machine]


@pytest.mark.parametrize(
    ("error", "attempt", "meant"),
    [
        (ReplyRejected("550"), 1, Step.REFUSE),
        (ReplyNotAccepted("refused"), 1, Step.MISS),
        (ReplyNotAccepted("refused"), sending.ATTEMPTS, Step.EXHAUST),
        (ReplyError("time-out"), 1, Step.LOSE),
        (TimeoutError(), 1, Step.LOSE),
        (ZeroDivisionError(), 1, Step.LOSE),
    ],
)
def test_it_tries_again_only_what_provably_did_not_arrive(error, attempt, meant):
    assert sending.meaning(error, attempt=attempt) is meant


FACTS = Facts("digest", TO, 1, 2, "account")


@pytest.mark.parametrize(
    ("changed", "word"),
    [
        ({}, None),
        ({"body": "x"}, "body_changed"),
        ({"destination": {"to": "x"}}, "destination_changed"),
        ({"identity": 9}, "person_changed"),
        ({"case": 9}, "case_changed"),
        ({"account": "x"}, "account_changed"),
    ],
)
def test_it_objects_when_anything_has_changed(changed, word):
    present = FACTS._replace(**changed)

    assert sending.objection(FACTS, present, may_send=True, reply_until=None, now=NOW) == word


def test_it_objects_to_a_member_who_may_not_and_to_a_window_that_is_closed():
    soon = NOW + timedelta(minutes=1)
    past = NOW - timedelta(minutes=1)

    def objection(*, may_send: bool, until: datetime | None) -> str | None:
        return sending.objection(FACTS, FACTS, may_send=may_send, reply_until=until, now=NOW)

    assert objection(may_send=True, until=soon) is None
    assert objection(may_send=True, until=past) == "too_late"
    assert objection(may_send=False, until=soon) == "member_not_allowed"
