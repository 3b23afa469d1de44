"""Which of the files that lie there were read: a memory that does not grow with the years."""

import hashlib
from typing import Any, Final

from sori.channels.contract import Json
from sori.channels.drop.shelf import Item

REMEMBERED: Final = 1_000


class Seen:
    """Which files were read, and how far the one has come that is being read.

    The newest are remembered one by one, so that a file which comes to light late is read all the
    same. Of older ones only the time is kept up to which everything was read.

    Args:
        cursor: of another look; None at the first.
        folder: where the files lie; of another one nothing was read.
    """

    def __init__(self, cursor: Json, folder: str) -> None:
        kept: dict[str, Any] = cursor if isinstance(cursor, dict) else {}
        if kept.get("folder") != folder:
            kept = {}
        self._folder = folder
        self._done: dict[str, int] = dict(kept.get("done") or {})
        self._before: int = kept.get("before") or 0
        self._reading: dict[str, Any] = dict(kept.get("reading") or {})

    def __contains__(self, item: Item) -> bool:
        """Whether it was read as it is."""
        return item.at <= self._before or _print(item) in self._done

    def place(self, item: Item) -> dict[str, Any]:
        """Where to go on within a file: as `tables.reading` wants it."""
        if self._reading.get("file") == _print(item):
            return self._reading
        return {"end": 0, "counted": False}

    def stay(self, item: Item, *, end: int, counted: bool) -> None:
        """Remember how far a file has been read."""
        self._reading = {"file": _print(item), "end": end, "counted": counted}

    def note(self, item: Item) -> None:
        """Remember that a file was read; files are noted in the order of their times.

        Forgets only what is older than this one, for of one time there may be more to come.
        """
        self._reading = {}
        self._done[_print(item)] = item.at
        over = len(self._done) - REMEMBERED
        if over > 0:
            oldest = sorted(self._done.items(), key=lambda pair: pair[1])[:over]
            for name, at in oldest:
                if at < item.at:
                    del self._done[name]
                    self._before = max(self._before, at)

    def cursor(self) -> dict[str, Any]:
        """The same as JSON."""
        return {
            "folder": self._folder,
            "before": self._before,
            "done": dict(self._done),
            "reading": dict(self._reading),
        }


def _print(item: Item) -> str:
    told = f"{item.name}\0{item.at}\0{item.size}\0{item.state}".encode("utf-8", "surrogateescape")
    return hashlib.blake2b(told, digest_size=8).hexdigest()
