"""Post what was approved: at most once, and never in silence.

As with answers, "sending" is committed before the channel is called. A worker that dies in between
leaves a row of which nobody knows whether it arrived; the channel is asked to read it back, and
after that a person is.
"""

import random
from datetime import timedelta
from functools import partial
from typing import Any, Final

import structlog
from django.utils import timezone

from sori.change.notices.models import Phase, Post
from sori.channels import registry
from sori.channels.contract import Posts
from sori.database import claim, hold, write_atomic
from sori.errors import ConfigurationError, SoriError, Stale
from sori.journal.services import record
from sori.listen.vault import opened_settings
from sori.respond import sending
from sori.respond.attempting import Ended, attempt, claimed, said
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
        rows = claim(Post.objects.filter(state=State.SENDING), lease=LEASE, limit=20)
        for row in rows:
            _end(row, Ended(Step.LOSE, "the worker stopped while it was posting"))
    return len(rows)


def _look_for_one() -> int:
    rows = claim(Post.objects.filter(state=State.UNKNOWN), lease=LEASE)
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
        hold(row, lease_until=None, evidence=said(error)[:_EVIDENCE])
        return 1
    if seen is None:
        hold(row, lease_until=None)
    else:
        _end(row, Ended(Step.ACCEPT, sent=seen))
    return 1


def _post_one() -> int:
    with write_atomic():
        row = claimed(Post.objects.all(), lease=LEASE)
        if row is None:
            return 0
        if word := _objection(row):
            _end(row, Ended(Step.OBJECT, word))
            return 1
        begun = {"attempt": row.attempt + 1, "attempted_at": timezone.now()}
        hold(row, state=sending.step(row.state, Step.START), **begun)
    _send(row)
    return 1


def _send(row: Post) -> None:
    try:
        door, settings = _door(row)
    except ConfigurationError as error:
        _end(row, Ended(Step.REFUSE, said(error)))
        return
    attempt(lambda: door.post(settings, row.text, row.key), partial(_end, row), number=row.attempt)


def _end(row: Post, ended: Ended) -> None:
    """Write how an attempt ended, under our fence."""
    sent, wait = ended.sent, _wait(row, ended)
    with write_atomic():
        hold(
            row,
            state=sending.step(row.state, ended.taken),
            due_at=timezone.now() + wait if wait else None,
            lease_until=None,
            evidence=ended.why[:_EVIDENCE],
            external_id=sent.external_id[:255] if sent else "",
            sent_at=sent.at if sent else None,
        )
        if ended.taken is not Step.MISS:
            kind = "notice.posted" if sent else "notice.post_failed"
            record(kind, f"notice:{row.notice_id}", place=row.place)


def _wait(row: Post, ended: Ended) -> timedelta | None:
    """How long until it is looked for, or posted again; None: a person decides, or nobody need."""
    if ended.taken is Step.LOSE:
        return sending.next_look(0)
    if ended.taken is Step.MISS:
        return sending.wait(row.attempt, _chance.random(), ended.retry_after)
    return None


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
