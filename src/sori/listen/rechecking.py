"""Look again at posts that were heard: are they still there, and do they say what they said?

Only channels that can be asked (`Rechecks`) are. Each of their sources has a `Recheck` row that
comes due once a day: from the newest post back through a month, a hundred at a time, so that one
source takes a worker for a moment only.
"""

import json
import random
from datetime import timedelta
from typing import Final

import structlog
from django.utils import timezone

from sori import database
from sori.channels import registry
from sori.channels.contract import Listener, Page, Post, Rechecks
from sori.database import write_atomic
from sori.errors import ChannelError, ConfigurationError
from sori.listen import memory, withdrawals
from sori.listen.models import Recheck, Source
from sori.listen.polling import backoff
from sori.listen.vault import opened_settings
from sori.mention import heard
from sori.sql import read_sql

EVERY: Final = timedelta(hours=20)
"""A day, less what a round may take."""

BACK: Final = timedelta(days=30)
"""Older posts are not asked for again."""

AT_ONCE: Final = 100
LEASE: Final = timedelta(minutes=5)

_dice: Final = random.SystemRandom()
log = structlog.get_logger(__name__)


def begin() -> int:
    """Give every source that can be asked its row; returns how many were new."""
    known = Recheck.objects.values("source")
    fresh = Source.objects.filter(state=Source.State.ACTIVE).exclude(pk__in=known)
    rows = [
        Recheck(source=source, due_at=timezone.now())
        for source in fresh
        if isinstance(registry.channel(source.channel), Rechecks)
    ]
    with write_atomic():
        Recheck.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)


def recheck_due() -> tuple[Source, Page] | None:
    """Ask for the next posts of the source that is longest due, and write down what is gone.

    Returns:
        The source and what it told, whose `edited` is the caller's to write; None when no source
        is due.
    """
    begin()
    active = Recheck.objects.filter(source__state=Source.State.ACTIVE)
    for row in database.claim(active, lease=LEASE):
        return row.source, _asked(row)
    return None


def _asked(row: Recheck) -> Page:
    nothing = Page(heard([]), None)
    posts = _posts(row)
    if not posts:
        database.hold(row, place="", failures=0)
        database.release(row, due_at=timezone.now() + EVERY)
        return nothing
    channel = registry.channel(row.source.channel)
    assert isinstance(channel, Rechecks)
    listener = Listener(row.source_id, timezone.now())
    try:
        asked = [post for _mention, post in posts]
        page = channel.recheck(opened_settings(row.source), asked, listener)
    except (ChannelError, ConfigurationError) as error:
        _missed(row, error)
        return nothing
    with write_atomic():
        withdrawals.write_down(row.source, page.gone)
        database.hold(row, place=posts[-1][0], failures=0, due_at=timezone.now(), lease_until=None)
    return page


def _posts(row: Recheck) -> list[tuple[str, Post]]:
    """The next posts of a round, each with its mention's id, the newest first."""
    table = memory.reader().table(
        read_sql("lake", "heard_of_source"),
        source=row.source_id,
        before=row.place or "99999999",
        partition=(timezone.now() - BACK).strftime("%Y-%m-%d"),
        most=AT_ONCE,
    )
    return [
        (one["id"], Post(one["external_id"], json.loads(one["reply_address"] or "{}")))
        for one in table.to_pylist()
    ]


def _missed(row: Recheck, error: Exception) -> None:
    asked: float | None = getattr(error, "retry_after", None)
    wait = timedelta(seconds=60 + backoff(row.failures + 1, asked, _dice))
    log.warning("recheck_failed", source=row.source_id, error=str(error))
    database.hold(row, failures=row.failures + 1)
    database.release(row, due_at=timezone.now() + wait)
