"""Send what was approved: at most once, to where it was approved, and never in silence.

A worker claims an answer for a while, checks once more that everything still is as it was when a
person approved it, commits "sending", and only then calls the channel. If it dies in between, its
lease ends and another worker finds the row "sending": nobody knows whether the answer arrived, so
it is never sent again by itself. The channel is asked to read back, and after that a person is.
"""

import random
import time
from datetime import timedelta
from functools import partial
from typing import Final

import structlog
from django.db import OperationalError, close_old_connections
from django.db.models import QuerySet
from django.utils import timezone

from sori.channels.contract import Address, Recognises, Sent, SignedReplies, Writer
from sori.database import claim, hold, write_atomic
from sori.errors import ConfigurationError, ReplyNotAccepted, SoriError, Stale
from sori.journal.services import record
from sori.listen.models import Source
from sori.respond import sending
from sori.respond.aftermath import arrived, needs_a_person
from sori.respond.attempting import Ended, attempt, claimed, said
from sori.respond.destination import account, address, approved, way_out, where
from sori.respond.doors import Door, open_door
from sori.respond.models import Hold, Message
from sori.respond.sending import Facts, State, Step
from sori.staff.faces import face_of
from sori.staff.permissions import Permission, allows

log = structlog.get_logger(__name__)

LEASE: Final = timedelta(minutes=5)
"""Longer than any channel may take over one answer; a channel sets its own, shorter time-outs."""

_EVIDENCE: Final = 20_000
_PAUSES: Final = (0.2, 1.0, 5.0)
_chance = random.SystemRandom()


def deliver_due(limit: int = 20) -> int:
    """Do what is due in the outbox.

    Answers whose worker died become UNKNOWN, unclear ones are looked for, and up to `limit`
    approved ones are sent, one at a time, oldest first. While outgoing answers are held, nothing
    is sent.

    Returns:
        How many channel calls and look-ups were made; 0 means there was nothing to do.

    Raises:
        ReplyError: when a channel fell over instead of failing; its answer is UNKNOWN.
    """
    lose_abandoned()
    done = 0
    for _ in range(limit):
        if not _look_for_one():
            break
        done += 1
    for _ in range(limit):
        if not _deliver_one():
            break
        done += 1
    return done


def lose_abandoned() -> int:
    """Answers that a worker was sending when its lease ended: nobody knows whether they arrived."""
    lost = 0
    # the claim moves the fence, so a worker that wakes up late cannot write as if nothing happened
    with write_atomic():
        for answer in claim(_outgoing().filter(state=State.SENDING), lease=LEASE, limit=100):
            _lose(answer, "the worker stopped while it was sending")
            lost += 1
    return lost


def _deliver_one() -> bool:
    until = time.monotonic() + LEASE.total_seconds()
    answer = claimed(_outgoing(), lease=LEASE)
    if answer is None:
        return False
    try:
        if ready := _prepare(answer):
            _send(*ready, until=until)
    except Stale:
        # somebody took it back, or our lease ended before we began: theirs counts
        log.info("outbox.lost_to_another", message=answer.pk)
    return True


def _prepare(claimed: Message) -> tuple[Message, Door] | None:
    """Check everything once more and commit SENDING; None when it must not be sent now."""
    with write_atomic():
        answer = _whole(claimed)
        if answer.fence != claimed.fence:
            raise Stale(f"{claimed} was claimed by another worker")
        if word := _objection(answer):
            _end(answer, Step.OBJECT, f"not sent: {word}", why=word)
            return None
        try:
            door = open_door(_way_out(answer))
        except ConfigurationError as error:
            _put_off(answer, Ended(Step.MISS, str(error)), attempt=answer.attempt + 1)
            return None
        if Hold.objects.filter(released_at=None).exists():
            hold(answer, state=sending.step(answer.state, Step.STAY), lease_until=None)
            return None
        hold(
            answer,
            state=sending.step(answer.state, Step.START),
            attempt=answer.attempt + 1,
            attempted_at=timezone.now(),
        )
        return answer, door


def _send(answer: Message, door: Door, *, until: float) -> None:
    """Call the channel, unless we slept past the end of our lease.

    Args:
        answer: SENDING.
        door: the way out.
        until: when our lease ends, by the clock that runs on while a process is stopped. Somebody
            may have decided meanwhile to send it again.
    """
    to = address(answer.destination or {})

    def call() -> Sent:
        if time.monotonic() >= until:
            raise ReplyNotAccepted("the worker woke up too late and did not call the channel")
        return _call(answer, door, to)

    attempt(call, partial(_conclude, answer), number=answer.attempt)


def _conclude(answer: Message, ended: Ended) -> None:
    """Write how the attempt ended.

    What we know now nobody else knows: a database that stumbles is given some time before the
    answer is left to be found as unclear.
    """
    for pause in _PAUSES:
        try:
            _write_outcome(answer, ended)
        except OperationalError as trouble:
            log.warning("outbox.outcome_not_written", message=answer.pk, error=str(trouble))
            close_old_connections()
            time.sleep(pause)
        else:
            return
    _write_outcome(answer, ended)


def _write_outcome(answer: Message, ended: Ended) -> None:
    """Under our fence; without it a late proof still counts, as long as nobody has decided."""
    with write_atomic():
        rows = Message.objects.select_related("conversation")
        now = rows.select_for_update(of=("self",)).get(pk=answer.pk)
        ours = now.fence == answer.fence
        # the same attempt, so what we saw is the truth about it
        unclear = now.state == State.UNKNOWN and now.attempt == answer.attempt
        if ours or (unclear and ended.taken is not Step.LOSE):
            _write(now, ended)
        elif not unclear and not (now.state == State.SENT and ended.taken is Step.ACCEPT):
            _came_too_late(now, ended.taken)


def _write(answer: Message, ended: Ended) -> None:
    if ended.sent is not None:
        proof = "accepted" if answer.state == State.SENDING else "late"
        _accept(answer, ended.sent, proof=proof)
    elif ended.taken is Step.LOSE:
        _lose(answer, ended.why)
    elif ended.taken is Step.MISS:
        _put_off(answer, ended, attempt=answer.attempt)
    else:
        _end(answer, ended.taken, ended.why, why=ended.taken.value)


def _call(answer: Message, door: Door, to: Address) -> Sent:
    writer = (answer.destination or {}).get("writer")
    if writer and isinstance(door.channel, SignedReplies):
        signed = Writer(writer["name"], writer["about"], face_of(answer.member_id))
        return door.channel.reply_signed(door.settings, to, answer.body, answer.key or "", signed)
    return door.channel.reply(door.settings, to, answer.body, answer.key or "")


def _look_for_one() -> bool:
    """Ask the channel of one unclear answer whether it arrived."""
    rows = claim(_outgoing().filter(state=State.UNKNOWN), lease=LEASE)
    if not rows:
        return False
    answer = rows[0]
    try:
        # written before looking, so that a channel that falls over is not asked for ever
        wait = sending.next_look(answer.looks + 1)
        due_at = timezone.now() + wait if wait else None
        hold(answer, looks=answer.looks + 1, due_at=due_at)
        seen, evidence = _find(answer)
        with write_atomic():
            if seen is not None:
                _accept(answer, seen, proof="read_back")
            else:
                hold(answer, lease_until=None, evidence=_with(answer, evidence))
    except Stale:
        log.info("outbox.decided_meanwhile", message=answer.pk)
    return True


def _find(answer: Message) -> tuple[Sent | None, str]:
    to = address(answer.destination or {})
    try:
        door = open_door(_way_out(_whole(answer)))
        seen = door.channel.find(door.settings, to, answer.key or "")
        if seen is None and isinstance(door.channel, Recognises) and answer.attempted_at:
            at = answer.attempted_at
            seen = door.channel.recognise(door.settings, to, answer.body, at)
    except SoriError as error:
        return None, f"could not be looked for: {said(error)}"
    return seen, "looked for, not seen"


def _outgoing() -> QuerySet[Message]:
    return Message.objects.filter(direction=Message.Direction.OUT)


def _whole(answer: Message) -> Message:
    return Message.objects.select_related(
        "conversation__source", "approved_by", "answers__conversation__source"
    ).get(pk=answer.pk)


def _objection(answer: Message) -> str | None:
    conversation, frozen = answer.conversation, approved(answer)
    present = Facts(
        body=sending.digest(answer.body),
        destination=where(answer),
        identity=conversation.identity_id,
        # news belongs to no matter: it goes to the same account, whatever became of the case
        case=frozen.case if answer.notice else conversation.case_id,
        account=account(_way_out(answer)),
    )
    return sending.objection(
        frozen,
        present,
        may_send=allows(answer.approved_by, Permission.SEND_REPLY),
        reply_until=answer.reply_until,
        now=timezone.now(),
    )


def _way_out(answer: Message) -> Source:
    return way_out(answer.answers) if answer.answers else answer.conversation.source


def _accept(answer: Message, sent: Sent, *, proof: str) -> None:
    hold(
        answer,
        state=sending.step(answer.state, Step.ACCEPT),
        external_id=sent.external_id[:255],
        sent_at=sent.at,
        due_at=None,
        lease_until=None,
    )
    arrived(answer, proof=proof)


def _lose(answer: Message, why: str) -> None:
    quiet = sending.next_look(0)
    hold(
        answer,
        state=sending.step(answer.state, Step.LOSE),
        looks=0,
        due_at=timezone.now() + quiet if quiet else None,
        lease_until=None,
        evidence=_with(answer, why),
    )
    needs_a_person(answer, "answer.unclear", attempt=answer.attempt)


def _put_off(answer: Message, ended: Ended, *, attempt: int) -> None:
    if attempt >= sending.ATTEMPTS:
        _end(answer, Step.EXHAUST, ended.why, why="exhausted")
        return
    hold(
        answer,
        state=sending.step(answer.state, ended.taken),
        attempt=attempt,
        due_at=timezone.now() + sending.wait(attempt, _chance.random(), ended.retry_after),
        lease_until=None,
        evidence=_with(answer, ended.why),
    )
    record(
        "answer.delayed",
        f"case:{answer.conversation.case_id}",
        message=answer.pk,
        attempt=attempt,
    )


def _end(answer: Message, taken: Step, evidence: str, *, why: str) -> None:
    hold(
        answer,
        state=sending.step(answer.state, taken),
        due_at=None,
        lease_until=None,
        evidence=_with(answer, evidence),
    )
    needs_a_person(answer, "answer.refused", why=why)


def _came_too_late(answer: Message, taken: Step) -> None:
    record(
        "answer.proof_came_late",
        f"case:{answer.conversation.case_id}",
        message=answer.pk,
        attempt=answer.attempt,
        found=taken.value,
    )


def _with(answer: Message, line: str) -> str:
    """The evidence with one more line, dated, so that a person can judge."""
    dated = f"{timezone.now():%Y-%m-%d %H:%M:%S} UTC {line}"
    return "\n".join(filter(None, (answer.evidence, dated)))[-_EVIDENCE:]
