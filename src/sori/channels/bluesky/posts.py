"""A post of Bluesky made into a mention."""

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from pydantic import BaseModel, Field

from sori.channels.bluesky.facets import NAMES, TAGS, Facet, written_out
from sori.channels.contract import Listener
from sori.channels.dates import instant

FUTURE: Final = timedelta(days=1)
LONGEST_TEXT: Final = 100_000
COLLECTION: Final = "app.bsky.feed.post"
LONGEST_NAME: Final = 1000
URI: Final = r"^at://[a-zA-Z0-9._:%-]+/app\.bsky\.feed\.post/[a-zA-Z0-9._~:-]+$"
CID: Final = r"^[a-zA-Z0-9]+$"
DID: Final = r"^did:[a-z]+:[a-zA-Z0-9._:%-]+$"


class Ref(BaseModel):
    """A post by its address, and as it was: its text cannot be changed without a new CID."""

    uri: str = Field(pattern=URI, max_length=LONGEST_NAME)
    cid: str = Field(pattern=CID, max_length=LONGEST_NAME)


class Below(BaseModel):
    """Which thread a post belongs to, and which post it answers."""

    root: Ref
    parent: Ref


class Record(BaseModel):
    """What was written."""

    text: str = Field(max_length=LONGEST_TEXT)
    created: str = Field("", alias="createdAt")
    reply: Below | None = None
    facets: list[Facet] = []
    langs: list[str] = []
    tags: list[str] = []
    embed: dict[str, Any] = {}


class Author(BaseModel):
    """Who wrote it."""

    did: str = Field(pattern=DID, max_length=LONGEST_NAME)
    handle: str = Field("", max_length=300)
    name: str | None = Field(None, alias="displayName", max_length=2000)


class Viewer(BaseModel):
    """What our account may do with it."""

    closed: bool = Field(default=False, alias="replyDisabled")


class Post(BaseModel):
    """What somebody said, as far as we read it."""

    uri: str = Field(pattern=URI, max_length=LONGEST_NAME)
    cid: str = Field(pattern=CID, max_length=LONGEST_NAME)
    author: Author
    record: Record
    indexed: str = Field("", alias="indexedAt")
    reason: str = ""
    viewer: Viewer = Viewer()
    likes: int = Field(0, alias="likeCount")
    reposts: int = Field(0, alias="repostCount")
    replies: int = Field(0, alias="replyCount")

    def is_said_to(self, me: str) -> bool:
        """Whether it names us, answers us or quotes us."""
        named = {did for facet in self.record.facets for did in facet.told(NAMES, "did")}
        answered = self.record.reply.parent.uri if self.record.reply else ""
        ours = f"at://{me}/"
        return me in named or answered.startswith(ours) or quoted(self.record).startswith(ours)


def quoted(record: Record) -> str:
    """The address of the post that a post quotes; empty for none."""
    inner = record.embed.get("record")
    for _ in range(2):  # a quote beside pictures lies one deeper
        if isinstance(inner, dict) and isinstance(inner.get("uri"), str):
            return str(inner["uri"])
        inner = inner.get("record") if isinstance(inner, dict) else None
    return ""


def row(post: Post, me: str, listener: Listener) -> dict[str, Any]:
    """A row of HEARD.

    Args:
        post: what was said.
        me: the name for ever of our account.
        listener: who is asking.
    """
    this = Ref(uri=post.uri, cid=post.cid)
    below = post.record.reply
    address = {
        "shown": f"@{post.author.handle}" if post.author.handle else post.author.did,
        "root": (below.root if below else this).model_dump(),
        "parent": this.model_dump(),
    }
    return {
        "source": listener.source,
        "channel": "bluesky",
        "external_id": post.uri,
        "parent_id": below.parent.uri if below else None,
        "thread_id": below.root.uri if below else post.uri,
        "url": f"https://bsky.app/profile/{post.author.did}/post/{post.uri.rpartition('/')[2]}",
        "author_id": post.author.did,
        "author_name": post.author.name or post.author.handle or None,
        "text": "\n".join(_words(post.record))[:LONGEST_TEXT],
        "published_at": _published(post, listener.now),
        "heard_at": listener.now,
        "addressed": post.is_said_to(me),
        "public": True,
        "reply_mode": "link" if post.viewer.closed else "public",
        "reply_address": json.dumps(address, ensure_ascii=False),
        "extra": json.dumps(_extra(post), ensure_ascii=False),
    }


def _words(record: Record) -> Iterator[str]:
    """What was said, and in words what was shown: pictures by their captions, links by theirs."""
    yield written_out(record.text, record.facets)
    media = record.embed.get("media")
    for embed in (record.embed, media if isinstance(media, dict) else {}):
        images = embed.get("images")
        for each in images if isinstance(images, list) else ():
            caption = each.get("alt") if isinstance(each, dict) else None
            yield f"[image] {caption if isinstance(caption, str) else ''}".strip()
        card = embed.get("external")
        if isinstance(card, dict) and isinstance(card.get("uri"), str):
            yield f"[link] {card.get('title') or ''} {card['uri']}".replace("  ", " ")


def _published(post: Post, now: datetime) -> datetime | None:
    """When it was written; a moment that its author invents is no later than the server saw it."""
    written, seen = instant(post.record.created, UTC), instant(post.indexed, UTC)
    known = [each for each in (written, seen) if each and each <= now + FUTURE]
    return min(known, default=None)


def _extra(post: Post) -> Mapping[str, Any]:
    tags = [tag for facet in post.record.facets for tag in facet.told(TAGS, "tag")]
    said = {
        "account": post.author.handle,
        "language": post.record.langs[0] if post.record.langs else None,
        "tags": [*tags, *post.record.tags],
        "quotes": quoted(post.record),
        "metrics": {
            name: count
            for name, count in (
                ("likes", post.likes),
                ("reposts", post.reposts),
                ("replies", post.replies),
            )
            if count
        },
    }
    return {name: value for name, value in said.items() if value}
