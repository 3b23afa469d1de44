"""A post of X made into a mention."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from html import unescape
from typing import Any, Final

from pydantic import BaseModel, Field, ValidationError

from sori.channels.contract import Broken, Listener
from sori.channels.dates import instant
from sori.channels.unreadable import unread
from sori.channels.x.settings import XSettings

FUTURE: Final = timedelta(days=1)
LONGEST_TEXT: Final = 100_000
ID: Final = r"^[0-9]{1,20}$"
WEB: Final = ("http://", "https://")

FIELDS: Final = {
    "tweet.fields": "author_id,conversation_id,created_at,edit_history_tweet_ids,entities,"
    "in_reply_to_user_id,lang,note_tweet,public_metrics,referenced_tweets",
    "expansions": "author_id",
    "user.fields": "name,username,public_metrics",
}
"""What to ask for with every post. Nothing that is charged beside it but its author."""


class Link(BaseModel):
    """A link as it stands in the text, and where it leads."""

    url: str = Field(max_length=2000)
    expanded_url: str = Field("", max_length=10_000)


class Named(BaseModel):
    """An account that a text names."""

    id: str = ""
    username: str = ""


class Entities(BaseModel):
    """What X found in a text."""

    urls: list[Link] = []
    mentions: list[Named] = []


class Note(BaseModel):
    """The whole of a long post."""

    text: str = Field(max_length=LONGEST_TEXT)
    entities: Entities = Entities()


class Reference(BaseModel):
    """Another post that this one answers or quotes."""

    type: str
    id: str = Field(pattern=ID)


class Post(BaseModel):
    """What somebody said, as far as we read it."""

    id: str = Field(pattern=ID)
    text: str = Field(max_length=LONGEST_TEXT)
    author_id: str = Field(pattern=ID)
    conversation_id: str | None = Field(None, pattern=ID)
    created_at: str = ""
    edit_history_tweet_ids: list[str] = []
    entities: Entities = Entities()
    in_reply_to_user_id: str | None = None
    lang: str | None = None
    note_tweet: Note | None = None
    public_metrics: dict[str, int] = {}
    referenced_tweets: list[Reference] = []

    @property
    def first(self) -> str:
        """The id it had when it was written; each edit is a new post with an id of its own."""
        known = [each for each in self.edit_history_tweet_ids if each.isascii() and each.isdigit()]
        return min([*known, self.id], key=int)

    def answered(self) -> str | None:
        """The id of the post that it answers."""
        return next((one.id for one in self.referenced_tweets if one.type == "replied_to"), None)

    def named(self) -> list[Named]:
        """The accounts it names."""
        return [
            *self.entities.mentions,
            *(self.note_tweet.entities.mentions if self.note_tweet else ()),
        ]

    def words(self) -> str:
        """What was said, with links as they lead and no entities of HTML."""
        whole = self.note_tweet or self
        text = unescape(whole.text)
        for link in whole.entities.urls:
            if link.expanded_url.startswith(WEB):
                text = text.replace(link.url, link.expanded_url)
        return text[:LONGEST_TEXT]


class Author(BaseModel):
    """Who said it."""

    id: str = Field(pattern=ID)
    name: str = Field("", max_length=500)
    username: str = Field("", pattern=r"^[A-Za-z0-9_]{0,50}$")
    public_metrics: dict[str, int] = {}


def authors(told: Mapping[str, Any]) -> dict[str, Author]:
    """The accounts that came along with posts, by their ids."""
    included = told.get("includes")
    listed = included.get("users") if isinstance(included, dict) else None
    found: dict[str, Author] = {}
    for each in listed if isinstance(listed, list) else ():
        try:
            author = Author.model_validate(each)
        except ValidationError:
            continue  # the post is worth having without the name of its author
        found[author.id] = author
    return found


def read(
    item: Any, by: Mapping[str, Author], settings: XSettings, listener: Listener
) -> dict[str, Any] | Broken | None:
    """The row of a post; None where it is no voice: our own posts and plain reposts."""
    try:
        post = Post.model_validate(item)
    except ValidationError as error:
        told = {"data": item, "includes": {"users": [one.model_dump() for one in by.values()]}}
        return unread(told, error, item.get("id") if isinstance(item, dict) else None)
    reposts = any(each.type == "retweeted" for each in post.referenced_tweets)
    if post.author_id == settings.user_id or reposts:
        return None
    return _row(post, by.get(post.author_id), settings, listener)


def may_be_answered(post: Post, settings: XSettings) -> bool:
    """Whether X lets an app answer a post: its author named our account, or quoted us."""
    if any(each.id == settings.user_id for each in post.named()):
        return True
    if not any(each.type == "quoted" for each in post.referenced_tweets):
        return False
    whole = post.note_tweet.entities.urls if post.note_tweet else []
    ours = tuple(
        f"https://{host}/{settings.username}/status/".lower() for host in ("x.com", "twitter.com")
    )
    return any(each.expanded_url.lower().startswith(ours) for each in [*post.entities.urls, *whole])


def _row(
    post: Post, author: Author | None, settings: XSettings, listener: Listener
) -> dict[str, Any]:
    handle = author.username if author else ""
    spoken_to = may_be_answered(post, settings)
    address = {"shown": f"@{handle or post.author_id}", "post": post.id}
    reach = author.public_metrics.get("followers_count") if author else None
    return {
        "source": listener.source,
        "channel": "x",
        "external_id": post.first,
        "parent_id": post.answered(),
        "thread_id": post.conversation_id or post.first,
        "url": f"https://x.com/{handle or 'i'}/status/{post.id}",
        "author_id": post.author_id,
        "author_name": (author.name if author else "") or handle or None,
        "followers": reach if reach is not None and 0 <= reach < 2**62 else None,
        "text": post.words(),
        "published_at": _published(post.created_at, listener.now),
        "heard_at": listener.now,
        "addressed": spoken_to or post.in_reply_to_user_id == settings.user_id,
        "public": True,
        "reply_mode": "public" if spoken_to and settings.answers else "link",
        "reply_address": json.dumps(address),
        "extra": json.dumps(_extra(post, handle), ensure_ascii=False),
    }


def _published(said: str, now: datetime) -> datetime | None:
    moment = instant(said, UTC)
    return moment if moment and moment <= now + FUTURE else None


def _extra(post: Post, handle: str) -> Mapping[str, Any]:
    quoted = next((one.id for one in post.referenced_tweets if one.type == "quoted"), None)
    said = {
        "account": handle,
        "language": post.lang,
        "edited": post.id if post.id != post.first else None,
        "quotes": quoted,
        "metrics": {name: count for name, count in post.public_metrics.items() if count},
    }
    return {name: value for name, value in said.items() if value}
