"""An open stream of everything that is written, and what of it is ours and not brought yet."""

import time
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any, Final, NamedTuple

from sori.channels.bluesky.dialects import (
    DIALECTS,
    FUTURE,
    OUTDATED,
    Dialect,
    Said,
    Unreadable,
    Written,
)
from sori.channels.bluesky.place import mark
from sori.channels.bluesky.settings import BlueskySettings
from sori.channels.bluesky.sieve import Sieve
from sori.channels.contract import Broken
from sori.channels.dates import instant
from sori.channels.websocket import Line, TooLong, dial
from sori.errors import ChannelError

QUIET: Final = 0.5
"""Seconds without a message after which we are up to date."""

FRESH: Final = timedelta(seconds=3)
FIRST_SIGN: Final = 5.0
CLOCKS_APART: Final = timedelta(seconds=5)
MOST_POSTS: Final = 500
MOST_BYTES: Final = 8_000_000
MOST_BROKEN: Final = 20
REMEMBERED: Final = 1000
A_DAY: Final = 86_400_000_000
TEN_MINUTES: Final = 600_000_000


class Position(NamedTuple):
    """How far a stream was read.

    Attributes:
        where: what stands for the stream.
        after: the number of the last message; None where none was read yet.
        since: what was sent before is not ours to hear; empty where that is known by the number.
        at: when the newest message was sent, or we began to listen.
    """

    where: str
    after: int | None = None
    since: str = ""
    at: str = ""


class Batch:
    """What was heard and not brought yet."""

    def __init__(self) -> None:
        self.posts: dict[str, tuple[Written, datetime | None]] = {}
        self.gone: list[str] = []
        self.broken: list[Broken] = []
        self.size = 0

    @property
    def full(self) -> bool:
        """Whether it must be brought before more is heard."""
        count = len(self.posts) + len(self.gone)
        return count >= MOST_POSTS or self.size >= MOST_BYTES or len(self.broken) >= MOST_BROKEN

    def add(self, post: Written, at: datetime | None, size: int) -> None:
        """Put a post aside; other words for one that waits here take the place of its first."""
        self.size += size
        if post.changed and post.uri in self.posts:
            post = post._replace(changed=self.posts[post.uri][0].changed)
        self.posts[post.uri] = post, at

    def remove(self, uri: str) -> None:
        """Note that a post is not there any more."""
        self.posts.pop(uri, None)
        self.gone.append(uri)

    def __bool__(self) -> bool:
        return bool(self.posts or self.gone or self.broken)


class Ear:
    """A stream that is being heard.

    Args:
        line: the open connection.
        dialect: what is spoken on it.
        sieve: which posts are ours to hear.
        begin: how far it was read before.
        known: marks of the posts that were brought of late, the newest last.

    Attributes:
        begin: as of the last page that was brought.
        position: how far it is read now.
        batch: what was heard since `begin`.
        known: with those of the batch.
        trouble: why nothing more can be heard here; None as long as it can.
    """

    def __init__(
        self, line: Line, dialect: Dialect, sieve: Sieve, begin: Position, known: Iterable[str]
    ) -> None:
        self._line, self._dialect, self._sieve = line, dialect, sieve
        self.begin = self.position = begin
        self.batch = Batch()
        self.known = dict.fromkeys(known)
        self.trouble: ChannelError | None = None
        self._heard = False
        self._lost = ""

    def close(self) -> None:
        """Hang up."""
        self._line.close()

    def brought(self) -> None:
        """Note that the batch is written down."""
        self.begin, self.batch = self.position, Batch()

    def listen(self, seconds: float) -> bool:
        """Hear what comes until the batch is full or the time is over; returns whether we are up
        to date."""
        end = time.monotonic() + seconds
        fresh = False
        while not (self.batch.full or self.trouble):
            left = end - time.monotonic()
            if left <= 0:
                return fresh
            try:
                raw = self._line.next(min(QUIET, left))
            except TooLong as error:
                self._skip(error)
                break
            except ChannelError as error:
                self.trouble = error
                break
            if raw is None:
                if left >= QUIET or fresh:
                    return True
            elif self._take(raw) and not fresh:
                fresh, end = True, min(end, time.monotonic() + QUIET)
        return False

    def is_silent(self, minutes: int, now: datetime) -> bool:
        """Whether nothing at all has passed by for so many minutes; a line just opened is given a
        moment to begin."""
        last = instant(self.position.at, UTC)
        if not minutes or last is None or now - last < timedelta(minutes=minutes):
            return False
        if not self._heard:
            self.listen(FIRST_SIGN)
        last = instant(self.position.at, UTC)
        return last is not None and now - last >= timedelta(minutes=minutes)

    def _take(self, raw: bytes) -> bool:
        """Sort a message in; returns whether it was only just sent."""
        try:
            said = self._dialect.read(raw)
        except Unreadable as error:
            self.batch.broken.append(Broken(raw, str(error)))
            self.batch.size += len(raw)
            return False
        if said.fault:
            self._fault(said)
        elif said.place is not None and self._go_on(said.place, said.at):
            self._sort(said, len(raw))
        return said.at is not None and datetime.now(UTC) - said.at < FRESH

    def _go_on(self, place: int, at: datetime | None) -> bool:
        """Move along; whether what the message says is ours to hear."""
        before, first = self.position.after, not self._heard
        self._heard = True
        if first and before is not None:
            self._look_for_gap(before, place)
        if self.trouble:
            return False
        since = instant(self.position.since, UTC)
        early = since is not None and at is not None and at < since
        newest = f"{at:%Y-%m-%dT%H:%M:%S}Z" if at else self.position.at
        self.position = self.position._replace(
            after=max(place, before or 0),
            since=self.position.since if early else "",
            at=max(self.position.at, newest),
        )
        if self._lost:
            self.trouble = ChannelError(self._lost)
        return not early

    def _look_for_gap(self, before: int, place: int) -> None:
        """Is the first message the one that follows?"""
        far = self._dialect.by_clock and place > before + TEN_MINUTES
        if place < before - self._dialect.overlap:
            self._begin_anew()
        elif far and micros(datetime.now(UTC)) - before > A_DAY:
            self._lost = OLD

    def _fault(self, said: Said) -> None:
        if said.fault == FUTURE:
            self._begin_anew()
        elif said.fault == OUTDATED:
            self._lost = OLD  # told when there is a place from which to go on
        else:
            self.trouble = ChannelError(f"the stream ends: {said.fault} {said.words}".strip())

    def _begin_anew(self) -> None:
        self.position = Position(self.position.where)
        self.trouble = ChannelError(
            "the stream began anew, and knows nothing of where we were; the next look goes on with"
            " what is said from now on"
        )

    def _skip(self, error: TooLong) -> None:
        """Leave out a message that is too long.

        Its number is the next, as far as anybody knows; Jetstream, which is asked to leave such
        messages out and did not, is believed no more about what lies behind us.
        """
        after = self.position.after
        if self._dialect.by_clock:
            self.position = self.position._replace(after=micros(datetime.now(UTC)))
        elif after is not None:
            self.position = self.position._replace(after=after + 1)
        self.trouble = ChannelError(f"{error}; it is left out")

    def _sort(self, said: Said, size: int) -> None:
        """Put aside what is ours of a message; of the rest nothing is kept."""
        for uri in said.removed:
            if _mark(uri) in self.known:
                del self.known[_mark(uri)]
                self.batch.remove(uri)
        for post in said.written:
            known = _mark(post.uri) in self.known
            if known and not post.changed:
                continue  # heard already
            if (known and post.changed) or self._sieve.keeps(post.did, post.record):
                self.batch.add(post._replace(changed=known), said.at, size)
                self._remember(post.uri)

    def _remember(self, uri: str) -> None:
        self.known[_mark(uri)] = None
        if len(self.known) > REMEMBERED:
            del self.known[next(iter(self.known))]


OLD: Final = (
    "the stream does not reach back to where we were: what was said in between is not heard; it"
    " goes on with the oldest there is"
)


def opened(settings: BlueskySettings, sieve: Sieve, begin: Position, known: Iterable[str]) -> Ear:
    """Begin to hear a stream where we were; at first, now.

    Raises:
        ChannelError: it cannot be reached.
    """
    dialect, now = DIALECTS[settings.stream], datetime.now(UTC)
    start = begin if begin.at else begin._replace(at=f"{now:%Y-%m-%dT%H:%M:%S}Z")
    if dialect.by_clock and begin.after is None:
        start = start._replace(after=micros(now))
    line = dial(
        settings.stream_at + dialect.question(0 if start.since else start.after),
        longest=dialect.longest,
        allow_private=settings.allow_private,
    )
    if start.after is None and not start.since:
        start = start._replace(since=(now - CLOCKS_APART).isoformat())
    ear = Ear(line, dialect, sieve, begin, known)
    ear.position = start
    return ear


def _mark(uri: str) -> str:
    return mark(uri.encode("utf-8", "replace"))


def where(settings: BlueskySettings) -> str:
    """What stands for the stream in the cursor."""
    return mark(f"{settings.stream} {settings.stream_at}".encode())


def position(told: Any, stream: str) -> Position:
    """How far the stream was read, as the cursor says; of another stream nothing was."""
    held = told if isinstance(told, dict) else {}
    if held.get("where") != stream:
        return Position(stream)
    after = held.get("after")
    return Position(
        stream,
        after if isinstance(after, int) else None,
        str(held.get("since", "")),
        str(held.get("at", "")),
    )


def micros(moment: datetime) -> int:
    """Microseconds of Unix time, by which Jetstream counts."""
    return int(moment.timestamp() * 1_000_000)
