"""An event of a room made into a mention, an edit, or a post that is gone."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from pydantic import BaseModel, Field

from sori.channels.contract import Listener

FUTURE: Final = timedelta(days=1)
LONGEST_TEXT: Final = 100_000
SAID: Final = "m.room.message"
HIDDEN: Final = "m.room.encrypted"
TAKEN_BACK: Final = "m.room.redaction"
SHOWN: Final = {
    "m.image": "image",
    "m.file": "file",
    "m.audio": "audio",
    "m.video": "video",
    "m.location": "location",
}


class Event(BaseModel):
    """Something that happened in a room, as far as we read it."""

    event_id: str = Field(min_length=1, max_length=300)
    sender: str = Field(min_length=1, max_length=300)
    type: str
    origin_server_ts: int = Field(ge=0, lt=2**53)
    content: dict[str, Any]
    redacts: str | None = None
    unsigned: dict[str, Any] = {}

    @property
    def related(self) -> Mapping[str, Any]:
        """What it says of its relation to another event."""
        found = self.content.get("m.relates_to")
        return found if isinstance(found, dict) else {}

    @property
    def replaces(self) -> str | None:
        """The event whose words it replaces."""
        return _name(self.related) if self.related.get("rel_type") == "m.replace" else None

    @property
    def root(self) -> str | None:
        """The first event of the thread it is said in."""
        return _name(self.related) if self.related.get("rel_type") == "m.thread" else None

    @property
    def answers(self) -> str | None:
        """The event it is a reply to; in a thread older clients are told one that it is not."""
        told = self.related.get("m.in_reply_to")
        if not isinstance(told, dict) or self.related.get("is_falling_back") is True:
            return self.root
        return _name(told)

    @property
    def taken_back(self) -> str | None:
        """The event that it takes back; newer rooms say so in the content."""
        if self.type != TAKEN_BACK:
            return None
        told = self.content.get("redacts", self.redacts)
        return told if isinstance(told, str) and told else None

    def words(self) -> str:
        """What was said, and in words what was shown."""
        content = self.content
        if self.replaces:
            new = content.get("m.new_content")
            content = new if isinstance(new, dict) else {}
        body = content.get("body")
        text = body if isinstance(body, str) else ""
        shown = SHOWN.get(str(content.get("msgtype")))
        return (f"[{shown}] {text}".strip() if shown else text)[:LONGEST_TEXT]


class Room(BaseModel):
    """What is known of a room.

    Attributes:
        id: its name.
        public: whether everybody may join it.
        title: what people call it.
        names: how its people are called, by their ids.
    """

    id: str
    public: bool = False
    title: str = ""
    names: dict[str, str] = {}


def row(event: Event, room: Room, me: str, listener: Listener, *, ours: bool) -> dict[str, Any]:
    """A row of HEARD.

    Args:
        event: what was said.
        room: where.
        me: the id of our account.
        listener: who is asking.
        ours: whether all that is said there is said to us.
    """
    mode = "public" if room.public else "private"
    return {
        "source": listener.source,
        "channel": "matrix",
        "external_id": event.event_id,
        "parent_id": event.answers,
        "thread_id": event.root or room.id,
        "url": f"https://matrix.to/#/{room.id}/{event.event_id}",
        "author_id": event.sender,
        "author_name": room.names.get(event.sender) or event.sender,
        "title": room.title or None,
        "text": event.words(),
        "published_at": _published(event.origin_server_ts, listener.now),
        "heard_at": listener.now,
        "addressed": ours or _names(event, me),
        "public": room.public,
        "reply_mode": mode,
        "reply_address": json.dumps(_address(event, room), ensure_ascii=False),
    }


def _address(event: Event, room: Room) -> Mapping[str, str]:
    address = {
        "shown": f"{event.sender} · {room.title}" if room.title else event.sender,
        "room": room.id,
        "event": event.event_id,
        "user": event.sender,
    }
    return address | ({"root": event.root} if event.root else {})


def _names(event: Event, me: str) -> bool:
    """Whether it names our account, as clients say, or older ones write."""
    told = event.content.get("m.mentions")
    named = told.get("user_ids") if isinstance(told, dict) else None
    return me in named if isinstance(named, list) else me in event.words()


def _name(told: Mapping[str, Any]) -> str | None:
    found = told.get("event_id")
    return found if isinstance(found, str) and found else None


def _published(milliseconds: int, now: datetime) -> datetime | None:
    """When it was said; a server may claim anything, so nothing that is far in the future."""
    try:
        moment = datetime.fromtimestamp(milliseconds / 1000, UTC)
    except (ValueError, OverflowError, OSError):
        return None
    return moment if moment <= now + FUTURE else None
