"""One look at X: who names us, what our queries find, and what is said while we listen."""

import json
from collections.abc import Generator, Iterable, Iterator, Mapping
from datetime import UTC
from typing import Any, Final

from sori import mention
from sori.channels.contract import Broken, Listener, Page
from sori.channels.x import api, live
from sori.channels.x.place import Place, Walk, mark, question
from sori.channels.x.posts import FIELDS, authors, read
from sori.channels.x.settings import XSettings
from sori.errors import ChannelError, ReplyNotAccepted, ReplyRejected

SIZE: Final = 100
FIRST: Final = 20
MENTIONS: Final = "mentions"
LEAST_MENTIONS: Final = 5
LEAST_FOUND: Final = 10


class Look:
    """A look that may be left at any page, and goes on there.

    Args:
        settings: what to hear, and for how much.
        place: where we are; it moves along.
        listener: who is asking.
    """

    def __init__(self, settings: XSettings, place: Place, listener: Listener) -> None:
        self._settings, self._place, self._listener = settings, place, listener
        self._tag = f"sori-{listener.source}"

    def pages(self) -> Iterator[Page]:
        """Everything that is new.

        Raises:
            ChannelError: with `retry_after` when no more may be spent; see `api.ask`.
        """
        # what comes at the very first look is there
        self._place.looked = self._place.looked or f"{self._place.now.astimezone(UTC):%Y-%m-%d}"
        searches = {f"search {mark(each)}": each for each in self._settings.searches()}
        self._place.keep_only([MENTIONS, *searches])
        if self._settings.mentions:
            path = f"users/{self._settings.user_id}/mentions"
            yield from self._listed(MENTIONS, path, {}, least=LEAST_MENTIONS)
        for name, words in searches.items():
            asked = {"query": words}
            yield from self._listed(name, "tweets/search/recent", asked, least=LEAST_FOUND)
        yield from self._again()
        yield from self._live()

    def _again(self) -> Iterator[Page]:
        """Once a day, which of the newest we brought are gone, of as many as can be paid for."""
        place = self._place
        today = f"{place.now.astimezone(UTC):%Y-%m-%d}"
        ids = [each for each in place.brought() if each.isdigit()][-SIZE:]
        count = place.purse.affords(len(ids))
        if place.looked == today or not count:
            return
        told = yield from self._paid(count, "tweets", {"ids": ",".join(ids[-count:])})
        place.looked = today
        faults = _list(told.get("errors"))
        gone = [str(each.get("resource_id")) for each in faults if _says_gone(each)]
        yield Page(mention.heard([]), place.cursor(), gone=[each for each in gone if each in ids])

    def _listed(
        self, name: str, path: str, asked: Mapping[str, str], *, least: int
    ) -> Iterator[Page]:
        """The pages of a list; at the very first look only its top."""
        known = self._place.walk(name)
        walk, more = known or Walk(), True
        while more:
            count = self._place.purse.affords(SIZE if known else FIRST)
            if count < least:
                raise self._place.purse.used_up(self._place.now)
            part = question(walk, self._place.now, searched=bool(asked))
            told = yield from self._paid(
                count, path, {**FIELDS, **asked, **part, "max_results": count}
            )
            items = _list(told.get("data"))
            meta = told.get("meta")
            below = bool(isinstance(meta, dict) and meta.get("next_token") and known)
            walk = walk.after([int(each) for each in map(_id, items) if each], more=below)
            more = walk.until > 0
            self._place.stand(name, walk)
            yield self._page([{**told, "data": each} for each in reversed(items)])

    def _paid(
        self, count: int, path: str, query: Mapping[str, Any]
    ) -> Generator[Page, None, dict[str, Any]]:
        """Ask a question whose cost is written down before it is asked."""
        purse = self._place.purse
        purse.hold(count, self._place.now)
        yield self._note()
        try:
            told = api.ask(self._settings, path, query)
        except (api.Refusal, ReplyRejected, ReplyNotAccepted):  # nothing was handed out
            purse.settle((), (), self._place.now)
            yield self._note()
            raise
        purse.settle(map(_key, _list(told.get("data"))), authors(told), self._place.now)
        return told

    def _live(self) -> Iterator[Page]:
        """What is said while we listen, if there is enough left for what it may cost."""
        self._keep_rules()
        place, settings = self._place, self._settings
        count = place.purse.affords(live.MOST)
        listens = settings.queries and settings.live_seconds
        if not listens or count < live.ON_THE_WAY + live.LEAST:
            return
        place.purse.hold(count, place.now)
        yield self._note()
        heard = live.listen(settings, self._tag, count)
        posts = [_key(each["data"]) for each in heard.items]
        users = {one for each in heard.items for one in authors(each)}
        place.purse.settle(posts, users, place.now, unseen=heard.unseen)
        page = self._page([each for each in heard.items if each["ours"]], heard.broken)
        yield page
        if heard.failure:
            raise heard.failure

    def _keep_rules(self) -> None:
        wanted = self._settings.rules() if self._settings.live_seconds else []
        stamp = live.stamp(wanted, f"{self._place.now.astimezone(UTC):%Y-%m-%d}")
        if stamp != self._place.rules:
            live.keep_rules(self._settings, wanted, self._tag)
            self._place.rules = stamp

    def _note(self) -> Page:
        """Nothing but where we are and what is spent, to be written down before anything else."""
        return Page(mention.heard([]), self._place.cursor(), at_once=True)

    def _page(self, told: Iterable[Mapping[str, Any]], broken: Iterable[Broken] = ()) -> Page:
        """What was not brought before; each as X tells it, with its author beside it."""
        listed = list(told)
        news = self._place.bring(_key(each["data"]) for each in listed)
        rows, faults = rows_of(
            (each for each in listed if _key(each["data"]) in news), self._settings, self._listener
        )
        return Page(mention.heard(rows), self._place.cursor(), [*broken, *faults])


def rows_of(
    told: Iterable[Mapping[str, Any]], settings: XSettings, listener: Listener
) -> tuple[list[dict[str, Any]], list[Broken]]:
    """The rows of posts, and those that cannot be read."""
    rows: list[dict[str, Any]] = []
    broken: list[Broken] = []
    for each in told:
        found = read(each.get("data"), authors(each), settings, listener)
        if isinstance(found, Broken):
            broken.append(found)
        elif found is not None:
            rows.append(found)
    return rows, broken


def _says_gone(fault: Any) -> bool:
    """Whether it says that a post was deleted, or its account was."""
    return isinstance(fault, dict) and str(fault.get("type", "")).endswith("/resource-not-found")


def _list(said: Any) -> list[Any]:
    if said is None:
        return []  # X leaves out what is empty
    if not isinstance(said, list):
        raise ChannelError("X answers something else than a list")
    return said


def _id(item: Any) -> str | None:
    found = item.get("id") if isinstance(item, dict) else None
    good = isinstance(found, str) and found.isascii() and found.isdigit() and len(found) <= 20
    return found if good else None


def _key(item: Any) -> str:
    """What a post is known by: its id, or where it has none, what it says."""
    return _id(item) or mark(json.dumps(item, sort_keys=True))
