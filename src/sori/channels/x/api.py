"""Calls to X, and what its refusals mean."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import urlencode

from oauthlib.oauth1 import Client as Signer

from sori.channels.calling import Answer, call, streaming
from sori.channels.fetching import LONGEST_WAIT, Limits, retry_after
from sori.channels.x.settings import XSettings
from sori.errors import ChannelError, ReplyError, ReplyNotAccepted, ReplyRejected

LIMITS: Final = Limits(size=10_000_000, seconds=30.0)
FOR_GOOD: Final = frozenset({400, 401, 403, 404, 410, 422})
NO_CREDIT: Final = 402
AN_HOUR: Final = 3600.0
A_MINUTE: Final = 60.0


class Refusal(ChannelError):
    """X answered, and not with what was asked for; nothing is charged for that."""


def ask(settings: XSettings, path: str, query: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Read something; returns what the JSON says.

    Raises:
        Refusal: permanent where asking again is useless, with `retry_after` after a 429 or 402.
        ChannelError: nobody knows whether it was answered, and charged.
    """
    question = f"?{urlencode(query)}" if query else ""
    return _read(_call(settings, "GET", f"/2/{path}{question}"), 200)


def change(settings: XSettings, path: str, what: Mapping[str, Any]) -> dict[str, Any]:
    """Change something that costs nothing and may be changed again, in the app's own name.

    Raises:
        ChannelError: as `ask`.
    """
    return _read(_call(settings, "POST", f"/2/{path}", body=_json(what)), 200, 201)


def publish(settings: XSettings, post: Mapping[str, Any]) -> dict[str, Any]:
    """Write a post in the name of our account.

    Raises:
        ReplyRejected: it was refused: 4xx, or an address that leads elsewhere.
        ReplyNotAccepted: it did not arrive, or nothing more may be written for now.
        ReplyError: nobody knows whether it was written; a failing server may have done it before.
    """
    said = _call(settings, "POST", "/2/tweets", body=_json(post), ours=True)
    if said.status in {429, NO_CREDIT}:
        raise ReplyNotAccepted(_told(said), retry_after=_patience_of(said))
    if 300 <= said.status < 500 and said.status != 408:
        raise ReplyRejected(_told(said))
    if said.status not in {200, 201}:
        raise ReplyError(_told(said))
    try:
        return _object(said)
    except ChannelError as error:
        raise ReplyError(str(error)) from error


@contextmanager
def listening(
    settings: XSettings, query: Mapping[str, Any], seconds: float
) -> Iterator[Iterator[bytes]]:
    """The lines of the filtered stream as they come, for so many seconds.

    Raises:
        ChannelError: as `ask`; also when the stream breaks off.
    """
    url = f"{settings.address}/2/tweets/search/stream?{urlencode(query)}"
    with streaming(
        url, headers=_bearer(settings), seconds=seconds, allow_private=settings.allow_private
    ) as (said, lines):
        refusal = None if said.status == 200 else _refusal(said)
        if refusal is None:
            yield lines
    if refusal is not None:
        raise refusal


def patience(headers: Mapping[str, str], now: datetime) -> float | None:
    """Seconds to wait: X tells the second of Unix time at which it counts anew.

    >>> patience({"x-rate-limit-reset": "1795852800"}, datetime(2026, 11, 28, 7, 59, tzinfo=UTC))
    60.0
    """
    told = retry_after(headers.get("retry-after"), now)
    reset = headers.get("x-rate-limit-reset", "")
    if told is not None or not (reset.isascii() and reset.isdigit()):
        return told
    return min(max(0.0, float(reset[:12]) - now.timestamp()), LONGEST_WAIT)


def _call(
    settings: XSettings, method: str, path: str, *, body: bytes = b"", ours: bool = False
) -> Answer:
    url = settings.address + path
    said = _signed(settings, method, url) if ours else _bearer(settings)
    if body:
        said |= {"Content-Type": "application/json"}
    return call(
        method, url, headers=said, body=body, limits=LIMITS, allow_private=settings.allow_private
    )


def _bearer(settings: XSettings) -> dict[str, str]:
    return {"Authorization": f"Bearer {settings.bearer_token.get_secret_value()}"}


def _signed(settings: XSettings, method: str, url: str) -> dict[str, str]:
    """Signed by OAuth 1.0a, whose keys do not run out; a body of JSON is not part of it."""
    signer = Signer(
        settings.api_key.get_secret_value(),
        client_secret=settings.api_key_secret.get_secret_value(),
        resource_owner_key=settings.access_token.get_secret_value(),
        resource_owner_secret=settings.access_token_secret.get_secret_value(),
    )
    _, headers, _ = signer.sign(url, http_method=method)
    return {"Authorization": str(headers["Authorization"])}


def _json(what: Mapping[str, Any]) -> bytes:
    return json.dumps(what, ensure_ascii=False).encode()


def _read(said: Answer, *good: int) -> dict[str, Any]:
    if said.status not in good:
        raise _refusal(said)
    return _object(said)


def _object(said: Answer) -> dict[str, Any]:
    told = said.json()
    if not isinstance(told, dict):
        raise ChannelError("X answers something else than was asked for")
    return told


def _refusal(said: Answer) -> Refusal:
    return Refusal(
        _told(said),
        permanent=said.status in FOR_GOOD or 300 <= said.status < 400,
        retry_after=_patience_of(said),
    )


def _patience_of(said: Answer) -> float | None:
    waits = patience(said.headers, datetime.now(UTC))
    if waits is None and said.status in {429, NO_CREDIT}:
        return A_MINUTE if said.status == 429 else AN_HOUR
    return waits


def _told(said: Answer) -> str:
    """The refusal in X's own words, as far as it has any."""
    fault = said.fault()
    words = str(fault.get("detail") or fault.get("title") or "")
    if said.status == NO_CREDIT:
        words = f"the credits of the app are used up; {words}"
    return f"X answers {said.status} {words[:300]}".strip()
