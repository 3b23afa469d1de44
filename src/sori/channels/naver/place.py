"""Where we are in looking through Naver: what was seen, and what may still be asked today."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from sori.channels.contract import Json
from sori.channels.naver.asking import Found, until_midnight
from sori.channels.naver.reading import SEOUL
from sori.channels.naver.settings import UNDATED, NaverSettings, Search
from sori.errors import ChannelError

REMEMBERED: Final = 300
"""How many of the newest results of each search are known again, so that a post that comes to the
top because others were deleted is not taken for a new one."""

DEEPEST: Final = 1000
LETTERS: Final = 8


class Place:
    """A round through all searches, page by page; the next round begins where this one ended.

    Args:
        cursor: what the last page carried, or None.
        settings: as they are now; searches that are no longer wanted are forgotten.
        now: the moment of this look.

    Attributes:
        search: what is looked for now.
        start: the number of the first result of the next page.
    """

    def __init__(self, cursor: Json, settings: NaverSettings, now: datetime) -> None:
        held: dict[str, Any] = dict(cursor) if isinstance(cursor, dict) else {}
        self._settings, self._now = settings, now
        self._searches = settings.searches()
        keys = {search.key for search in self._searches}
        self._seen = {key: _cut(said) for key, said in held.get("seen", {}).items() if key in keys}
        self._day = f"{now.astimezone(SEOUL):%Y-%m-%d}"
        self._calls = int(held["calls"]) if held.get("day") == self._day else 0
        at = next((n for n, one in enumerate(self._searches) if one.key == held.get("at")), None)
        self.search: Search | None = self._searches[at or 0]
        self.start = int(held["start"]) if at is not None else 1
        self._first = bool(held.get("first")) if at is not None else self._is_new()

    def cursor(self) -> Json:
        """What to come back with."""
        kept: dict[str, Json] = {"day": self._day, "calls": self._calls}
        kept["seen"] = {key: "".join(marks) for key, marks in self._seen.items()}
        if self.search:
            kept |= {"at": self.search.key, "start": self.start, "first": self._first}
        return kept

    def count(self) -> None:
        """Count a call, before it is made.

        Raises:
            ChannelError: when the day has no more; with the time until the next day in Seoul.
        """
        most = self._settings.calls_per_day
        if self._calls >= most:
            raise ChannelError(
                f"today's {most:,} searches are used up; it goes on after midnight in Seoul",
                retry_after=until_midnight(self._now),
            )
        self._calls += 1

    def move(self, found: Found, marks: Sequence[str]) -> set[str]:
        """Remember a page and go on to the next.

        Args:
            found: the page.
            marks: what stands for each of its results, in its order.

        Returns:
            The marks of what no search has brought before and is to be brought now.
        """
        assert self.search
        known = self._seen.get(self.search.key, [])
        everywhere = {mark for marks in self._seen.values() for mark in marks}
        noted = self._first and self.search.kind in UNDATED and not self._settings.earlier
        news = bool(set(marks) - set(known))
        above, below = known[: self.start - 1], known[self.start - 1 :]
        self._seen[self.search.key] = list(dict.fromkeys([*above, *marks, *below]))[:REMEMBERED]
        self.start += self._settings.display
        deepest = REMEMBERED if noted else DEEPEST
        if not news or self.start > min(found.total, deepest):
            self._to_next()
        return set() if noted else set(marks) - everywhere

    def _to_next(self) -> None:
        assert self.search
        after = self._searches.index(self.search) + 1
        self.search = self._searches[after] if after < len(self._searches) else None
        self.start, self._first = 1, self._is_new()

    def _is_new(self) -> bool:
        return self.search is not None and self.search.key not in self._seen


def _cut(said: str) -> list[str]:
    return [said[at : at + LETTERS] for at in range(0, len(said), LETTERS)]
