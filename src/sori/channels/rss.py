"""Feeds: RSS, Atom and RDF, fetched with care and read in a process that may die."""

import base64
import hashlib
import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any, ClassVar, Final
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, field_validator

from sori import mention
from sori.channels.contract import Broken, Facts, Json, Listener, Page
from sori.channels.fetching import Fetched, fetch
from sori.channels.killable import Child, Died
from sori.channels.servers import Private
from sori.channels.unfit import Unfit
from sori.errors import ChannelError

READING_SECONDS: Final = 20.0
TOO_FRESH: Final = timedelta(seconds=2)
FUTURE: Final = timedelta(days=1)
EARLIEST: Final = datetime(1990, 1, 1, tzinfo=UTC)
WEB: Final = ("http://", "https://")
UNIQUE: Final = ("tag:", "urn:uuid:")

READER: Final = Child("sori.channels.feed_reader", seconds=READING_SECONDS)


class RssSettings(BaseModel):
    """Which feed."""

    model_config = ConfigDict(extra="forbid", title="Feed")

    url: str = Field(
        max_length=2000,
        title="Address of the feed",
        description="RSS, Atom or RDF; http or https.",
        json_schema_extra={"placeholder": "https://blog.example.com/rss"},
    )
    allow_private: Private = False

    @field_validator("url")
    @classmethod
    def _web_address(cls, url: str) -> str:
        parts = urlsplit(url.strip())
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise Unfit("the address begins with http:// or https://")
        return url.strip()


class Rss:
    """Feeds (RSS, Atom, RDF): what is new or changed in them.

    The cursor keeps the validators of the last answer and a short digest of every entry it held,
    so that a feed which is sent whole each time costs nothing where nothing changed.
    """

    name: ClassVar[str] = "rss"
    Settings: ClassVar[type[BaseModel]] = RssSettings
    overlaps: ClassVar[bool] = True
    direct: ClassVar[bool] = False
    facts: ClassVar[Facts] = Facts(
        history="What the feed holds.",
        edits="told",
        limits="Words as the feed has them: some feeds cut them.",
    )

    def fetch(self, settings: RssSettings, cursor: Json, listener: Listener) -> Iterator[Page]:
        """Bring entries that are new or changed since the cursor, oldest first.

        A feed that kills its reader goes to quarantine once; what is no feed at all is an error.

        Raises:
            ChannelError: permanent when the feed is gone (410) or asks for a password.
        """
        place: dict[str, Any] = dict(cursor) if isinstance(cursor, dict) else {}
        answer = fetch(
            settings.url, headers=_conditions(place), allow_private=settings.allow_private
        )
        if answer.status == 304:
            return
        digest = hashlib.sha256(answer.body).hexdigest()[:16]
        after = {"seen": place.get("seen", {}), "digest": digest} | _validators(answer)
        if digest == place.get("digest"):
            page = Page(mention.heard([]), after)
        else:
            page = _page(answer, settings, after, listener)
        if page.cursor != cursor or page.mentions.num_rows or page.edited or page.broken:
            yield page

    def reread(self, settings: RssSettings, raw: bytes, listener: Listener) -> Page:
        """Read a whole feed from quarantine again."""
        answer = Fetched(settings.url, 200, {}, raw)
        return _page(answer, settings, {"seen": {}}, listener)._replace(cursor=None)


def _conditions(place: Mapping[str, Any]) -> dict[str, str]:
    sent = {"If-None-Match": place.get("etag"), "If-Modified-Since": place.get("modified")}
    return {name: str(value) for name, value in sent.items() if value}


def _validators(answer: Fetched) -> dict[str, str]:
    """What to ask with next time; nothing when the answer may still change unnoticed.

    Validators are made of whole seconds: a post written in the same second as our look would stay
    hidden behind "not modified" until another one comes.
    """
    modified = answer.headers.get("last-modified", "")
    try:
        written = parsedate_to_datetime(modified)
        now = parsedate_to_datetime(answer.headers.get("date", ""))
    except (ValueError, TypeError, IndexError):
        written = now = None  # type: ignore[assignment]
    if modified and (written is None or now is None or not _settled(written, now)):
        return {}
    kept = {"etag": answer.headers.get("etag", ""), "modified": modified}
    return {name: value for name, value in kept.items() if value and len(value) <= 500}


def _settled(written: datetime, now: datetime) -> bool:
    if (written.tzinfo is None) != (now.tzinfo is None):
        return False
    return now - written >= TOO_FRESH


def _page(
    answer: Fetched, settings: RssSettings, after: dict[str, Any], listener: Listener
) -> Page:
    try:
        read = _read(answer)
    except Died as error:
        return Page(mention.heard([]), after, [Broken(answer.body, str(error), settings.url)])
    if not read["version"] and not read["entries"]:
        raise ChannelError(
            f"{settings.url} is no feed ({read['fault'] or 'a page of another kind'})"
        )
    seen: dict[str, str] = {}
    rows: dict[str, dict[str, Any]] = {}
    taken: set[str] = set()
    for entry in reversed(read["entries"]):
        row = _row(entry, settings, listener)
        version = hashlib.sha256(json.dumps(entry, sort_keys=True).encode()).hexdigest()[:8]
        if row["external_id"] in taken:  # a generator that gives one name to several posts
            row["external_id"] += f" {entry['link'] or version}"
        taken.add(row["external_id"])
        key = mention.mention_key("rss", row["external_id"])[:12]
        seen[key] = version
        if after["seen"].get(key) != version:
            rows[row["external_id"]] = row | {"known": key in after["seen"]}
    ordered = sorted(rows.values(), key=lambda row: row["published_at"] or listener.now)
    edited = [row for row in ordered if row.pop("known")]
    fresh = [row for row in ordered if row not in edited]
    changed = mention.heard(edited) if edited else None
    return Page(mention.heard(fresh), after | {"seen": seen}, edited=changed)


def _read(answer: Fetched) -> dict[str, Any]:
    question = {
        "body": base64.b64encode(answer.body).decode(),
        "url": answer.url,
        "type": answer.headers.get("content-type", ""),
    }
    read: dict[str, Any] = json.loads(READER.ask(json.dumps(question).encode()))
    return read


def _row(entry: Mapping[str, Any], settings: RssSettings, listener: Listener) -> dict[str, Any]:
    link = entry["link"] if entry["link"].startswith(WEB) else None
    updated = entry["updated"] if entry["updated"] != entry["published"] else None
    extra = {"tags": [tag for tag in entry["tags"] if tag], "updated": updated}
    extra = {name: value for name, value in extra.items() if value}
    return {
        "source": listener.source,
        "channel": "rss",
        "external_id": _name(entry, settings),
        "parent_id": entry["parent"] or None,
        "url": link,
        "author_id": _author(entry, settings),
        "author_name": entry["author"] or None,
        "title": entry["title"] or None,
        "text": entry["text"],
        "published_at": _published(entry["published"], listener.now),
        "heard_at": listener.now,
        "reply_mode": "link" if link else "none",
        "extra": json.dumps(extra, ensure_ascii=False) if extra else None,
    }


def _name(entry: Mapping[str, Any], settings: RssSettings) -> str:
    """What the feed calls the entry.

    The address of the post itself is good everywhere; any other name, such as a number, counts
    within its feed only: the boards of one site number their posts alike.
    """
    said = entry["guid"] or entry["link"]
    if not said:
        words = f"{entry['title']}\0{entry['text']}\0{entry['published']}"
        said = hashlib.sha256(words.encode("utf-8", "surrogatepass")).hexdigest()[:32]
    everywhere = said.startswith(UNIQUE) or (said == entry["link"] and said.startswith(WEB))
    return said if everywhere else f"{settings.url} {said}"


def _author(entry: Mapping[str, Any], settings: RssSettings) -> str | None:
    if entry["account"]:
        return str(entry["account"]).lower()
    site = urlsplit(settings.url).hostname
    return f"{site}/{entry['author']}" if entry["author"] else None


def _published(seconds: int | None, now: datetime) -> datetime | None:
    """When it was published; None where the feed says nothing, or nothing that can be true."""
    if seconds is None:
        return None
    try:
        moment = datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError, OSError):
        return None
    return moment if EARLIEST <= moment <= now + FUTURE else None
