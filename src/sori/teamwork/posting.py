"""Send side questions: with the care of answers, for nobody likes to be asked twice either.

The states and steps are those of an answer (`respond.sending`). What is unclear stays so: a person
sees it on the page and may ask again; when an answer comes, it had arrived.
"""

from datetime import timedelta
from typing import Final

import structlog
from django.db.models import QuerySet
from django.utils import timezone

from sori.channels.contract import Address, Sent
from sori.database import claim, hold, write_atomic
from sori.errors import ConfigurationError, ReplyError, Stale
from sori.journal.services import record
from sori.respond import sending
from sori.respond.doors import Door, open_door
from sori.respond.models import Hold
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
    with write_atomic():
        for question in claim(_in(State.SENDING), lease=LEASE, limit=50):
            _conclude(question, Step.LOSE, "the worker stopped while it was sending")


def _post_one() -> bool:
    with write_atomic():
        if Hold.objects.filter(released_at=None).exists():
            return False
        rows = claim(_in(*sending.CLAIMABLE), lease=LEASE)
        if not rows:
            return False
        question = rows[0]
        hold(question, state=sending.step(question.state, Step.CLAIM))
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
            _conclude(question, Step.OBJECT, str(error))
            return None
        begun = {"attempt": question.attempt + 1, "attempted_at": timezone.now()}
        hold(question, state=sending.step(question.state, Step.START), **begun)
    return door


def _send(question: Question, door: Door) -> None:
    to = {"to": question.address, "subject": question.subject, "opens": True,
          "thread": question.digest[:20]}  # fmt: skip
    address = Address("private", to, question.address)
    try:
        sent = door.channel.reply(door.settings, address, question.body, question.key)
    except ReplyError as error:
        taken = sending.meaning(error, attempt=question.attempt)
        retry_after = getattr(error, "retry_after", None)
        _written(question, taken, _said(error), retry_after=retry_after)
    except Exception as error:
        # a fault in the channel: whether it had sent anything before, nobody knows
        _written(question, Step.LOSE, _said(error))
        raise ReplyError(f"the channel fell over while it asked: {_said(error)}") from error
    else:
        _written(question, Step.ACCEPT, "", sent=sent)


def _written(
    question: Question,
    taken: Step,
    why: str,
    *,
    sent: Sent | None = None,
    retry_after: float | None = None,
) -> None:
    with write_atomic():
        _conclude(question, taken, why, sent=sent, retry_after=retry_after)


def _conclude(
    question: Question,
    taken: Step,
    why: str,
    *,
    sent: Sent | None = None,
    retry_after: float | None = None,
) -> None:
    """Write what came of an attempt, under our fence; what is settled keeps no key."""
    state = sending.step(question.state, taken)
    changes: dict[str, object] = {"state": state, "due_at": None, "lease_until": None}
    if why:
        changes["evidence"] = why[:_EVIDENCE]
    if state == State.RETRY:
        wait = sending.wait(question.attempt, 0.5, retry_after)
        changes["due_at"] = timezone.now() + wait
    else:
        changes["key"] = ""
    if sent is not None:
        changes |= {"external_id": sent.external_id[:255], "sent_at": sent.at}
    hold(question, **changes)
    about, number, asked_by = f"case:{question.case_id}", question.pk, question.asked_by_id
    if state == State.SENT:
        record("question.sent", about, question=number)
    elif state == State.REJECTED:
        record("question.refused", about, question=number, asked_by=asked_by, why=taken.value)
    elif state == State.UNKNOWN:
        record("question.unclear", about, question=number, asked_by=asked_by)


def _in(*states: State) -> QuerySet[Question]:
    return Question.objects.filter(state__in=states)


def _said(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"
