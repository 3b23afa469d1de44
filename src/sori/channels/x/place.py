"""Where we are on X: how far each list was read, what was brought, and what may still be spent."""

import time
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from hashlib import blake2b
from typing import Any, Final, NamedTuple

from sori.channels.contract import Json, Listener
from sori.channels.x.settings import XSettings
from sori.channels.x.spending import Purse

BIRTH: Final = 1_288_834_974_657
"""The moment X counts its ids from, in milliseconds of Unix time."""

OVERLAP: Final = timedelta(minutes=1)
SEARCHED: Final = timedelta(days=6, hours=23)
REMEMBERED: Final = 500


class Walk(NamedTuple):
    """How far a list was read, which comes newest first.

    Attributes:
        since: everything up to this id was read; 0 for nothing.
        until: where a list that was left in the middle goes on downwards; 0 for at its top.
        newest: the newest id above it.
    """

    since: int = 0
    until: int = 0
    newest: int = 0

    def after(self, ids: Sequence[int], *, more: bool) -> "Walk":
        """Where we are when a page with these ids was read, below which there is more or not."""
        newest = max([self.newest, self.since, *ids])
        lowest = min(ids, default=0)
        if not more or lowest <= self.since or (self.until and lowest >= self.until):
            return Walk(newest)
        return Walk(self.since, lowest, newest)


class Place:
    """All that the cursor says.

    Args:
        cursor: what the last page carried, or None.
        settings: as they are now.
        listener: who is asking.

    Attributes:
        purse: what may still be spent.
        rules: what stands for the rules of the stream as we last left them.
        looked: the day on which we last asked what is gone.
    """

    def __init__(self, cursor: Json, settings: XSettings, listener: Listener) -> None:
        held: dict[str, Any] = dict(cursor) if isinstance(cursor, dict) else {}
        self._began, self._start = listener.now, time.monotonic()
        self.purse = Purse(held.get("purse", {}), settings.prices, listener.now)
        self.rules = str(held.get("rules", ""))
        self.looked = str(held.get("looked", ""))
        self._walks = {name: Walk(*walk) for name, walk in held.get("walks", {}).items()}
        self._brought: dict[str, None] = dict.fromkeys(held.get("brought", ()))

    @property
    def now(self) -> datetime:
        """The moment: a look can last beyond midnight."""
        return self._began + timedelta(seconds=time.monotonic() - self._start)

    def cursor(self) -> dict[str, Json]:
        """What to come back with."""
        return {
            "purse": self.purse.kept(),
            "rules": self.rules,
            "looked": self.looked,
            "walks": {name: list(walk) for name, walk in self._walks.items()},
            "brought": [*self._brought],
        }

    def walk(self, name: str) -> Walk | None:
        """How far a list was read; None when it never was."""
        return self._walks.get(name)

    def stand(self, name: str, walk: Walk) -> None:
        """Note how far a list was read."""
        self._walks[name] = walk

    def keep_only(self, names: Iterable[str]) -> None:
        """Forget the lists that are no longer read."""
        wanted = set(names)
        self._walks = {name: walk for name, walk in self._walks.items() if name in wanted}

    def brought(self) -> list[str]:
        """The posts that were brought lately, the newest last."""
        return [*self._brought]

    def bring(self, ids: Iterable[str]) -> set[str]:
        """Note that posts are brought now; returns which of them were not before."""
        news = set()
        for each in ids:
            if each not in self._brought:
                news.add(each)
            self._brought.pop(each, None)
            self._brought[each] = None
        self._brought = dict.fromkeys([*self._brought][-REMEMBERED:])
        return news


def question(walk: Walk, now: datetime, *, searched: bool) -> Mapping[str, str]:
    """Which part of a list to ask for.

    Args:
        walk: how far it was read.
        now: the moment.
        searched: whether it is a search, which refuses to look back more than seven days.
    """
    since = walk.since and earlier(walk.since, OVERLAP)
    if searched and since < id_at(now - SEARCHED):
        since = 0
    asked = {"since_id": since, "until_id": walk.until}
    return {name: str(value) for name, value in asked.items() if value}


def earlier(number: int, by: timedelta) -> int:
    """The id that a post would have had so much earlier."""
    return max(1, number - (int(by.total_seconds() * 1000) << 22))


def id_at(moment: datetime) -> int:
    """The lowest id of a moment."""
    return max(1, (int(moment.timestamp() * 1000) - BIRTH) << 22)


def mark(words: str) -> str:
    """A short name for some words, the same at any time."""
    return blake2b(words.encode(), digest_size=8).hexdigest()
