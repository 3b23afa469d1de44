"""Bluesky: what is said to us and what is said with our words; answered in the thread, once."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from hashlib import blake2b
from typing import Any, ClassVar, Final

from pydantic import BaseModel, ValidationError

from sori import mention
from sori.channels import contract
from sori.channels.bluesky import api, live
from sori.channels.bluesky.facets import facets_of
from sori.channels.bluesky.pages import REASONS, page_of
from sori.channels.bluesky.place import Item, Place, mark
from sori.channels.bluesky.posts import COLLECTION, Below
from sori.channels.bluesky.settings import BlueskySettings
from sori.channels.contract import Address, Facts, Json, Listener, Page, Sent
from sori.channels.dates import instant
from sori.channels.letters import letters
from sori.errors import ChannelError, ReplyError, ReplyRejected

SIZE: Final = 50
FIRST: Final = 40
DEEPEST: Final = 400
AT_A_TIME: Final = 25
BYTES_A_LETTER: Final = 10
NOTIFICATIONS: Final = ("app.bsky.notification.listNotifications", "notifications")
SEARCH: Final = ("app.bsky.feed.searchPosts", "posts")
HANGUL: Final = re.compile("[가-힣]")
ALPHABET: Final = "234567abcdefghijklmnopqrstuvwxyz"
BIRTH: Final = int(datetime(2023, 1, 1, tzinfo=UTC).timestamp()) * 1_000_000
THREE_YEARS: Final = 3 * 365 * 86_400 * 1_000_000


class Bluesky:
    """Bluesky: posts that name us, answer us or quote us, and posts with our words.

    The cursor keeps up to when each list was read, how far the stream was, and which posts were
    brought of late. At the first look the newest 40 of each list are brought, and from then on
    everything that follows. The stream begins when it is chosen.
    """

    name: ClassVar[str] = "bluesky"
    Settings: ClassVar[type[BaseModel]] = BlueskySettings
    overlaps: ClassVar[bool] = True
    direct: ClassVar[bool] = False
    longest: ClassVar[int] = 300
    facts: ClassVar[Facts] = Facts(
        history="The newest of each list; of the stream nothing.",
        limits="3,000 calls in five minutes; the stream tells edits and deletions at once.",
    )

    def fetch(self, settings: BlueskySettings, cursor: Json, listener: Listener) -> Iterator[Page]:
        """Bring what is new in every list, oldest first; our own posts are no voices.

        Raises:
            ChannelError: permanent when the account or its password is wrong.
        """
        me = api.me(settings)
        place = Place(cursor)
        if settings.stream:
            if place.lists and not place.stream:
                yield from self._listed(settings, place, me, listener)  # up to here by asking
            yield from live.pages(settings, place, listener, me)
        else:
            place.stream = {}  # whoever chooses it again begins anew, and not with days of it
            yield from self._listed(settings, place, me, listener)

    def wait(self, settings: BlueskySettings, cursor: Json, seconds: float) -> bool | None:
        """Stay with the stream until something of ours is said; None where there is no stream.

        Raises:
            ChannelError: the stream cannot be heard.
        """
        return live.wait(settings, cursor, seconds) if settings.stream else None

    def _listed(
        self, settings: BlueskySettings, place: Place, me: str, listener: Listener
    ) -> Iterator[Page]:
        """What is new in every list."""
        lists = dict(_lists(settings))
        place.keep_only(lists)
        for name, (method, key, query) in lists.items():
            news = _news(settings, place, name, (method, key, query))[::-1]
            for at in range(0, max(len(news), 1), SIZE):
                some = news[at : at + SIZE]
                if some or place.is_new(name):
                    place.bring(name, some)
                    yield page_of([item.said for item in some], me, place.cursor(), listener)

    def reread(self, settings: BlueskySettings, raw: bytes, listener: Listener) -> Page:
        """Read one post, or one message of the stream, from quarantine again."""
        return live.reread(settings, raw, listener, api.me(settings))

    def measure(self, text: str) -> int:
        """What a text counts towards the 300 of a post: letters, and its bytes where they weigh
        more, for 3,000 bytes are a post as well."""
        counted = sum(1 for _ in letters(text))
        return max(counted, -(-len(text.encode("utf-8", "replace")) // BYTES_A_LETTER))

    def reply(self, settings: BlueskySettings, to: Address, text: str, key: str) -> Sent:
        """Answer a post in its thread, under a name made of the key: it is there once or not."""
        try:
            below = Below.model_validate(to.to)
        except ValidationError as error:
            raise ReplyRejected("there is no post to answer to") from error
        now = datetime.now(UTC)
        record: dict[str, Any] = {
            "$type": COLLECTION,
            "text": text,
            "createdAt": f"{now:%Y-%m-%dT%H:%M:%S}.{now.microsecond // 1000:03}Z",
            "reply": below.model_dump(),
        }
        if facets := facets_of(text, lambda handle: _did(settings, handle)):
            record["facets"] = facets
        if HANGUL.search(text):
            record["langs"] = ["ko"]
        uri = api.write(settings, COLLECTION, rkey(key), record).get("uri")
        if not isinstance(uri, str):
            raise ReplyError(f"{settings.service} does not say what it made of the answer")
        return Sent(uri, now)

    def find(self, settings: BlueskySettings, to: Address, key: str) -> Sent | None:  # noqa: ARG002
        """Read back the post under the name made of the key."""
        found = api.written(settings, COLLECTION, rkey(key))
        if found is None or not isinstance(found.get("uri"), str):
            return None
        value = found.get("value")
        written = value.get("createdAt") if isinstance(value, dict) else None
        return Sent(found["uri"], instant(written, UTC) or datetime.now(UTC))

    def recheck(
        self,
        settings: BlueskySettings,
        posts: Sequence[contract.Post],
        listener: Listener,  # noqa: ARG002
    ) -> Page:
        """Ask for the posts again; what a post says cannot be changed there."""
        gone: list[str] = []
        for at in range(0, len(posts), AT_A_TIME):
            some = [post.external_id for post in posts[at : at + AT_A_TIME]]
            try:
                told = _list(api.ask(settings, "app.bsky.feed.getPosts", {"uris": some}), "posts")
            except ChannelError as error:
                if not error.permanent:
                    raise
                gone += [name for name in some if _is_gone(settings, name)]
                continue
            there = {str(each.get("uri")) for each in told if isinstance(each, dict)}
            gone += [name for name in some if name not in there]
        return Page(mention.heard([]), None, gone=gone)


def rkey(key: str) -> str:
    """The name of the post that answers with this key, in the form that all posts have (a TID).

    >>> rkey("k1") == rkey("k1"), len(rkey("k1")), rkey("k1") == rkey("k2")
    (True, 13, False)
    """
    digest = int.from_bytes(blake2b(key.encode(), digest_size=16).digest())
    number = (BIRTH + digest % THREE_YEARS) << 10 | (digest >> 100) & 1023
    return "".join(ALPHABET[number >> shift & 31] for shift in range(60, -1, -5))


def _lists(
    settings: BlueskySettings,
) -> Iterator[tuple[str, tuple[str, str, Mapping[str, Any]]]]:
    """The name each has in the cursor; its method, where the answer lists it, and its question."""
    if settings.notifications:
        yield "notifications", (*NOTIFICATIONS, {"reasons": REASONS})
    for words in settings.words:
        yield f"search {words}", (*SEARCH, {"q": words, "sort": "latest"})


def _news(
    settings: BlueskySettings, place: Place, name: str, asked: tuple[str, str, Mapping[str, Any]]
) -> list[Item]:
    """What a list holds that was not brought, newest first; at the first look its top.

    Raises:
        ChannelError: when it is deeper than anything that can be meant.
    """
    method, key, query = asked
    horizon, new = place.horizon(name), place.is_new(name)
    found: dict[str, Item] = {}
    part: Mapping[str, Any] = {}
    for _ in range(DEEPEST):
        told = api.ask(settings, method, {**query, "limit": FIRST if new else SIZE, **part})
        items = [_item(each) for each in _list(told, key)]
        known = len(found)
        found |= {item.mark: item for item in place.news(name, items) if item.mark not in found}
        moments = [item.at for item in items if item.at]
        below = told.get("cursor")
        over = horizon and moments and min(moments) < horizon
        repeats = bool(items) and len(found) == known and not horizon
        if new or over or repeats or not items or not isinstance(below, str) or not below:
            return [*found.values()]
        part = {"cursor": below}
    raise ChannelError(f"there are more than {DEEPEST * SIZE:,} new posts in {name!r}")


def _item(said: Any) -> Item:
    told = said if isinstance(said, dict) else {}
    uri, seen = told.get("uri"), told.get("indexedAt")
    name = uri if isinstance(uri, str) and uri else json.dumps(said, sort_keys=True)
    return Item(said, mark(name.encode("utf-8", "surrogatepass")), instant(seen, UTC))


def _is_gone(settings: BlueskySettings, uri: str) -> bool:
    """Whether a server that shows no posts, but keeps records, has that one no more."""
    repo, _, rest = uri.removeprefix("at://").partition("/")
    try:
        return api.written(settings, COLLECTION, rest.rpartition("/")[2], repo) is None
    except ChannelError as error:
        if not error.permanent:
            raise
        return False  # it is kept elsewhere


def _list(told: Mapping[str, Any], key: str) -> list[Any]:
    found = told.get(key)
    if not isinstance(found, list):
        raise ChannelError("the server answers something else than a list")
    return found


def _did(settings: BlueskySettings, handle: str) -> str | None:
    """The name for ever of a handle; None where nobody has it, and it stays plain text."""
    try:
        found = api.ask(settings, "com.atproto.identity.resolveHandle", {"handle": handle})
    except ChannelError:
        return None  # an answer without a facet is better than no answer
    did = found.get("did")
    return did if isinstance(did, str) else None
