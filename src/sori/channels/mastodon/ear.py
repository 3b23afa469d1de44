"""What a Mastodon server tells our account while it happens: that there are news, edits, deletions.

New posts are only learned of here; the lists bring them, with their threads and exactly once. An
edit or a deletion stands in no list, so what the server tells of it is kept until the next look.
"""

import json
import time
from collections.abc import Collection, Mapping
from typing import Any, Final, Protocol

from pydantic import ValidationError

from sori.channels.eventstream import Event
from sori.channels.mastodon.settings import MastodonSettings
from sori.channels.mastodon.statuses import Status
from sori.errors import ChannelError

MOST: Final = 200
MOST_BYTES: Final = 8_000_000
MOST_GONE: Final = 1_000
MOST_AT_ONCE: Final = 5_000
SILENT: Final = 90.0
"""Seconds without as much as a sign of life, which a server gives every fifteen."""

SECONDS_A_CALL: Final = 2.0
"""A look costs so many calls, of which most servers allow one a second; half is left to answers."""


class Stream(Protocol):
    """What brings events; see `eventstream.Events`."""

    heard_at: float

    def next(self, seconds: float) -> Event | None:
        """The next event, if one comes in time."""
        ...

    def close(self) -> None:
        """Hang up."""
        ...


class Ear:
    """A stream that is being heard.

    Args:
        stream: open.
        settings: what is ours to hear.
        me: the id of our account.

    Attributes:
        edits: statuses that were edited, by their id, as the server tells them.
        gone: ids of statuses that are not there any more.
        known: ids of statuses that were brought of late.
        news: whether there is a reason to look.
        trouble: why nothing more can be heard here; None as long as it can.
        since: when it was opened, by the monotonic clock.
    """

    def __init__(self, stream: Stream, settings: MastodonSettings, me: str) -> None:
        self._stream, self._settings, self._me = stream, settings, me
        self.edits: dict[str, Any] = {}
        self.gone: dict[str, None] = {}
        self.known: Collection[str] = ()
        self.news = True  # nobody knows what happened before it was open
        self.trouble: ChannelError | None = None
        self.since = time.monotonic()
        self._sizes: dict[str, int] = {}
        self._not_before = 0.0

    def close(self) -> None:
        """Hang up."""
        self._stream.close()

    def take_over(self, before: "Ear") -> None:
        """Keep what an ear that was open before had heard, and how soon one may look again."""
        self.edits, self.gone, self._sizes = before.edits, before.gone, before._sizes
        self._not_before = before._not_before

    def calls(self) -> bool:
        """Whether it is time for a look; not sooner after the last than its calls may cost."""
        if not self.news or time.monotonic() < self._not_before:
            return False
        cost = 3 + len(self._settings.hashtags) + self._settings.local
        self.news, self._not_before = False, time.monotonic() + cost * SECONDS_A_CALL
        return True

    def brought(self) -> None:
        """Note that edits and deletions are written down."""
        self.edits, self.gone, self._sizes = {}, {}, {}

    def listen(self, seconds: float) -> None:
        """Hear what lies there already, or comes before the time is over."""
        until = time.monotonic() + seconds
        for _ in range(MOST_AT_ONCE):
            if self.trouble:
                return
            try:
                event = self._stream.next(max(until - time.monotonic(), 0.001))
            except ChannelError as error:
                self.trouble = error
                return
            if event is None:
                break
            self._take(event)
        if time.monotonic() - self._stream.heard_at > SILENT:
            self.trouble = ChannelError(f"the stream was silent for {SILENT:g} seconds")

    def _take(self, event: Event) -> None:
        """Sort an event in; of what is not understood the lists will tell."""
        if event.name == "delete":
            self._remove(event.data.strip())
            return
        if event.name not in {"notification", "update", "status.update"}:
            return
        told = _object(event.data)
        if event.name == "notification":
            self._notice(told, len(event.data))
        elif event.name == "update":
            self.news |= self.is_ours(read(told))
        else:
            self._edit(told, len(event.data))

    def _notice(self, told: Mapping[str, Any], size: int) -> None:
        """Somebody names us, or edits what we had to do with."""
        kind = told.get("type")
        if kind == "update":
            self._edit(_mapping(told.get("status")), size)
        elif kind == "mention":
            self.news |= self._settings.mentions

    def _edit(self, told: Mapping[str, Any], size: int) -> None:
        status = read(told)
        if status is None or status.reblog is not None or status.account.id == self._me:
            return
        self.edits.pop(status.id, None)
        self.edits[status.id], self._sizes[status.id] = told, size
        while len(self.edits) > MOST or sum(self._sizes.values()) > MOST_BYTES:
            self._forget(next(iter(self.edits)))
        self.news |= status.id in self.known or self.is_ours(status)

    def _remove(self, number: str) -> None:
        if not number.isalnum() or len(number) > 100:
            return
        self._forget(number)
        self.gone[number] = None
        if len(self.gone) > MOST_GONE:
            del self.gone[next(iter(self.gone))]
        self.news |= number in self.known

    def _forget(self, number: str) -> None:
        self.edits.pop(number, None)
        self._sizes.pop(number, None)

    def is_ours(self, status: Status | None) -> bool:
        """Whether the lists that we read hold such a status."""
        settings = self._settings
        if status is None or status.account.id == self._me or status.reblog is not None:
            return False
        if settings.mentions and any(each.id == self._me for each in status.mentions):
            return True
        tags = {each.name.casefold() for each in status.tags}
        if status.visibility == "public" and tags & {each.casefold() for each in settings.hashtags}:
            return True
        return settings.local and status.visibility == "public" and "@" not in status.account.acct


def read(told: Any) -> Status | None:
    """A status, if it is one."""
    try:
        return Status.model_validate(told)
    except ValidationError:
        return None


def _object(data: str) -> Mapping[str, Any]:
    try:
        return _mapping(json.loads(data))
    except (ValueError, RecursionError):
        return {}


def _mapping(told: Any) -> Mapping[str, Any]:
    return told if isinstance(told, dict) else {}
