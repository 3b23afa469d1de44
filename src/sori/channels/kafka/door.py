"""Kafka: the messages of a topic, each a JSON object, heard within a second."""

import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, ClassVar, Final

from pydantic import BaseModel

from sori.channels.contract import Facts, Json, Listener, Page
from sori.channels.kafka import messages
from sori.channels.kafka.settings import KafkaSettings
from sori.channels.kafka.topic import Ended, Event, Message, Topic, opened
from sori.errors import ChannelError

PAGE_MESSAGES: Final = 5_000
PAGE_BYTES: Final = 32_000_000
AT_ONCE: Final = 1_000
SLICE: Final = 0.2
PATIENCE: Final = 20.0


class Kafka:
    """Kafka: a topic whose messages are JSON objects, such as a firehose of posts or calls.

    The cursor names the next offset of each partition. It travels with the lake, and nothing is
    ever committed at the cluster: a message is stored exactly once, whatever dies on the way.
    """

    name: ClassVar[str] = "kafka"
    Settings: ClassVar[type[BaseModel]] = KafkaSettings
    overlaps: ClassVar[bool] = True
    direct: ClassVar[bool] = False
    facts: ClassVar[Facts] = Facts(
        history="All that the topic still holds, or nothing, as you choose.",
        edits="told",
        deletes="told",
        limits="JSON objects; edits and deletions where the key names the post.",
    )

    def fetch(self, settings: KafkaSettings, cursor: Json, listener: Listener) -> Iterator[Page]:
        """Bring the messages after the cursor until every partition has come to its end.

        Raises:
            ChannelError: permanent when the user is refused. Once, when messages expired before
                they were read; the cursor of the page before goes on behind them.
        """
        with opened(settings) as topic:
            look = _begin(topic, settings, cursor)
            if settings.start == "newest" and not _known(settings, cursor):
                yield messages.page(settings, [], look.cursor(settings), listener)
            topic.begin(look.offsets)
            told = look.cursor(settings)
            while look.running:
                found = _gather(topic, look)
                if found or look.cursor(settings) != told:
                    told = look.cursor(settings)
                    yield messages.page(settings, found, told, listener)
                if look.lost:
                    raise ChannelError(_loss(look, settings))

    def reread(self, settings: KafkaSettings, raw: bytes, listener: Listener) -> Page:
        """Read one message from quarantine again."""
        return messages.page(settings, [messages.taken_up(raw)], None, listener)

    def wait(self, settings: KafkaSettings, cursor: Json, seconds: float) -> bool:
        """Stay with the topic until a message comes."""
        until = time.monotonic() + seconds
        with opened(settings) as topic:
            topic.begin(_begin(topic, settings, cursor).offsets)
            while time.monotonic() < until:
                events = topic.take(1, min(1.0, seconds))
                if any(not isinstance(event, Ended) for event in events):
                    return True
        return False


@dataclass
class _Look:
    """How far one look through the door has come.

    Attributes:
        offsets: the next of each partition.
        running: partitions that have not come to their end.
        lost: how many messages expired before they were read, by partition; None where nobody can
            tell, because the topic was made anew.
    """

    offsets: dict[int, int]
    running: set[int]
    lost: dict[int, int | None] = field(default_factory=dict)

    def cursor(self, settings: KafkaSettings) -> dict[str, Any]:
        """The same as JSON."""
        offsets = {str(partition): offset for partition, offset in sorted(self.offsets.items())}
        return {"topic": settings.topic, "offsets": offsets}


def _known(settings: KafkaSettings, cursor: Json) -> dict[int, int]:
    """Where to go on by partition; nothing at the first look, or when it is another topic."""
    place: dict[str, Any] = cursor if isinstance(cursor, dict) else {}
    if place.get("topic") != settings.topic:
        return {}
    return {int(partition): int(offset) for partition, offset in place["offsets"].items()}


def _begin(topic: Topic, settings: KafkaSettings, cursor: Json) -> _Look:
    """Where to begin: a partition that was added since is read from its oldest message."""
    known = _known(settings, cursor)
    newest = not known and settings.start == "newest"
    offsets = {
        partition: known[partition] if partition in known else topic.bounds(partition)[newest]
        for partition in topic.partitions()
    }
    return _Look(offsets, set(offsets))


def _gather(topic: Topic, look: _Look) -> list[Message]:
    """The messages of one page; fewer when all have ended, or a place is lost."""
    found: list[Message] = []
    size, since = 0, time.monotonic()
    while look.running and not look.lost and len(found) < PAGE_MESSAGES and size < PAGE_BYTES:
        events = topic.take(min(AT_ONCE, PAGE_MESSAGES - len(found)), SLICE)
        for event in events:
            if isinstance(event, Message):
                found.append(event)
                size += len(event.value or b"")
            _note(topic, look, event)
        if events:
            since = time.monotonic()
        elif found:
            break
        elif time.monotonic() - since > PATIENCE:
            raise topic.stalled()
    return found


def _note(topic: Topic, look: _Look, event: Event) -> None:
    """Move the place of a partition."""
    if isinstance(event, Message):
        look.offsets[event.partition] = event.offset + 1
    elif isinstance(event, Ended):
        look.offsets[event.partition] = max(look.offsets[event.partition], event.offset)
        look.running.discard(event.partition)
    else:
        before, (oldest, _) = look.offsets[event.partition], topic.bounds(event.partition)
        look.lost[event.partition] = oldest - before if oldest > before else None
        look.offsets[event.partition] = oldest


def _loss(look: _Look, settings: KafkaSettings) -> str:
    expired = sum(filter(None, look.lost.values()))
    if expired:
        return (
            f"{expired:,} messages of {settings.topic} expired before they were read; the next "
            "look goes on with the oldest that is left"
        )
    return (
        f"{settings.topic} was made anew and has fewer messages than were read; the next look "
        "begins with its oldest"
    )
