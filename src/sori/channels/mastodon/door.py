"""Mastodon: what is said to us, under hashtags and on a server; answered where it was said."""

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any, ClassVar, Final
from urllib.parse import quote

from pydantic import BaseModel, ValidationError

from sori import mention
from sori.channels.contract import Address, Broken, Facts, Json, Listener, Page, Post, Sent, Writer
from sori.channels.dates import instant
from sori.channels.mastodon import api, live, measuring
from sori.channels.mastodon.settings import MastodonSettings
from sori.channels.mastodon.statuses import Status, row
from sori.channels.unreadable import unread
from sori.errors import ChannelError, ReplyError, ReplyRejected

SIZE: Final = 40
AT_ONCE: Final = 20
CLOCKS_APART: Final = timedelta(minutes=2)
KNOWN: Final = frozenset({"public", "unlisted", "private", "direct"})


class Mastodon:
    """Mastodon: posts that name us, direct messages, hashtags; answered in the same thread.

    The cursor keeps, for each list we read, the id of the newest thing in it, and which posts were
    brought of late. At the first look the newest 40 are brought, and from then on everything that
    follows. Beside that the server's stream tells when to look, and what was edited or deleted.
    """

    name: ClassVar[str] = "mastodon"
    Settings: ClassVar[type[BaseModel]] = MastodonSettings
    overlaps: ClassVar[bool] = True
    direct: ClassVar[bool] = False
    facts: ClassVar[Facts] = Facts(
        history="The newest 40 of each stream.",
        limits="300 calls in five minutes; edits and deletions at once while the stream is open.",
    )
    longest: ClassVar[int] = 500

    def fetch(self, settings: MastodonSettings, cursor: Json, listener: Listener) -> Iterator[Page]:
        """Bring what is new in every list, oldest first, and then what was edited and deleted; our
        own posts and boosts are no voices.

        Raises:
            ChannelError: permanent when the token is wrong or may not read.
        """
        me = _own_id(settings)
        place: dict[str, Any] = dict(cursor) if isinstance(cursor, dict) else {}
        for name, path, query in _streams(settings):
            while items := _newer(settings, path, query, place.get(name)):
                ids = [each for each in map(_id, items) if each]
                newest = max(ids, key=_order, default=None)
                if newest is None or (place.get(name) and _order(newest) <= _order(place[name])):
                    break  # a server that does not understand where we are would go on for ever
                place = place | {name: newest}
                if settings.live:
                    place = live.remembered(place, map(_status, items[::-1]), me)
                yield _page(settings, me, items[::-1], place, listener)
        if settings.live:
            yield from live.told(settings, place, me, listener)

    def wait(self, settings: MastodonSettings, cursor: Json, seconds: float) -> bool | None:
        """Stay with the server's stream until there is a reason to look; None where it is not
        wanted.

        Raises:
            ChannelError: the stream cannot be heard; every look goes on without it.
        """
        if not settings.live:
            return None
        return live.wait(settings, cursor, seconds, partial(_own_id, settings))

    def reread(self, settings: MastodonSettings, raw: bytes, listener: Listener) -> Page:
        """Read one status from quarantine again."""
        return _page(settings, _own_id(settings), [json.loads(raw)], None, listener)

    def recheck(
        self, settings: MastodonSettings, posts: Sequence[Post], listener: Listener
    ) -> Page:
        """Ask for the statuses again, twenty at once; whoever edited one is told apart by its
        date."""
        named = {str(post.address["status"]): post for post in posts if post.address.get("status")}
        me = _own_id(settings)
        there: dict[str, Status] = {}
        numbers = list(named)
        for start in range(0, len(numbers), AT_ONCE):
            some = numbers[start : start + AT_ONCE]
            found = map(_read, _list(api.ask(settings, "statuses", {"id[]": some})))
            there |= {status.id: status for status in found if status}
        edited = [row(one, me, (), listener) for one in there.values() if one.edited_at]
        gone = [post.external_id for number, post in named.items() if number not in there]
        return Page(
            mention.heard([]), None, edited=mention.heard(edited) if edited else None, gone=gone
        )

    def preview(
        self,
        settings: MastodonSettings,  # noqa: ARG002
        to: Address,
        text: str,
        writer: Writer | None,  # noqa: ARG002
    ) -> str:
        """The words with the name before them."""
        return _with_name(to, text)

    def measure(self, text: str) -> int:
        """What a text counts towards the 500 of a status."""
        return measuring.length(text)

    def reply(self, settings: MastodonSettings, to: Address, text: str, key: str) -> Sent:
        """Answer a status, as visible as it was itself and never more."""
        visibility = to.to.get("visibility")
        status = {
            "status": _with_name(to, text),
            "in_reply_to_id": to.to.get("status"),
            "visibility": visibility if visibility in KNOWN else "direct",
        }
        if not status["in_reply_to_id"]:
            raise ReplyRejected("there is no status to answer to")
        sent = _sent(api.publish(settings, status, key))
        if sent is None:
            raise ReplyError(f"{settings.instance} does not say what it made of the answer")
        return sent

    def post(self, settings: MastodonSettings, text: str, key: str) -> Sent:
        """Post a status of our own, for everybody."""
        sent = _sent(api.publish(settings, {"status": text, "visibility": "public"}, key))
        if sent is None:
            raise ReplyError(f"{settings.instance} does not say what it made of the post")
        return sent

    def find_post(self, settings: MastodonSettings, text: str, since: datetime) -> Sent | None:
        """Look among our newest statuses for one with these very words."""
        me = _own_id(settings)
        query = {"limit": SIZE, "exclude_replies": "true"}
        for each in _list(api.ask(settings, f"accounts/{me}/statuses", query)):
            status, sent = _read(each), _sent(each)
            late = sent and sent.at >= since - CLOCKS_APART
            if status and sent and late and _says(settings, status, text):
                return sent
        return None

    def find(self, settings: MastodonSettings, to: Address, key: str) -> Sent | None:  # noqa: ARG002
        """Nothing: a status does not bear its key; see `recognise`."""
        return None

    def recognise(
        self, settings: MastodonSettings, to: Address, text: str, since: datetime
    ) -> Sent | None:
        """Look below the status that was answered for one of ours with these very words."""
        asked = str(to.to.get("status"))
        me = _own_id(settings)
        below = api.ask(settings, f"statuses/{asked}/context")
        for each in _list(below.get("descendants") if isinstance(below, dict) else None):
            status = _read(each)
            sent = _sent(each)
            ours = status and status.account.id == me and status.in_reply_to_id == asked
            if not (status and ours and sent and sent.at >= since - CLOCKS_APART):
                continue
            if _says(settings, status, _with_name(to, text)):
                return sent
        return None


def _streams(settings: MastodonSettings) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    """The name each has in the cursor, its path and its question."""
    if settings.mentions:
        yield "mentions", "notifications", {"types[]": "mention"}
    for tag in settings.hashtags:
        yield f"#{tag}", f"timelines/tag/{quote(tag)}", {}
    if settings.local:
        yield "local", "timelines/public", {"local": "true"}


def _newer(
    settings: MastodonSettings, path: str, query: Mapping[str, Any], after: Any
) -> list[Any]:
    """What follows, the newest first, as the server lists it; at the first look the newest of
    all."""
    place = {"min_id": after} if after else {}
    return _list(api.ask(settings, path, {**query, "limit": SIZE, **place}))


def _page(
    settings: MastodonSettings, me: str, items: Sequence[Any], cursor: Json, listener: Listener
) -> Page:
    rows: list[dict[str, Any]] = []
    broken: list[Broken] = []
    for item in items:
        said = _status(item)
        try:
            status = Status.model_validate(said)
        except ValidationError as error:
            name = said.get("uri") if isinstance(said, dict) else None
            broken.append(unread(said, error, name))
            continue
        if status.account.id == me or status.reblog is not None:
            continue
        rows.append(row(status, me, _ancestors(settings, status, me), listener))
    return Page(mention.heard(rows), cursor, broken)


def _status(item: Any) -> Any:
    """What a list holds; a list of notifications holds it within."""
    return item["status"] if isinstance(item, dict) and "status" in item else item


def _ancestors(settings: MastodonSettings, status: Status, me: str) -> list[Status]:
    """What a status that names us answers; asking for every one under a hashtag costs too much."""
    if not status.in_reply_to_id or all(each.id != me for each in status.mentions):
        return []
    try:
        around = api.ask(settings, f"statuses/{status.id}/context")
    except ChannelError as error:
        if error.permanent:
            return []  # deleted meanwhile
        raise
    above = _list(around.get("ancestors") if isinstance(around, dict) else None)
    return [each for each in map(_read, above) if each]


def _own_id(settings: MastodonSettings) -> str:
    me = api.ask(settings, "accounts/verify_credentials")
    if found := _id(me):
        return found
    raise ChannelError(f"{settings.instance} does not say who we are")


def _list(said: Any) -> list[Any]:
    if not isinstance(said, list):
        raise ChannelError("the server answers something else than a list")
    return said


def _read(item: Any) -> Status | None:
    try:
        return Status.model_validate(item)
    except ValidationError:
        return None


def _id(item: Any) -> str | None:
    """An id as text: some servers write numbers, and those are longer than a float can hold."""
    found = item.get("id") if isinstance(item, dict) else None
    return str(found) if isinstance(found, str | int) and found else None


def _says(settings: MastodonSettings, status: Status, text: str) -> bool:
    """Whether a status of ours was written with these very words."""
    source = api.ask(settings, f"statuses/{status.id}/source")
    said = source.get("text") if isinstance(source, dict) else None
    return isinstance(said, str) and said.split() == text.split()


def _order(number: str) -> tuple[int, str]:
    return len(number), number


def _with_name(to: Address, text: str) -> str:
    """The words with the name before them, without which nobody is told of an answer."""
    opening = str(to.to.get("opening") or "")
    return text if opening.strip().lower() in text.lower().split() else opening + text


def _sent(status: Any) -> Sent | None:
    if not isinstance(status, dict) or not isinstance(status.get("uri"), str):
        return None
    return Sent(status["uri"], instant(status.get("created_at"), UTC) or datetime.now(UTC))
