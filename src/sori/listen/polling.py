"""Visit the sources that are due: claim one, bring its pages, and write down how it went."""

import random
import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from types import TracebackType
from typing import Any, Final

import pyarrow as pa
import structlog
from django.db import DatabaseError
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Now
from django.utils import timezone

from sori import database
from sori.channels import registry
from sori.channels.contract import Channel, Listener, Page, Pushed, Rereads
from sori.channels.fetching import LONGEST_WAIT
from sori.errors import (
    AlreadyAppended,
    ChannelError,
    ConfigurationError,
    LakeError,
    SoriError,
    Stale,
)
from sori.journal.services import record
from sori.listen import intake
from sori.listen.ledger import LEASE, Arrival, quarantined_by
from sori.listen.models import Quarantine, Source
from sori.listen.vault import opened_settings, unseal

ROWS: Final = 50_000
SECONDS: Final = 2.0
LONGEST: Final = 15 * 60.0
PATIENCE: Final = LONGEST_WAIT

_dice: Final = random.SystemRandom()

log = structlog.get_logger(__name__)


def due() -> QuerySet[Source]:
    """The sources a worker may visit: the active ones, and those asked to read something again."""
    asked = Quarantine.objects.filter(source=OuterRef("pk"), asked_at__isnull=False)
    return Source.objects.filter(Q(state=Source.State.ACTIVE) | Exists(asked))


def claim_due(
    *, limit: int = 1, lease: timedelta = LEASE, failing: bool | None = None
) -> list[Source]:
    """Claim sources that are due, longest overdue first.

    Args:
        limit: how many at most.
        lease: how long they are ours.
        failing: only those whose last visit failed (True), only the others (False), or all.
    """
    rows = due()
    if failing is not None:
        rows = rows.exclude(failures=0) if failing else rows.filter(failures=0)
    return database.claim(rows, lease=lease, limit=limit)


def seize(source: Source, *, lease: timedelta = LEASE) -> Source:
    """Claim one particular source, due or not.

    Raises:
        Stale: another worker is visiting it.
    """
    free = Q(lease_until=None) | Q(lease_until__lte=Now())
    taken = Source.objects.filter(free, pk=source.pk).update(
        lease_until=Now() + lease, fence=F("fence") + 1
    )
    if not taken:
        raise Stale(f"{source} is being visited by another worker")
    return Source.objects.get(pk=source.pk)


def arrivals(source: Source) -> Iterator[Arrival]:
    """What a claimed source brings: first what is new, then what is to be read again.

    Raises:
        ChannelError: the channel could not be read.
        ConfigurationError: its settings do not fit.
    """
    channel = registry.channel(source.channel)
    chosen = opened_settings(source)
    listener = Listener(source.pk, timezone.now())
    if source.state == Source.State.ACTIVE:
        yield from _news(source, channel, chosen, listener)
    # last, so that an item that fails in a new way does not keep us from hearing what is new
    yield from _replays(source, channel, chosen, listener)


def gathered(
    pages: Iterator[Page], *, rows: int = ROWS, seconds: float = SECONDS
) -> Iterator[Page]:
    """Join small pages: a commit costs the lake as much for ten rows as for ten thousand.

    A page that is to be written down at once is the last of its joint.

    Args:
        pages: in the channel's order.
        rows: when to stop joining by size.
        seconds: when to stop joining by time.
    """
    waiting: list[Page] = []
    count, since = 0, time.monotonic()
    try:
        for page in pages:
            waiting.append(page)
            count += page.mentions.num_rows
            if page.at_once or count >= rows or time.monotonic() - since >= seconds:
                yield _joined(waiting)
                waiting, count, since = [], 0, time.monotonic()
    except ChannelError:
        if waiting:  # what came before the failure came all the same
            yield _joined(waiting)
        raise
    if waiting:
        yield _joined(waiting)


def backoff(failures: int, retry_after: float | None, dice: random.Random) -> float:
    """Seconds to wait after this many failures in a row, with full jitter.

    The ceiling doubles from two seconds to a quarter of an hour, and the wait is anywhere below it,
    so that sources that failed together do not come back together. A wait that the other side asked
    for is added to and never cut short, up to a week.
    """
    ceiling = min(LONGEST, 2.0 ** min(failures, 20))
    return min(retry_after or 0.0, PATIENCE) + dice.uniform(0, ceiling)


class Visit:
    """The time a worker spends with one source; leaving it writes down how it went.

    A source that fails, in whatever way, is written down with the time of its next chance, for one
    dead source must never stop the others. A lost lease is somebody else's visit now. Only when our
    own house is on fire (lake, database, disk) does the error go on to the caller.

    Args:
        source: claimed by us, or by nobody yet.
        seconds: when to stop asking for more pages; never if not given.
    """

    def __init__(self, source: Source, *, seconds: float | None = None) -> None:
        self.source = source
        self._until = None if seconds is None else time.monotonic() + seconds
        self._more = False

    def __enter__(self) -> "Visit":
        if self.source.lease_until is None:
            self.source = seize(self.source)
        return self

    def arrivals(self) -> Iterator[Arrival]:
        """What the source brings, until the time is over."""
        for arrival in arrivals(self.source):
            yield arrival
            over = self._until is not None and time.monotonic() >= self._until
            if over and not arrival.at_once:
                self._more = True
                return

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> bool:
        if isinstance(error, Stale | AlreadyAppended):
            return True
        if error is not None and not isinstance(error, Exception):
            database.release(self.source, due_at=timezone.now())
            return False
        with suppress(Stale), database.write_atomic():
            if error is None:
                self._succeeded()
            else:
                self._failed(error)
        return not isinstance(error, LakeError | DatabaseError | OSError)

    def _succeeded(self) -> None:
        source, now = self.source, timezone.now()
        if source.failures and source.state == Source.State.ACTIVE:
            record("source.recovered", f"source:{source.pk}", failures=source.failures)
            database.hold(source, failures=0, error="")
        soon = self._more or intake.waiting(source)
        due_at = now if soon else now + timedelta(seconds=source.interval)
        database.hold(source, due_at=due_at, lease_until=None, polled_at=now)

    def _failed(self, error: Exception) -> None:
        source, now = self.source, timezone.now()
        words = _words(error)
        failures = source.failures + 1
        asked: float | None = getattr(error, "retry_after", None)
        wait = timedelta(seconds=backoff(failures, asked, _dice))
        log.warning("source_failed", source=source.pk, error=words, exc_info=_trace_of(error))
        database.hold(source, failures=failures, error=words, polled_at=now)
        database.release(source, due_at=now + wait)
        active = Source.objects.filter(pk=source.pk, state=Source.State.ACTIVE)
        if getattr(error, "permanent", False) and active.update(state=Source.State.BROKEN):
            record("source.broken", f"source:{source.pk}", error=words)
        elif failures == 1:
            record("source.failed", f"source:{source.pk}", error=words)


def _trace_of(error: Exception) -> Exception | None:
    return None if isinstance(error, SoriError) else error


def _words(error: Exception) -> str:
    # only our own errors are known to keep secrets out of their messages
    if isinstance(error, ChannelError | ConfigurationError):
        return str(error)
    return f"unexpected: {type(error).__name__}"


def _news(source: Source, channel: Channel, chosen: Any, listener: Listener) -> Iterator[Arrival]:
    if isinstance(channel, Pushed):
        for page, rows in intake.pages(source, channel, chosen, listener):
            yield _arrival(page, intake=rows)
    else:
        # after a failure page by page, so that what comes before the next one is kept
        most = 1 if source.failures else ROWS
        for page in gathered(channel.fetch(chosen, source.cursor, listener), rows=most):
            yield _arrival(page)


def _replays(
    source: Source, channel: Channel, chosen: Any, listener: Listener
) -> Iterator[Arrival]:
    asked = Quarantine.objects.filter(source=source, asked_at__isnull=False).order_by("pk")
    if not isinstance(channel, Rereads):
        return
    for item in asked:
        raw = unseal(bytes(item.raw), about=quarantined_by(source.pk))
        page = channel.reread(chosen, raw, listener)
        yield _arrival(page._replace(cursor=source.cursor), replays=item.pk)


def _joined(pages: list[Page]) -> Page:
    if len(pages) == 1:
        return pages[0]
    mentions = pa.concat_batches([page.mentions for page in pages])
    broken = [item for page in pages for item in page.broken]
    files = {digest: content for page in pages for digest, content in page.files.items()}
    changed = [page.edited for page in pages if page.edited is not None]
    edited = pa.concat_batches(changed) if changed else None
    gone = [name for page in pages for name in page.gone]
    last = pages[-1]
    return Page(mentions, last.cursor, broken, files, edited, gone, last.at_once)


def _arrival(page: Page, *, intake: tuple[int, ...] = (), replays: int = 0) -> Arrival:
    return Arrival(
        page.mentions,
        page.cursor,
        page.broken,
        page.files,
        intake=intake,
        replays=replays,
        edited=page.edited,
        gone=page.gone,
        at_once=page.at_once,
    )
