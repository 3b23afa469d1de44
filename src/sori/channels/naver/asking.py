"""One question to Naver's search, and what its refusals mean."""

import json
import re
from datetime import UTC, datetime, time, timedelta
from typing import Any, Final, NamedTuple
from urllib.parse import urlencode

from sori.channels.fetching import Fetched, Limits, fetch, retry_after
from sori.channels.naver.reading import SEOUL
from sori.channels.naver.settings import NaverSettings, Search
from sori.errors import ChannelError

LIMITS: Final = Limits(
    size=2_000_000, redirects=0, answers=frozenset({200, 400, 401, 403, 404, 405, 429})
)
"""No redirect is followed: the secret travels in a header and would go along."""

TOO_FAST: Final = "012"
A_MINUTE: Final = 60.0
IN_XML: Final = re.compile(r"<errorCode>([^<]{1,20})</errorCode>")


class Found(NamedTuple):
    """What a question brought.

    Attributes:
        items: results, the newest first.
        total: how many there are to page through.
    """

    items: list[Any]
    total: int


def ask(settings: NaverSettings, search: Search, start: int, now: datetime) -> Found:
    """One page of results, newest first.

    Args:
        settings: whom to ask, and in whose name.
        search: what for.
        start: the number of the first result, from 1.
        now: from when to count the hours to midnight.

    Raises:
        ChannelError: permanent where the application or the question is refused; with
            `retry_after` where the quota is used up.
    """
    asked = urlencode(
        {"query": search.words, "display": settings.display, "start": start, "sort": "date"}
    )
    answer = fetch(
        f"{settings.address}/v1/search/{search.kind}.json?{asked}",
        headers={
            "X-Naver-Client-Id": settings.client_id,
            "X-Naver-Client-Secret": settings.client_secret.get_secret_value(),
        },
        limits=LIMITS,
        allow_private=settings.allow_private,
    )
    if answer.status != 200:
        raise _refusal(answer, now)
    try:
        told = json.loads(answer.body)
    except (ValueError, RecursionError) as error:
        raise ChannelError("Naver answers something that is no JSON") from error
    items, total = (told.get("items"), told.get("total")) if isinstance(told, dict) else (0, 0)
    if not isinstance(items, list) or not isinstance(total, int):
        raise ChannelError("Naver answers something that is no list of results")
    return Found(items, total)


def until_midnight(now: datetime) -> float:
    """Seconds until the next day begins in Seoul, when Naver counts from zero again."""
    tomorrow = now.astimezone(SEOUL).date() + timedelta(days=1)
    return (datetime.combine(tomorrow, time(), SEOUL) - now).total_seconds()


def _refusal(answer: Fetched, now: datetime) -> ChannelError:
    code = _code(answer.body)
    told = f"{answer.status} {code}".strip()
    if answer.status == 429:
        fallback = A_MINUTE if code == TOO_FAST else until_midnight(now)
        asked = retry_after(answer.headers.get("retry-after"), datetime.now(UTC))
        wait = fallback if asked is None else asked
        return ChannelError(f"Naver takes no more questions for now ({told})", retry_after=wait)
    if answer.status in {401, 403}:
        words = "Naver refuses the client ID and secret, or its application may not search"
        return ChannelError(f"{words} ({told})", permanent=True)
    return ChannelError(f"Naver does not understand the question ({told})", permanent=True)


def _code(body: bytes) -> str:
    """The code of an error, which comes as JSON or as XML whatever was asked for."""
    text = body[:10_000].decode("utf-8", "replace")
    try:
        told = json.loads(text)
    except (ValueError, RecursionError):
        found = IN_XML.search(text)
        return found[1] if found else ""
    code = told.get("errorCode") if isinstance(told, dict) else ""
    return str(code)[:20] if code else ""
