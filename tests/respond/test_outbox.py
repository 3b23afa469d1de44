"""Sending: at most once, only what was approved, and every failure means what it means."""

import math
from datetime import timedelta

import pytest
from django.db import OperationalError

from desk import letter, member, now, only_case, say
from oracle import accepted
from sori.database import claim
from sori.errors import Refused, ReplyError
from sori.journal.models import Event
from sori.respond import outbox, sending, services
from sori.respond.models import Case, Clock, Message
from sori.staff.models import Role

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def answer(lake, oracle) -> Message:
    """An approved answer that is due."""
    say(lake, letter(oracle))
    asked = Message.objects.get()
    return services.approve_reply(answers=asked.pk, member=member(), body="곧 도착합니다.")


def behave(oracle, *script: str, reads_back: bool = True) -> None:
    """How the channel answers from now on; approved answers were approved with it."""
    oracle.settings |= {"script": list(script), "reads_back": reads_back}
    oracle.save()
    for one in Message.objects.filter(direction="out"):
        one.destination["account"] = outbox.account(oracle)
        one.save()


def later(message: Message) -> Message:
    """Time passes until the answer is due again."""
    Message.objects.filter(pk=message.pk, due_at__isnull=False).update(due_at=now() - DAY)
    return again(message)


def again(message: Message) -> Message:
    return Message.objects.get(pk=message.pk)


def book(oracle) -> list[dict]:
    return accepted(oracle.settings["book"])


def kinds() -> list[str]:
    return list(Event.objects.values_list("kind", flat=True))


def test_it_sends_what_was_approved_to_where_it_was_approved(answer, oracle):
    assert outbox.deliver_due() == 1

    sent = again(answer)
    assert [(one["to"], one["text"], one["key"]) for one in book(oracle)] == [
        ({"to": "kim@customer.example"}, "곧 도착합니다.", answer.key)
    ]
    assert (sent.state, sent.external_id) == ("sent", f"<{answer.key}@oracle>")
    assert (sent.due_at, sent.lease_until, sent.attempt) == (None, None, 1)
    assert only_case().status == "pending"
    clock = Clock.objects.get()
    assert (clock.outcome, clock.stopped_at) == ("met", sent.sent_at)
    assert kinds()[-2:] == ["clock.stopped", "answer.sent"]
    assert outbox.deliver_due() == 0


def test_it_says_that_a_late_answer_missed_its_clock(answer):
    Clock.objects.update(due_at=now() - timedelta(seconds=1))

    outbox.deliver_due()

    assert Clock.objects.get().outcome == "missed"


def test_it_shows_a_refused_answer_to_a_person(answer, oracle):
    behave(oracle, "refuse")
    Case.objects.update(status="resolved")

    outbox.deliver_due()

    assert again(answer).state == "rejected"
    assert "no such mailbox" in again(answer).evidence
    assert only_case().status == "open"
    assert Clock.objects.get().outcome == "running"
    assert kinds()[-1] == "answer.refused"


def test_it_tries_again_what_provably_did_not_arrive(answer, oracle):
    behave(oracle, "miss", "miss", "accept")

    outbox.deliver_due()
    waiting = again(answer)
    assert (waiting.state, waiting.attempt) == ("retry", 1)
    assert waiting.due_at > now()
    assert outbox.deliver_due() == 0

    for _ in range(2):
        later(answer)
        outbox.deliver_due()

    assert (again(answer).state, again(answer).attempt) == ("sent", 3)
    assert len(book(oracle)) == 1


def test_it_gives_up_after_eight_attempts(answer, oracle):
    behave(oracle, "miss")

    for _ in range(12):
        outbox.deliver_due()
        later(answer)

    assert (again(answer).state, again(answer).attempt) == ("rejected", sending.ATTEMPTS)
    assert book(oracle) == []


@pytest.mark.parametrize("word", ["swallow", "drop"])
def test_it_never_sends_again_what_may_have_arrived(answer, oracle, word):
    behave(oracle, word, "accept", reads_back=False)

    for _ in range(6):
        outbox.deliver_due()
        later(answer)

    unclear = again(answer)
    assert (unclear.state, unclear.attempt, unclear.due_at) == ("unknown", 1, None)
    assert unclear.evidence.count("not seen") == len(sending.LOOKS)
    assert len(book(oracle)) == (1 if word == "swallow" else 0)
    assert "answer.unclear" in kinds()


def test_it_reads_back_whether_it_arrived(answer, oracle):
    behave(oracle, "swallow")
    outbox.deliver_due()
    assert again(answer).state == "unknown"
    assert only_case().status == "new"

    later(answer)
    outbox.deliver_due()

    assert again(answer).state == "sent"
    assert Event.objects.latest("pk").data["proof"] == "read_back"
    assert Clock.objects.get().outcome == "met"
    assert len(book(oracle)) == 1


def test_it_calls_a_fault_of_the_channel_unclear_and_tells(answer, oracle):
    behave(oracle, "bug")

    with pytest.raises(ReplyError, match="ZeroDivisionError"):
        outbox.deliver_due()

    assert again(answer).state == "unknown"


@pytest.mark.parametrize(
    ("outcome", "state", "arrived"),
    [("sent", "sent", 1), ("resend", "sent", 2), ("give_up", "rejected", 1)],
)
def test_a_person_settles_what_is_unclear(answer, oracle, outcome, state, arrived):
    behave(oracle, "swallow", "accept", reads_back=False)
    outbox.deliver_due()

    services.settle_unknown(
        message=answer.pk, member=member(role=Role.SUPERVISOR), outcome=outcome, evidence="전화함"
    )
    outbox.deliver_due()

    assert again(answer).state == state
    assert "전화함" in again(answer).evidence
    assert len(book(oracle)) == arrived
    assert {line["key"] for line in book(oracle)} == {answer.key}
    with pytest.raises(Refused):
        services.settle_unknown(message=answer.pk, member=member(), outcome=outcome)


def lose_lease(message: Message) -> None:
    Message.objects.filter(pk=message.pk).update(lease_until=now() - DAY)


def test_it_calls_unclear_what_a_dead_worker_was_sending(answer, oracle, monkeypatch):
    row = claim(Message.objects.filter(pk=answer.pk), lease=DAY)[0]
    outbox.hold(row, state="claimed")
    assert outbox._prepare(row)
    lose_lease(answer)

    assert outbox.lose_abandoned() == 1

    assert again(answer).state == "unknown"
    assert book(oracle) == []


def test_it_sends_what_a_dead_worker_had_only_claimed(answer, oracle):
    row = claim(Message.objects.filter(pk=answer.pk), lease=DAY)[0]
    outbox.hold(row, state="claimed")
    lose_lease(answer)

    outbox.deliver_due()

    assert again(answer).state == "sent"
    assert len(book(oracle)) == 1


def test_a_worker_that_wakes_up_cannot_begin_to_send(answer, oracle):
    asleep = claim(Message.objects.filter(pk=answer.pk), lease=DAY)[0]
    outbox.hold(asleep, state="claimed")
    lose_lease(answer)
    outbox.deliver_due()

    with pytest.raises(outbox.Stale):
        outbox._prepare(asleep)

    assert len(book(oracle)) == 1


def sleeper(answer: Message) -> tuple:
    """A worker that committed SENDING and fell asleep; the others think it is dead."""
    row = claim(Message.objects.filter(pk=answer.pk), lease=DAY)[0]
    outbox.hold(row, state="claimed")
    ready = outbox._prepare(row)
    lose_lease(answer)
    outbox.lose_abandoned()
    return ready


@pytest.mark.parametrize(
    ("word", "state"),
    [("accept", "sent"), ("refuse", "rejected"), ("miss", "retry"), ("drop", "unknown")],
)
def test_a_worker_that_wakes_up_brings_late_proof(answer, oracle, word, state):
    behave(oracle, word)
    ready = sleeper(answer)

    outbox._send(*ready, until=math.inf)

    assert again(answer).state == state


def test_a_worker_that_slept_past_its_lease_does_not_call_the_channel(answer, oracle):
    ready = sleeper(answer)
    services.settle_unknown(message=answer.pk, member=member(), outcome="resend")
    outbox.deliver_due()

    outbox._send(*ready, until=0.0)

    assert again(answer).state == "sent"
    assert len(book(oracle)) == 1


def test_late_proof_does_not_overrule_a_person(answer, oracle):
    ready = sleeper(answer)
    services.settle_unknown(message=answer.pk, member=member(), outcome="give_up")

    outbox._send(*ready, until=math.inf)

    assert again(answer).state == "rejected"
    assert kinds()[-1] == "answer.proof_came_late"


@pytest.mark.django_db(transaction=True)
def test_it_writes_the_outcome_when_the_database_stumbles(answer, oracle, monkeypatch):
    stumbles = [OperationalError("deadlock detected"), OperationalError("connection lost")]
    arrived = outbox.arrived

    def stumble(*told, **more) -> None:
        if stumbles:
            raise stumbles.pop()
        arrived(*told, **more)

    monkeypatch.setattr(outbox, "arrived", stumble)
    monkeypatch.setattr(outbox, "_PAUSES", (0.0, 0.0, 0.0))

    outbox.deliver_due()

    assert again(answer).state == "sent"
    assert len(book(oracle)) == 1
    assert kinds().count("answer.sent") == 1


def damage(what: str, answer: Message, oracle) -> None:
    asked = answer.answers
    if what == "body_changed":
        Message.objects.filter(pk=answer.pk).update(body="다른 말")
    elif what == "destination_changed":
        Message.objects.filter(pk=asked.pk).update(reply_address={"to": "mallory@evil.example"})
    elif what == "case_changed":
        other = only_case()
        other.pk = None
        other.save()
        answer.conversation.case = other
        answer.conversation.save()
    elif what == "account_changed":
        oracle.settings |= {"script": ["accept", "accept"]}
        oracle.save()
    elif what == "member_not_allowed":
        answer.approved_by.is_active = False
        answer.approved_by.save()
    elif what == "too_late":
        Message.objects.filter(pk=answer.pk).update(reply_until=now() - DAY)


@pytest.mark.parametrize(
    "what",
    [
        "body_changed",
        "destination_changed",
        "case_changed",
        "account_changed",
        "member_not_allowed",
        "too_late",
    ],
)
def test_it_checks_once_more_before_it_sends(answer, oracle, what):
    damage(what, answer, oracle)

    outbox.deliver_due()

    assert book(oracle) == []
    assert again(answer).state == "rejected"
    assert Event.objects.get(kind="answer.refused").data["why"] == what


def test_it_holds_everything_until_a_person_releases_it(answer, oracle):
    services.hold_outgoing(reason="restored from a backup")
    assert outbox.deliver_due() == 0
    assert again(answer).state == "queued"

    assert services.release_outgoing(member=member()) == 1

    outbox.deliver_due()
    assert again(answer).state == "sent"


def test_it_puts_off_what_has_no_way_out(answer, oracle):
    type(oracle).objects.update(channel="mute")
    answer.destination["account"] = outbox.account(type(oracle).objects.get(pk=oracle.pk))
    answer.save()

    outbox.deliver_due()

    assert again(answer).state == "retry"
    assert "cannot answer" in again(answer).evidence


def test_it_waits_as_long_as_the_channel_asks():
    for attempt in range(1, 20):
        assert sending.wait(attempt, 0.0) >= timedelta(seconds=15)
        assert sending.wait(attempt, 1.0) <= timedelta(minutes=15)
        assert sending.wait(attempt, 0.5, retry_after=3600) == timedelta(hours=1)


def test_the_model_knows_the_states_of_the_machine():
    words = {state.value for state in sending.State} | {"received"}

    assert set(Message.State.values) == words
