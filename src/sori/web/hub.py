"""Hear of every new event once, and tell everybody who listens for its topics."""

import asyncio
import json
import logging
from collections import defaultdict
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final

from django.db import Error, close_old_connections, connection

from sori.journal.selectors import Tail, last, since
from sori.web.topics import topics_of

EVERY: Final = 0.5
ROOM: Final = 100
AT_ONCE: Final = 1_000

_log = logging.getLogger(__name__)


class Listener:
    """One live connection: what it wants to hear, and what it has not been sent yet."""

    def __init__(self, topics: frozenset[str]) -> None:
        self.topics = topics
        self.waiting: asyncio.Queue[bytes] = asyncio.Queue(ROOM)
        self.dropped = False

    def give(self, news: bytes) -> bool:
        """Hand over news; False when the connection is too slow and must go."""
        try:
            self.waiting.put_nowait(news)
        except asyncio.QueueFull:
            self.dropped = True
        return not self.dropped


class Hub:
    """Everybody who listens in this process."""

    def __init__(self) -> None:
        self._by_topic: dict[str, set[Listener]] = defaultdict(set)

    def join(self, listener: Listener) -> None:
        """Begin to hear."""
        for topic in listener.topics:
            self._by_topic[topic].add(listener)

    def leave(self, listener: Listener) -> None:
        """Hear no more; leaving twice is fine."""
        for topic in listener.topics:
            self._by_topic[topic].discard(listener)
            if not self._by_topic[topic]:
                del self._by_topic[topic]

    def tell(self, events: Iterable[Mapping[str, Any]]) -> None:
        """Tell each listener; a topic's bytes are made once, whoever is too slow is dropped.

        They name nothing but the topic that was asked for: somebody who may see the overview does
        not learn the numbers of cases.
        """
        for event in events:
            for topic in topics_of(event["kind"], event["about"]):
                listeners = self._by_topic.get(topic)
                if not listeners:
                    continue
                news = encode(event["id"], [topic], event["kind"])
                for listener in [each for each in listeners if not each.give(news)]:
                    self.leave(listener)

    def end(self) -> None:
        """Let every connection finish, because the process does."""
        for listener in {each for listeners in self._by_topic.values() for each in listeners}:
            listener.give(b"")


def encode(number: int, topics: list[str], kind: str | None = None) -> bytes:
    """One message of the stream; its id is where to go on after a lost connection."""
    data = json.dumps({"id": number, "kind": kind, "topics": topics}, separators=(",", ":"))
    return f"id: {number}\ndata: {data}\n\n".encode()


class Poller:
    """The one task of this process that looks for events nobody has been told of."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub
        self._tail: Tail | None = None
        # A thread of its own keeps its database connection between looks.
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="live-poller")

    async def run(self) -> None:
        """Look for ever, twice a second."""
        loop = asyncio.get_running_loop()
        try:
            while True:
                self._hub.tell(await loop.run_in_executor(self._thread, self._look))
                await asyncio.sleep(EVERY)
        finally:
            # by a function: `connection` is another one in every thread
            await loop.run_in_executor(self._thread, lambda: connection.close())
            self._thread.shutdown()

    def _look(self) -> list[dict[str, Any]]:
        try:
            if self._tail is None:
                self._tail = Tail(last())
            return self._tail.read(limit=AT_ONCE)
        except Error as error:  # the database may be away for a moment; the news wait for us
            _log.warning("live news wait for the database: %s", type(error).__name__)
            connection.close()
            return []


def missed(topics: frozenset[str], after: int) -> bytes:
    """One message for all that happened on these topics after this event; b"" when nothing did."""
    close_old_connections()
    try:
        events = since(after, limit=AT_ONCE)
        end = last()
    finally:
        close_old_connections()
    touched = {topic for event in events for topic in topics_of(event["kind"], event["about"])}
    if len(events) == AT_ONCE:
        touched |= topics
    heard = sorted(touched & topics)
    return encode(end, heard) if heard else b""
