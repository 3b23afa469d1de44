"""What messages of a topic say: JSON objects made into mentions, by their own names."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final

import msgspec

from sori import mention
from sori.channels.contract import Broken, Json, Listener, Page
from sori.channels.kafka.settings import KafkaSettings
from sori.channels.kafka.topic import Message
from sori.channels.tables import columns

DEEPEST: Final = 8
MOST_COLUMNS: Final = 1_000
LONGEST_KEY: Final = 1_000
KEY: Final = "@key"
TIME: Final = "@time"
NEVER: Final = datetime(1970, 1, 1, tzinfo=UTC)

_decode: Final = msgspec.json.Decoder(dict[str, Any]).decode


class Kept(msgspec.Struct):
    """What is written down of a message that was put aside, above its bytes.

    Attributes:
        partition: of its topic.
        offset: there.
        key: as text; None where it has none.
        at: when it was made.
    """

    partition: int
    offset: int
    key: str | None = None
    at: datetime | None = None


def page(
    settings: KafkaSettings, messages: Sequence[Message], cursor: Json, listener: Listener
) -> Page:
    """What some messages say, the oldest first; of those with one name only the last, if a key
    names the post."""
    reader = _Reader(settings, listener)
    for message in sorted(messages, key=_order):
        reader.read(message)
    return reader.page(cursor)


def put_aside(message: Message) -> bytes:
    """A message as it came, below one line that tells where."""
    kept = Kept(message.partition, message.offset, _text(message.key), message.at)
    return msgspec.json.encode(kept) + b"\n" + (message.value or b"")


def taken_up(raw: bytes) -> Message:
    """A message that was put aside."""
    line, _, value = raw.partition(b"\n")
    kept = msgspec.json.decode(line, type=Kept)
    key = None if kept.key is None else kept.key.encode()
    return Message(kept.partition, kept.offset, key, value, kept.at)


def flat(values: Mapping[str, Any]) -> dict[str, Any]:
    """Objects within objects as columns with dots in their names.

    >>> flat({"id": 1, "user": {"name": "Kim", "tags": ["vip"]}})
    {'id': 1, 'user.name': 'Kim', 'user.tags': ['vip']}
    """
    if not any(isinstance(value, dict) for value in values.values()):
        return dict(values)
    found: dict[str, Any] = {}
    waiting = [("", values, 0)]
    while waiting and len(found) < MOST_COLUMNS:
        before, some, depth = waiting.pop()
        for name, value in some.items():
            if isinstance(value, dict) and value and depth < DEEPEST:
                waiting.append((f"{before}{name}.", value, depth + 1))
            else:
                found[f"{before}{name}"] = value
    return found


class _Reader:
    """Reads messages one after another, and keeps what they come to."""

    def __init__(self, settings: KafkaSettings, listener: Listener) -> None:
        self._settings = settings
        self._source = listener.source
        self._maker = columns.Maker(settings, listener, channel="kafka", strict=False)
        mapped = set(columns.mapping(settings.map).values())
        self._wants_key, self._wants_time = KEY in mapped, TIME in mapped
        self._rows: list[dict[str, Any]] = []
        self._present: dict[str, dict[str, Any]] = {}
        self._gone: dict[str, None] = {}
        self._broken: list[Broken] = []

    def read(self, message: Message) -> None:
        """Understand one message."""
        key = _text(message.key)
        keyed = self._settings.keyed and key
        name = f"{self._source}:{key}" if keyed else None
        if message.value is None:
            if name:
                self._gone[name] = None
                self._present.pop(name, None)
            return
        try:
            values = flat(_decode(message.value))
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
            self._put_aside(message, f"no JSON object: {error}", name)
            return
        if self._wants_key:
            values[KEY] = key
        if self._wants_time:
            values[TIME] = message.at
        name = name or self._maker.own_name(values) or self._numbered(message)
        row = self._maker.row(name, values)
        if row is None:
            self._put_aside(message, "the message has neither a text nor a title", name)
        elif keyed:
            self._present[name] = row
        else:
            self._rows.append(row)

    def page(self, cursor: Json) -> Page:
        """What was read so far. Where keys name posts, it is written down before the next."""
        present = list(self._present.values())
        return Page(
            mention.heard(self._rows),
            cursor,
            self._broken,
            edited=mention.heard(present) if present else None,
            gone=list(self._gone),
            at_once=self._settings.keyed,
        )

    def _numbered(self, message: Message) -> str:
        return f"{self._source}:{self._settings.topic}/{message.partition}/{message.offset}"

    def _put_aside(self, message: Message, reason: str, name: str | None) -> None:
        name = name or self._numbered(message)
        self._broken.append(Broken(put_aside(message), reason[:500], name))


def _order(message: Message) -> tuple[datetime, int, int]:
    return message.at or NEVER, message.partition, message.offset


def _text(key: bytes | None) -> str | None:
    return key.decode("utf-8", "backslashreplace")[:LONGEST_KEY] if key else None
