"""One look at the stream: what was said since the last, found among all that was written."""

import importlib.util
import json
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from hashlib import blake2b
from typing import Any, Final

from sori import mention
from sori.channels.bluesky import api
from sori.channels.bluesky.dialects import DIALECTS, Unreadable, Written, genuine, shown
from sori.channels.bluesky.ear import Ear, opened, position, where
from sori.channels.bluesky.pages import page_of, rows_of
from sori.channels.bluesky.place import Place
from sori.channels.bluesky.settings import BlueskySettings
from sori.channels.bluesky.sieve import Sieve
from sori.channels.contract import Broken, Json, Listener, Page
from sori.channels.shelf import PATIENCE, Loan, Shelf
from sori.errors import ChannelError, ConfigurationError

SLICE: Final = 2.0
LONGEST: Final = 25.0
AT_A_TIME: Final = 25
QUARTER: Final = 0.25
LIBRARIES: Final = ("libipld", "websockets")

shelf: Final[Shelf[Ear]] = Shelf()


def pages(settings: BlueskySettings, place: Place, listener: Listener, me: str) -> Iterator[Page]:
    """What the stream brings until we are up to date; the connection stays open for the next look.

    Raises:
        ConfigurationError: the libraries are not installed.
        ChannelError: it cannot be reached, has ended, is silent, or something was missed. The
            cursor of the page before goes on behind it.
    """
    with _lent(_name(settings), patience=PATIENCE) as loan:
        ear = loan.thing = _at(loan.thing, settings, place, me)
        yield from _heard(ear, settings, place, listener, me)


def wait(settings: BlueskySettings, cursor: Json, seconds: float) -> bool:
    """Listen until something of ours is said (True), or the time is over or a look begins.

    Raises:
        ChannelError: as `pages`.
    """
    name, until = _name(settings), time.monotonic() + seconds
    with _lent(name) as loan:
        ear = loan.thing = _at(loan.thing, settings, Place(cursor), api.me(settings))
        while time.monotonic() < until and not shelf.is_asked_for(name):
            ear.listen(QUARTER)
            if ear.batch or ear.trouble:
                break
        return bool(ear.batch or ear.trouble)


def reread(settings: BlueskySettings, raw: bytes, listener: Listener, me: str) -> Page:
    """Read a post, or a message of the stream, from quarantine again."""
    try:
        told = json.loads(raw)
    except (ValueError, RecursionError):
        told = None
    if isinstance(told, dict) and "time_us" not in told:
        return page_of([told], me, None, listener)
    _look_for_libraries()
    try:
        said = DIALECTS[settings.stream or "firehose"].read(raw)
    except Unreadable as error:
        return Page(mention.heard([]), None, [Broken(raw, str(error))])
    sieve = Sieve(me, settings.words, addressed=settings.notifications)
    ours = [post for post in said.written if sieve.keeps(post.did, post.record)]
    return page_of([shown(post, said.at, {}) for post in ours], me, None, listener)


@contextmanager
def _lent(name: str, *, patience: float = 0.0) -> Iterator[Loan[Ear]]:
    """The ear of that name; whoever fails with it leaves none behind, for its place is unsure."""
    with shelf.lent(name, patience=patience) as loan:
        try:
            yield loan
        except GeneratorExit:
            raise  # whoever looks away has not failed
        except BaseException:
            loan.close()
            raise


def _look_for_libraries() -> None:
    if not all(map(importlib.util.find_spec, LIBRARIES)):
        raise ConfigurationError("the stream of Bluesky needs: pip install 'sori-voc[bluesky]'")


def _at(ear: Ear | None, settings: BlueskySettings, place: Place, me: str) -> Ear:
    """An ear that goes on where the cursor is: the one at hand, or a new one."""
    _look_for_libraries()
    begin = position(place.stream, where(settings))
    if ear is not None and ear.begin == begin and not ear.trouble:
        return ear
    if ear is not None:
        ear.close()
    sieve = Sieve(me, settings.words, addressed=settings.notifications)
    return opened(settings, sieve, begin, place.brought)


def _heard(
    ear: Ear, settings: BlueskySettings, place: Place, listener: Listener, me: str
) -> Iterator[Page]:
    until = time.monotonic() + LONGEST
    over = False
    while not over:
        over = ear.listen(SLICE) or time.monotonic() >= until
        silent = over and ear.is_silent(settings.quiet_minutes, datetime.now(UTC))
        if ear.batch or ear.position != ear.begin:
            place.hear(ear.position._asdict(), ear.known)
            page = _page(ear, settings, place, listener, me)
            ear.brought()
            yield page
        if silent:
            raise ChannelError(
                f"nothing at all has passed by in the stream for {settings.quiet_minutes} minutes"
            )
        if ear.trouble:
            raise ear.trouble


def _page(ear: Ear, settings: BlueskySettings, place: Place, listener: Listener, me: str) -> Page:
    """What was put aside, as mentions."""
    batch = ear.batch
    broken = list(batch.broken)
    good: list[tuple[Written, datetime | None]] = []
    for post, at in batch.posts.values():
        if settings.stream == "firehose" and not genuine(post):
            raw = json.dumps(shown(post, at, {}), ensure_ascii=False)
            fault = "its name is not made of what it says"
            broken.append(Broken(raw.encode("utf-8", "surrogatepass"), fault, post.uri))
        else:
            good.append((post, at))
    authors = _authors(settings, dict.fromkeys(post.did for post, _ in good))
    views = [(post, shown(post, at, authors.get(post.did, {}))) for post, at in good]
    rows, faults = rows_of([view for post, view in views if not post.changed], me, listener)
    edited, more = rows_of([view for post, view in views if post.changed], me, listener)
    return Page(
        mention.heard(rows),
        place.cursor(),
        [*broken, *faults, *more],
        edited=mention.heard(edited) if edited else None,
        gone=batch.gone,
    )


def _authors(settings: BlueskySettings, dids: Iterable[str]) -> dict[str, dict[str, Any]]:
    """What people are called, as far as our server can tell; a stream knows only names for ever."""
    asked = [*dids]
    found: dict[str, dict[str, Any]] = {}
    for at in range(0, len(asked), AT_A_TIME):
        some = asked[at : at + AT_A_TIME]
        try:
            told = api.ask(settings, "app.bsky.actor.getProfiles", {"actors": some})
        except ChannelError:
            found |= _handles(settings, some)  # a server of one's own may show no profiles
            continue
        profiles = told.get("profiles")
        for each in profiles if isinstance(profiles, list) else ():
            if isinstance(each, dict) and isinstance(each.get("did"), str):
                names = {name: each.get(name) for name in ("handle", "displayName")}
                found[each["did"]] = {key: said for key, said in names.items() if _is_text(said)}
    return found


def _handles(settings: BlueskySettings, dids: Iterable[str]) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for did in dids:
        try:
            told = api.ask(settings, "com.atproto.repo.describeRepo", {"repo": did})
        except ChannelError:
            continue  # a voice without a name is better than none
        if _is_text(told.get("handle")) and told.get("handleIsCorrect") is not False:
            found[did] = {"handle": told["handle"]}
    return found


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and bool(value)


def _name(settings: BlueskySettings) -> str:
    """What an open stream is known by: whoever hears something else has another."""
    said = [settings.stream, settings.stream_at, settings.service, settings.account]
    said += [str(settings.notifications), str(settings.allow_private), *settings.words]
    return blake2b("\0".join(said).encode(), digest_size=16).hexdigest()
