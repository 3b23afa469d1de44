"""A status of Mastodon made into a mention."""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from pydantic import BaseModel, Field

from sori.channels.contract import Listener
from sori.channels.dates import instant
from sori.channels.markup import text_of

FUTURE: Final = timedelta(days=1)
WEB: Final = ("http://", "https://")
OPEN: Final = frozenset({"public", "unlisted"})
LONGEST_TEXT: Final = 100_000


class Account(BaseModel):
    """Who wrote it."""

    id: str = Field(coerce_numbers_to_str=True, min_length=1)
    acct: str = Field(min_length=1, max_length=500)
    display_name: str = ""
    followers_count: int | None = Field(None, ge=0, lt=2**62)
    bot: bool = False
    uri: str = ""
    url: str | None = None


class Named(BaseModel):
    """Somebody a status names, or a tag it bears."""

    id: str = Field("", coerce_numbers_to_str=True)
    name: str = ""


class Medium(BaseModel):
    """A picture, film or sound beside the words."""

    type: str = "unknown"
    description: str | None = None
    url: str | None = None


class Option(BaseModel):
    """Something to vote for."""

    title: str


class Poll(BaseModel):
    """A question with options."""

    options: list[Option] = []


class Status(BaseModel):
    """What somebody said, as far as we read it."""

    id: str = Field(coerce_numbers_to_str=True, min_length=1, max_length=100)
    uri: str = Field(min_length=1, max_length=2000)
    url: str | None = None
    created_at: str = ""
    edited_at: str | None = None
    content: str = Field(max_length=1_000_000)
    spoiler_text: str = ""
    visibility: str
    language: str | None = None
    in_reply_to_id: str | None = Field(None, coerce_numbers_to_str=True)
    account: Account
    mentions: list[Named] = []
    tags: list[Named] = []
    media_attachments: list[Medium] = []
    poll: Poll | None = None
    reblog: Any = None


def row(status: Status, me: str, ancestors: Sequence[Status], listener: Listener) -> dict[str, Any]:
    """A row of HEARD.

    Args:
        status: what was said.
        me: the id of our account.
        ancestors: what it answers, the first of the thread first; empty where nobody looked.
        listener: who is asking.
    """
    public = status.visibility in OPEN
    return {
        "source": listener.source,
        "channel": "mastodon",
        "external_id": status.uri,
        "parent_id": ancestors[-1].uri if ancestors else None,
        "thread_id": ancestors[0].uri if ancestors else status.uri,
        "url": status.url if (status.url or "").startswith(WEB) else None,
        "author_id": status.account.uri or status.account.url or status.account.acct,
        "author_name": status.account.display_name or status.account.acct,
        "followers": status.account.followers_count,
        "title": status.spoiler_text or None,
        "text": _words(status),
        "published_at": _published(status.created_at, listener.now),
        "heard_at": listener.now,
        "addressed": any(each.id == me for each in status.mentions),
        "public": public,
        "reply_mode": "public" if public else "private",
        "reply_address": json.dumps(_address(status), ensure_ascii=False),
        "extra": json.dumps(_extra(status), ensure_ascii=False),
    }


def _address(status: Status) -> Mapping[str, str]:
    name = f"@{status.account.acct}"
    return {
        "shown": name,
        "opening": f"{name} ",
        "status": status.id,
        "visibility": status.visibility,
    }


def _words(status: Status) -> str:
    """What was said, and in words what was shown: options of a poll, pictures by their captions."""
    options = [f"- {option.title}" for option in (status.poll.options if status.poll else ())]
    shown = [f"[{each.type}] {each.description or ''}".strip() for each in status.media_attachments]
    return "\n".join(filter(None, [text_of(status.content), *options, *shown]))[:LONGEST_TEXT]


def _published(said: str, now: datetime) -> datetime | None:
    moment = instant(said, UTC)
    return moment if moment and moment <= now + FUTURE else None


def _extra(status: Status) -> Mapping[str, Any]:
    said = {
        "visibility": status.visibility,
        "language": status.language,
        "tags": [tag.name for tag in status.tags if tag.name],
        "edited": status.edited_at,
        "bot": status.account.bot,
        "media": [each.url for each in status.media_attachments if each.url],
    }
    return {name: value for name, value in said.items() if value}
