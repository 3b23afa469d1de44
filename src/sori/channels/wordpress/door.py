"""WordPress: what is written below posts, and the posts themselves; answered by a comment."""

import html
import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar, Final, NamedTuple

from pydantic import BaseModel, ValidationError

from sori import mention
from sori.channels import contract
from sori.channels.contract import Address, Broken, Facts, Json, Listener, Page, Sent
from sori.channels.dates import instant
from sori.channels.markup import text_of
from sori.channels.wordpress import api
from sori.channels.wordpress.reading import Comment, Post, comment_row, post_row
from sori.channels.wordpress.settings import WordpressSettings
from sori.errors import ChannelError, ReplyError, ReplyRejected

SIZE: Final = 100
OVERLAP: Final = timedelta(minutes=75)
"""The site's clock may be set back an hour in autumn, and its dates are of whole seconds."""

CLOCKS_APART: Final = timedelta(minutes=2)
LOCAL: Final = "%Y-%m-%dT%H:%M:%S"


class Me(NamedTuple):
    """The user we answer as.

    Attributes:
        id: its number, 0 for nobody.
        moderates: whether it is told the mail addresses of guests.
    """

    id: int
    moderates: bool = False


class Wordpress:
    """WordPress: comments and posts of a site, by its REST API; answers stand below them.

    The cursor keeps, for comments and for posts, the site's own time of the newest and the numbers
    of those near it: the next look begins a little earlier, so that nothing falls in between.
    """

    name: ClassVar[str] = "wordpress"
    Settings: ClassVar[type[BaseModel]] = WordpressSettings
    overlaps: ClassVar[bool] = True
    direct: ClassVar[bool] = False
    facts: ClassVar[Facts] = Facts(
        history="The newest 100 comments and posts.",
        limits="Comments that were approved; 15 seconds between two answers.",
    )

    def fetch(
        self, settings: WordpressSettings, cursor: Json, listener: Listener
    ) -> Iterator[Page]:
        """Bring what is new, oldest first; our own comments are no voices.

        Raises:
            ChannelError: permanent when the site has no such API or the password is wrong.
        """
        me = _me(settings)
        place: dict[str, Any] = dict(cursor) if isinstance(cursor, dict) else {}
        for stream, path in (("comments", "comments"), ("posts", "posts")):
            if not getattr(settings, stream):
                continue
            edit = {"context": "edit"} if me.moderates and stream == "comments" else {}
            for items in _newer(settings, path, place.get(stream), edit):
                place = place | {stream: _after(items, place.get(stream))}
                yield _page(settings, me, stream, items, place, listener)

    def reread(self, settings: WordpressSettings, raw: bytes, listener: Listener) -> Page:
        """Read one comment or post from quarantine again."""
        kept = json.loads(raw)
        return _page(settings, _me(settings), kept["stream"], [kept["item"]], None, listener)

    def recheck(
        self, settings: WordpressSettings, posts: Sequence[contract.Post], listener: Listener
    ) -> Page:
        """Ask for them by their numbers; a comment that was not approved after all is gone too."""
        edited: list[dict[str, Any]] = []
        gone: list[str] = []
        for stream, read in (("comments", Comment), ("posts", Post)):
            mark = f"{settings.site}#{stream[:-1]}-"
            asked = {
                post.external_id.removeprefix(mark): post.external_id
                for post in posts
                if post.external_id.startswith(mark)
            }
            if not asked:
                continue
            query = {"include": ",".join(asked), "per_page": SIZE}
            found = [_read(read, item) for item in _list(api.ask(settings, stream, query))]
            there = {str(each.id): each for each in found if each is not None}
            edited += [_row(settings, each, listener) for each in there.values()]
            gone += [name for number, name in asked.items() if number not in there]
        return Page(
            mention.heard([]), None, edited=mention.heard(edited) if edited else None, gone=gone
        )

    def reply(self, settings: WordpressSettings, to: Address, text: str, key: str) -> Sent:  # noqa: ARG002
        """Write a comment below the one that is answered; a site keeps no key with it."""
        post, parent = to.to.get("post"), to.to.get("comment")
        if not isinstance(post, int) or not settings.application_password.get_secret_value():
            raise ReplyRejected("without a user and an application password nothing can be said")
        # the API takes HTML, so that a text would lose its lines and what looks like a tag
        words = {"post": post, "parent": parent or 0, "content": html.escape(text, quote=False)}
        sent = _sent(settings, api.comment(settings, words))
        if sent is None:
            raise ReplyError(f"{settings.site} does not say what it made of the answer")
        return sent

    def find(self, settings: WordpressSettings, to: Address, key: str) -> Sent | None:  # noqa: ARG002
        """Nothing: a comment does not bear its key; see `recognise`."""
        return None

    def recognise(
        self, settings: WordpressSettings, to: Address, text: str, since: datetime
    ) -> Sent | None:
        """Look below what was answered for a comment of ours with these very words."""
        query = {
            "post": to.to.get("post"),
            "parent": to.to.get("comment") or 0,
            "author": _me(settings).id,
            "per_page": SIZE,
        }
        for item in _list(api.ask(settings, "comments", query)):
            comment, sent = _read(Comment, item), _sent(settings, item)
            if not (comment and sent and sent.at >= since - CLOCKS_APART):
                continue
            if text_of(comment.content.rendered).split() == text.split():
                return sent
        return None


def _newer(
    settings: WordpressSettings,
    path: str,
    place: Mapping[str, Any] | None,
    also: Mapping[str, str],
) -> Iterator[list[Any]]:
    """What was not seen yet, page by page, the oldest first; at the first look one page of the
    newest."""
    if place is None:
        newest = {"per_page": SIZE, "order": "desc", "orderby": "date", **also}
        yield sorted(_list(api.ask(settings, path, newest)), key=_order)
        return
    query: dict[str, Any] = {"per_page": SIZE, "order": "asc", "orderby": "date", **also}
    if place.get("at"):
        query["after"] = place["at"]
    seen, number = {each for each, _at in place.get("near") or ()}, 1
    while True:
        items = _list(api.ask(settings, path, query | {"page": number}))
        fresh = [item for item in items if not (isinstance(item, dict) and item.get("id") in seen)]
        if fresh:
            yield sorted(fresh, key=_order)
        if len(items) < SIZE:
            return
        number += 1


def _after(items: Sequence[Any], place: Mapping[str, Any] | None) -> dict[str, Any]:
    """Where to go on after some items: a little before the newest, without those we have seen."""
    dated = [(_local(item), item["id"]) for item in items if _numbered(item)]
    known = [(datetime.fromisoformat(at), number) for number, at in (place or {}).get("near", ())]
    moments = [pair for pair in [*known, *dated] if pair[0] is not None]
    newest = max((at for at, _ in moments if at), default=None)
    if newest is None:
        return dict(place or {"at": None, "near": []})
    start = newest - OVERLAP
    near = sorted({(number, at.isoformat()) for at, number in moments if at and at >= start})
    return {"at": start.strftime(LOCAL), "near": [list(each) for each in near]}


def _order(item: Any) -> tuple[str, int]:
    """By date, and within a second in the order of their numbers."""
    return (str(item.get("date")), int(item["id"])) if _numbered(item) else ("", 0)


def _local(item: Mapping[str, Any]) -> datetime | None:
    """The site's own time of an item, as it writes it."""
    try:
        return datetime.fromisoformat(str(item.get("date"))).replace(tzinfo=None)
    except ValueError:
        return None


def _numbered(item: Any) -> bool:
    return isinstance(item, dict) and isinstance(item.get("id"), int)


def _page(
    settings: WordpressSettings,
    me: Me,
    stream: str,
    items: Sequence[Any],
    cursor: Json,
    listener: Listener,
) -> Page:
    rows: list[dict[str, Any]] = []
    broken: list[Broken] = []
    for item in items:
        try:
            said = (Comment if stream == "comments" else Post).model_validate(item)
        except ValidationError as error:
            kept = json.dumps({"stream": stream, "item": item}, ensure_ascii=False)
            name = f"{settings.site}#{stream[:-1]}-{item['id']}" if _numbered(item) else None
            raw = kept.encode("utf-8", "surrogatepass")
            broken.append(Broken(raw, f"{error.error_count()} faults in it", name))
            continue
        ours = me.id and said.author == me.id
        if not ours and (isinstance(said, Post) or said.type == "comment"):
            rows.append(_row(settings, said, listener))
    return Page(mention.heard(rows), cursor, broken)


def _row(settings: WordpressSettings, said: Comment | Post, listener: Listener) -> dict[str, Any]:
    answers = bool(settings.application_password.get_secret_value())
    if isinstance(said, Post):
        return post_row(settings.site, said, listener, answers=answers)
    return comment_row(settings.site, said, listener, ours=settings.ours, answers=answers)


def _me(settings: WordpressSettings) -> Me:
    """The user we answer as; nobody without a password."""
    if not settings.application_password.get_secret_value():
        return Me(0)
    said = api.ask(settings, "users/me", {"context": "edit"})
    if not _numbered(said):
        raise ChannelError(f"{settings.site} does not say who we are")
    allowed = said.get("capabilities")
    moderates = isinstance(allowed, dict) and bool(allowed.get("moderate_comments"))
    return Me(int(said["id"]), moderates)


def _read(kind: type[Comment] | type[Post], item: Any) -> Comment | Post | None:
    try:
        return kind.model_validate(item)
    except ValidationError:
        return None


def _sent(settings: WordpressSettings, item: Any) -> Sent | None:
    if not _numbered(item):
        return None
    at = instant(item.get("date_gmt"), UTC) or datetime.now(UTC)
    return Sent(f"{settings.site}#comment-{item['id']}", at)


def _list(said: Any) -> list[Any]:
    if not isinstance(said, list):
        raise ChannelError("the site answers something else than a list")
    return said
