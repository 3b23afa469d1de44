"""Post what was approved: at most once, and never in silence.

As with answers, "sending" is committed before the channel is called. A worker that dies in between
leaves a row of which nobody knows whether it arrived; the channel is asked to read it back, and
after that a person is.
"""

import random
from datetime import timedelta
from typing import Any, Final

import structlog
from django.db.models import QuerySet
from django.utils import timezone

from sori.change.notices.models import Phase, Post
from sori.channels import registry
from sori.channels.contract import Posts, Sent
from sori.database import claim, hold, write_atomic
from sori.errors import ConfigurationError, ReplyError, SoriError, Stale
from sori.journal.services import record
from sori.listen.vault import opened_settings
from sori.respond import sending
from sori.respond.models import Hold
from sori.respond.sending import State, Step
from sori.staff.permissions import Permission, allows

log = structlog.get_logger(__name__)

LEASE: Final = timedelta(minutes=5)
_EVIDENCE: Final = 500
_chance = random.SystemRandom()


def post_due() -> int:
    """Post one that is due, look for one of which nobody knows; returns how many there were."""
    done = 0
    for work in (_lose_abandoned, _look_for_one, _post_one):
        try:
            done += work()
        except Stale:
            log.info("notices.decided_meanwhile")
            done += 1
    return done


def _lose_abandoned() -> int:
    with write_atomic():
        rows = claim(_in(State.SENDING), lease=LEASE, limit=20)
        for row in rows:
            _end(row, Step.LOSE, evidence="the worker stopped while it was posting")
    return len(rows)


def _look_for_one() -> int:
    rows = claim(_in(State.UNKNOWN), lease=LEASE)
    if not rows:
        return 0
    row = rows[0]
    wait = sending.next_look(row.looks + 1)
    # written before looking, so that a channel that falls over is not asked for ever
    hold(row, looks=row.looks + 1, due_at=timezone.now() + wait if wait else None)
    try:
        door, settings = _door(row)
        seen = door.find_post(settings, row.text, row.attempted_at or row.at)
    except SoriError as error:
        hold(row, lease_until=None, evidence=_said(error))
        return 1
    if seen is None:
        hold(row, lease_until=None)
    else:
        _end(row, Step.ACCEPT, sent=seen)
    return 1


def _post_one() -> int:
    with write_atomic():
        if Hold.objects.filter(released_at=None).exists():
            return 0
        rows = claim(_in(*sending.CLAIMABLE), lease=LEASE)
        if not rows:
            return 0
        row = rows[0]
        hold(row, state=sending.step(row.state, Step.CLAIM))
        if word := _objection(row):
            _end(row, Step.OBJECT, evidence=word)
            return 1
        attempt = row.attempt + 1
        start = {"state": sending.step(row.state, Step.START), "attempt": attempt}
        hold(row, attempted_at=timezone.now(), **start)
    _send(row)
    return 1


def _send(row: Post) -> None:
    try:
        door, settings = _door(row)
    except ConfigurationError as error:
        _end(row, Step.REFUSE, evidence=_said(error))
        return
    try:
        sent = door.post(settings, row.text, row.key)
    except ReplyError as error:
        _failed(row, error)
    except Exception as error:
        # a fault in the channel: whether it had posted anything before, nobody knows
        _end(row, Step.LOSE, evidence=_said(error))
        raise ReplyError(f"the channel fell over while it posted: {_said(error)}") from error
    else:
        _end(row, Step.ACCEPT, sent=sent)


def _failed(row: Post, error: ReplyError) -> None:
    taken = sending.meaning(error, attempt=row.attempt)
    retry_after = getattr(error, "retry_after", None)
    due_at = timezone.now() + sending.wait(row.attempt, _chance.random(), retry_after)
    _end(row, taken, evidence=_said(error), due_at=due_at if taken is Step.MISS else None)


def _end(
    row: Post, taken: Step, *, sent: Sent | None = None, evidence: str = "", due_at: Any = None
) -> None:
    """Write how an attempt ended, under our fence."""
    with write_atomic():
        if taken is Step.LOSE:
            quiet = sending.next_look(0)
            due_at = timezone.now() + quiet if quiet else None
        hold(
            row,
            state=sending.step(row.state, taken),
            due_at=due_at,
            lease_until=None,
            evidence=evidence[:_EVIDENCE],
            external_id=sent.external_id[:255] if sent else "",
            sent_at=sent.at if sent else None,
        )
        if taken is not Step.MISS:
            kind = "notice.posted" if sent else "notice.post_failed"
            record(kind, f"notice:{row.notice_id}", place=row.place)


def _objection(row: Post) -> str:
    """Why it must not be posted after all; "" when it may."""
    if row.notice.phase(timezone.now()) is not Phase.SHOWN:
        return "the notice is not shown any more"
    if not allows(row.member, Permission.PUBLISH_NOTICE):
        return "whoever approved it may not publish any more"
    return ""


def _door(row: Post) -> tuple[Posts, Any]:
    if row.source is None:
        raise ConfigurationError("its source is gone")
    door = registry.channel(row.source.channel)
    if not isinstance(door, Posts):
        raise ConfigurationError(f"nothing can be posted on the channel {row.source.channel!r}")
    return door, opened_settings(row.source)


def _in(*states: State) -> QuerySet[Post]:
    return Post.objects.filter(state__in=states)


def _said(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:_EVIDENCE]
