"""Waiting at a Mastodon server for what it tells at once, and what of that no list will tell."""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from hashlib import blake2b
from typing import Any, Final
from urllib.parse import urlsplit

from sori import mention
from sori.channels import eventstream
from sori.channels.contract import Json, Listener, Page
from sori.channels.mastodon import api
from sori.channels.mastodon.ear import Ear, read
from sori.channels.mastodon.settings import MastodonSettings
from sori.channels.mastodon.statuses import row
from sori.channels.shelf import PATIENCE, Shelf

PATH: Final = "/api/v1/streaming/user"
KNOWN: Final = "known"
MOST_KNOWN: Final = 300
LONGEST_NAME: Final = 500
QUARTER: Final = 0.25
YOUNG: Final = 30.0
"""Seconds within which a stream that ends was not worth opening: it is not opened again at once."""

shelf: Final[Shelf[Ear]] = Shelf()


def wait(settings: MastodonSettings, cursor: Json, seconds: float, me: Callable[[], str]) -> bool:
    """Listen until there is a reason to look (True), or the time is over or a look begins.

    Args:
        settings: what to hear.
        cursor: where the last look came to.
        seconds: how long at most.
        me: tells the id of our account.

    Raises:
        ChannelError: the stream cannot be opened, or ended as soon as it was.
    """
    name, until = _name(settings), time.monotonic() + seconds
    with shelf.lent(name, patience=PATIENCE) as loan:
        ear = loan.thing
        if ear is None or ear.trouble:
            ear = loan.thing = _opened(settings, me(), ear)
        ear.known = known(cursor)
        while not (called := ear.calls()) and time.monotonic() < until:
            ear.listen(QUARTER)
            if ear.trouble or shelf.is_asked_for(name):
                break
        if ear.trouble:
            ear.close()
            if time.monotonic() - ear.since < YOUNG:
                raise ear.trouble
    return called or ear.trouble is not None


def told(
    settings: MastodonSettings, place: Mapping[str, Any], me: str, listener: Listener
) -> Iterator[Page]:
    """What was edited and deleted since the last look, as far as a stream that is open told so."""
    with shelf.lent(_name(settings), patience=PATIENCE) as loan:
        if loan.thing is not None:
            loan.thing.listen(0.0)
            yield from _pages(loan.thing, place, me, listener)
            loan.thing.brought()


def known(place: Any) -> dict[str, str]:
    """The statuses that were brought of late: the names by which they are known, by their id."""
    held = place.get(KNOWN) if isinstance(place, dict) else None
    return {str(one): str(name) for one, name in held.items()} if isinstance(held, dict) else {}


def remembered(place: Mapping[str, Any], items: Iterable[Any], me: str) -> dict[str, Any]:
    """The place with some statuses more that were brought; ours are not."""
    kept = known(place)
    for item in items:
        status = read(item)
        if status and status.account.id != me and len(status.uri) <= LONGEST_NAME:
            kept.pop(status.id, None)
            kept[status.id] = status.uri
    return {**place, KNOWN: dict(list(kept.items())[-MOST_KNOWN:])}


def _pages(ear: Ear, place: Mapping[str, Any], me: str, listener: Listener) -> Iterator[Page]:
    names = known(place)
    edited = [
        row(status, me, (), listener)
        for status in map(read, ear.edits.values())
        if status and (status.id in names or ear.is_ours(status))
    ]
    gone = [names[one] for one in ear.gone if one in names]
    if edited or gone:
        rest: Any = {one: name for one, name in names.items() if one not in ear.gone}
        yield Page(
            mention.heard([]),
            {**place, KNOWN: rest},
            edited=mention.heard(edited) if edited else None,
            gone=gone,
        )


def _opened(settings: MastodonSettings, me: str, before: Ear | None) -> Ear:
    secret = settings.access_token.get_secret_value()
    stream = eventstream.dial(
        _where(settings) + PATH,
        headers={"Authorization": f"Bearer {secret}"},
        allow_private=settings.allow_private,
    )
    ear = Ear(stream, settings, me)
    if before is not None:
        ear.take_over(before)
    return ear


def _where(settings: MastodonSettings) -> str:
    """Where the stream is: large servers have a machine of their own for it, and say which."""
    said = api.ask(settings, "instance")
    urls = said.get("urls") if isinstance(said, dict) else None
    at = urls.get("streaming_api") if isinstance(urls, dict) else None
    parts = urlsplit(at) if isinstance(at, str) and len(at) < LONGEST_NAME else urlsplit("")
    scheme = {"wss": "https", "https": "https", "ws": "http", "http": "http"}.get(parts.scheme, "")
    sealed = scheme == "https" or settings.instance.startswith("http://")
    if not (scheme and sealed and parts.netloc) or "@" in parts.netloc:
        return settings.instance
    return f"{scheme}://{parts.netloc}"


def _name(settings: MastodonSettings) -> str:
    """What an open stream is known by: whoever hears something else has another."""
    said = [settings.instance, settings.access_token.get_secret_value(), *settings.hashtags]
    said += map(str, (settings.mentions, settings.local, settings.allow_private))
    return blake2b("\0".join(said).encode(), digest_size=16).hexdigest()
