"""How far we have read the lists of Bluesky, which come newest first and know no "since"."""

import base64
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final, NamedTuple

from sori.channels.contract import Json
from sori.channels.dates import instant

OVERLAP: Final = timedelta(minutes=10)
"""How much later than others a post may come to light without being missed."""

REMEMBERED: Final = 1000


class Item(NamedTuple):
    """Something in a list.

    Attributes:
        said: as the server tells it.
        mark: what it is known by.
        at: when the server saw it; None where it does not say.
    """

    said: Any
    mark: str
    at: datetime | None


class Place:
    """For each list, up to when it was read, and which posts were brought of late.

    Args:
        cursor: what the last page carried, or None.

    Attributes:
        stream: how far the stream was read; empty where it never was.
    """

    def __init__(self, cursor: Json) -> None:
        held: dict[str, Any] = dict(cursor) if isinstance(cursor, dict) else {}
        self._read = {name: str(at) for name, at in held.get("read", {}).items()}
        self._brought = dict.fromkeys(held.get("brought", ()))
        self.stream: dict[str, Json] = held.get("stream", {})

    def cursor(self) -> dict[str, Json]:
        """What to come back with."""
        read: dict[str, Json] = dict(self._read)
        told: dict[str, Json] = {"read": read, "brought": [*self._brought]}
        return told | {"stream": self.stream} if self.stream else told

    @property
    def brought(self) -> list[str]:
        """The marks of the posts that were brought of late, the newest last."""
        return [*self._brought]

    @property
    def lists(self) -> list[str]:
        """The lists that were ever read."""
        return [*self._read]

    def hear(self, stream: Mapping[str, Json], brought: Iterable[str]) -> None:
        """Note how far the stream is read, and which posts were brought of late."""
        self.stream, self._brought = dict(stream), dict.fromkeys(brought)

    def keep_only(self, names: Iterable[str]) -> None:
        """Forget the lists that are no longer read."""
        wanted = set(names)
        self._read = {name: at for name, at in self._read.items() if name in wanted}

    def is_new(self, name: str) -> bool:
        """Whether a list was never read."""
        return name not in self._read

    def horizon(self, name: str) -> datetime | None:
        """The moment down to which a list must be read again; None where it has no end."""
        read = instant(self._read.get(name), UTC)
        return read - OVERLAP if read else None

    def news(self, name: str, items: Sequence[Item]) -> list[Item]:
        """Those of a page that were not brought and are not older than what was read."""
        horizon = self.horizon(name)
        return [
            item
            for item in items
            if item.mark not in self._brought and not (horizon and item.at and item.at < horizon)
        ]

    def bring(self, name: str, items: Sequence[Item]) -> None:
        """Note that these are brought now, oldest first, and the list is read so far."""
        moments = [item.at for item in items if item.at]
        if read := instant(self._read.get(name), UTC):
            moments.append(read)
        self._read[name] = max(moments).isoformat() if moments else ""
        for item in items:
            self._brought[item.mark] = None
        self._brought = dict.fromkeys([*self._brought][-REMEMBERED:])


def mark(name: bytes) -> str:
    """Eight characters that stand for a post: the same for the same post."""
    return base64.urlsafe_b64encode(hashlib.blake2b(name, digest_size=6).digest()).decode()
