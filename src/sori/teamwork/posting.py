"""Send side questions: with the care of answers, for nobody likes to be asked twice either.

The states and steps are those of an answer (`respond.sending`). What is unclear stays so: a person
sees it on the page and may ask again; when an answer comes, it had arrived.
"""

from datetime import timedelta
from functools import partial
from typing import Final

import structlog
from django.utils import timezone

from sori.channels.contract import Address
from sori.database import claim, hold, write_atomic
from sori.errors import ConfigurationError, Stale
from sori.journal.services import record
from sori.respond import sending
from sori.respond.attempting import Ended, attempt, claimed
from sori.respond.doors import Door, open_door
from sori.respond.sending import State, Step
from sori.teamwork.models import Question

log = structlog.get_logger(__name__)

LEASE: Final = timedelta(minutes=5)
"""Longer than a mailbox may take over one mail."""

_EVIDENCE: Final = 2000


def ask_due(limit: int = 10) -> int:
    """Send what is due, one after the other; while outgoing answers are held, nothing.

    Returns:
        How many were sent or tried; 0 means there was nothing to do.

    Raises:
        ReplyError: when the channel fell over instead of failing; that question is UNKNOWN.
    """
    _lose_abandoned()
    done = 0
    while done < limit and _post_one():
        done += 1
    return done


def _lose_abandoned() -> None:
    """Whose worker died while it was sending: nobody knows whether it arrived."""
    lost = Ended(Step.LOSE, "the worker stopped while it was sending")
    with write_atomic():
        for question in claim(Question.objects.filter(state=State.SENDING), lease=LEASE, limit=50):
            _conclude(question, lost)


def _post_one() -> bool:
    question = claimed(Question.objects.all(), lease=LEASE)
    if question is None:
        return False
    try:
        door = _prepare(question)
        if door is not None:
            _send(question, door)
    except (Stale, Question.DoesNotExist):
        log.info("question_lost_to_another", question=question.pk)
    return True


def _prepare(question: Question) -> Door | None:
    """Open the mailbox and commit SENDING; None when it cannot be opened."""
    with write_atomic():
        try:
            door = open_door(Question.objects.select_related("source").get(pk=question.pk).source)
        except ConfigurationError as error:
            _conclude(question, Ended(Step.OBJECT, str(error)))
            return None
        begun = {"attempt": question.attempt + 1, "attempted_at": timezone.now()}
        hold(question, state=sending.step(question.state, Step.START), **begun)
    return door


def _send(question: Question, door: Door) -> None:
    to = {"to": question.address, "subject": question.subject, "opens": True,
          "thread": question.digest[:20]}  # fmt: skip
    address = Address("private", to, question.address)
    attempt(
        lambda: door.channel.reply(door.settings, address, question.body, question.key),
        partial(_conclude, question),
        number=question.attempt,
    )


def _conclude(question: Question, ended: Ended) -> None:
    """Write how an attempt ended, under our fence; what is settled keeps no key."""
    state = sending.step(question.state, ended.taken)
    changes: dict[str, object] = {"state": state, "due_at": None, "lease_until": None}
    if ended.why:
        changes["evidence"] = ended.why[:_EVIDENCE]
    if state == State.RETRY:
        wait = sending.wait(question.attempt, 0.5, ended.retry_after)
        changes["due_at"] = timezone.now() + wait
    else:
        changes["key"] = ""
    if ended.sent is not None:
        changes |= {"external_id": ended.sent.external_id[:255], "sent_at": ended.sent.at}
    with write_atomic():
        hold(question, **changes)
        _tell(question, ended.taken)


def _tell(question: Question, taken: Step) -> None:
    about, number, asked_by = f"case:{question.case_id}", question.pk, question.asked_by_id
    if question.state == State.SENT:
        record("question.sent", about, question=number)
    elif question.state == State.REJECTED:
        record("question.refused", about, question=number, asked_by=asked_by, why=taken.value)
    elif question.state == State.UNKNOWN:
        record("question.unclear", about, question=number, asked_by=asked_by)
