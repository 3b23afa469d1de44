"""Naver, the country's largest search: blogs, cafes, Knowledge iN and news about some words."""

import json
import time
from collections.abc import Iterator
from typing import Any, ClassVar

from pydantic import BaseModel

from sori import mention
from sori.channels.contract import Broken, Facts, Json, Listener, Page
from sori.channels.naver.asking import Found, ask
from sori.channels.naver.place import Place
from sori.channels.naver.reading import mark, read
from sori.channels.naver.settings import NaverSettings
from sori.errors import ChannelError


class Naver:
    """Naver: blogs, cafe articles, Knowledge iN and news that its search finds for some words.

    Each search is paged, newest first, until a page holds nothing new; within a page the oldest
    comes first. Every call is counted in the cursor, failed ones too, and the daily number is never
    passed. Naver takes no answers: one goes to the page, answers there, and writes it down.
    """

    name: ClassVar[str] = "naver"
    Settings: ClassVar[type[BaseModel]] = NaverSettings
    overlaps: ClassVar[bool] = True
    direct: ClassVar[bool] = False
    facts: ClassVar[Facts] = Facts(
        history="The newest 1,000 results of each search.",
        limits="25,000 calls a day for all searches together; clipped words, often no time.",
    )

    def fetch(self, settings: NaverSettings, cursor: Json, listener: Listener) -> Iterator[Page]:
        """Bring what no search has found before; one page a call.

        Raises:
            ChannelError: permanent when the application is refused; with `retry_after` when the
                quota of the day is used up, ours or Naver's.
        """
        place = Place(cursor, settings, listener.now)
        pause = 0.0
        while place.search:
            time.sleep(pause)
            pause = settings.pause
            place.count()
            try:
                found = ask(settings, place.search, place.start, listener.now)
            except ChannelError:
                yield Page(mention.heard([]), place.cursor())  # the call counts all the same
                raise
            yield _page(found, place, listener)

    def reread(self, settings: NaverSettings, raw: bytes, listener: Listener) -> Page:  # noqa: ARG002
        """Read one search result from quarantine again."""
        try:
            item = json.loads(raw)
        except (ValueError, RecursionError):
            return Page(mention.heard([]), None, [Broken(raw, "a search result is no JSON")])
        found = read(item, listener)
        if isinstance(found, Broken):
            return Page(mention.heard([]), None, [found._replace(raw=raw)])
        return Page(mention.heard([found]), None)


def _page(found: Found, place: Place, listener: Listener) -> Page:
    read_ones = [read(item, listener) for item in found.items]
    marks = [mark(one) for one in read_ones]
    wanted = place.move(found, marks)
    by_mark = {name: one for name, one in zip(marks, read_ones, strict=True) if name in wanted}
    rows: list[dict[str, Any]] = []
    broken: list[Broken] = []
    for one in reversed(by_mark.values()):
        if isinstance(one, Broken):
            broken.append(one)
        else:
            rows.append(one)
    return Page(mention.heard(rows), place.cursor(), broken)
