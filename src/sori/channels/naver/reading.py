"""A search result of Naver read as a mention."""

import base64
import hashlib
import json
import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from email.utils import parsedate_to_datetime
from html import unescape
from typing import Any, Final
from zoneinfo import ZoneInfo

from sori.channels.contract import Broken, Listener
from sori.channels.markup import ABSURD
from sori.channels.naver.links import canonical

SEOUL: Final = ZoneInfo("Asia/Seoul")
EARLIEST: Final = datetime(1990, 1, 1, tzinfo=UTC)
FUTURE: Final = timedelta(days=1)
TAG: Final = re.compile(r"</?[a-zA-Z][^<>]*>")
SCHEME: Final = re.compile(r"^https?://(?:m\.)?")


def read(item: object, listener: Listener) -> dict[str, Any] | Broken:
    """The row of a mention, or why there is none."""
    raw = json.dumps(item).encode()
    if not isinstance(item, dict):
        return Broken(raw, "a search result is no object")
    link = _said(item, "link")
    title, text = plain(_said(item, "title")), plain(_said(item, "description"))
    try:
        external_id = canonical(link)
    except ValueError as error:
        return Broken(raw, f"a search result without an address: {error}")
    if not (title or text):
        return Broken(raw, "a search result without a word", external_id)
    author, name = _author(item)
    return {
        "source": listener.source,
        "channel": "naver",
        "external_id": external_id,
        "url": "".join(link.split()),
        "author_id": author,
        "author_name": name,
        "title": title or None,
        "text": text,
        "published_at": _published(item, listener.now),
        "heard_at": listener.now,
        "reply_mode": "link",
        "extra": json.dumps(_extra(item), ensure_ascii=False),
    }


def mark(found: Mapping[str, Any] | Broken) -> str:
    """Eight characters that stand for a result: the same for the same post, or the same poison."""
    name = found.raw if isinstance(found, Broken) else found["external_id"].encode()
    return base64.urlsafe_b64encode(hashlib.blake2b(name, digest_size=6).digest()).decode()


def plain(text: str) -> str:
    """Words without the marks around hits and with entities resolved once.

    A tag leaves nothing behind, for a hit can end inside a word.

    >>> plain("<b>주식</b>형 &amp;lt;펀드&gt;")
    '주식형 &lt;펀드>'
    """
    return " ".join(unescape(ABSURD.sub("\ufffd", TAG.sub("", text))).split())


def _said(item: Mapping[str, Any], name: str) -> str:
    value = item.get(name)
    # half a pair of surrogates is valid JSON and no text
    return value.encode("utf-8", "replace").decode() if isinstance(value, str) else ""


def _author(item: Mapping[str, Any]) -> tuple[str | None, str | None]:
    """The account and how it is called.

    A cafe is no person: it gives its name to be shown, and everybody in it stays nobody.
    """
    home = SCHEME.sub("", _said(item, "bloggerlink").strip().lower()).rstrip("/")
    return home or None, plain(_said(item, "bloggername") or _said(item, "cafename")) or None


def _published(item: Mapping[str, Any], now: datetime) -> datetime | None:
    """When it was published, as far as that is told: news to the second, blogs by the day.

    A day that is over is its last second: nobody is then blamed for a silence that was none. A day
    that still lasts tells no more than the moment we heard it.
    """
    try:
        if day := _said(item, "postdate"):
            moment = datetime.combine(date.fromisoformat(day), time(23, 59, 59), SEOUL)
            latest = now
        else:
            moment = parsedate_to_datetime(_said(item, "pubDate"))
            moment = moment if moment.tzinfo else moment.replace(tzinfo=SEOUL)
            latest = now + FUTURE
        moment = moment.astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return moment if EARLIEST <= moment <= latest else None


def _extra(item: Mapping[str, Any]) -> dict[str, Any]:
    told = {
        "day": _said(item, "postdate"),
        "cafe": plain(_said(item, "cafename")),
        "cafe_url": _said(item, "cafeurl"),
        "original": _said(item, "originallink"),
    }
    return {"clipped": True} | {name: value for name, value in told.items() if value}
