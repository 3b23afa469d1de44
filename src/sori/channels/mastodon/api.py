"""Calls to a Mastodon server, and what its refusals mean."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import urlencode

from sori.channels import verdict
from sori.channels.calling import Answer, call
from sori.channels.fetching import LONGEST_WAIT, Limits, retry_after
from sori.channels.mastodon.settings import MastodonSettings

LIMITS: Final = Limits(size=10_000_000, seconds=30.0)


def ask(settings: MastodonSettings, path: str, query: Mapping[str, Any] | None = None) -> Any:
    """Read something; returns what the JSON says.

    Raises:
        ChannelError: permanent where asking again is useless, with `retry_after` after a 429.
    """
    question = f"?{urlencode(query, doseq=True)}" if query else ""
    said = _call(settings, "GET", f"/api/v1/{path}{question}")
    return verdict.read(said, _told(settings, said), patience(said.headers, datetime.now(UTC)))


def publish(settings: MastodonSettings, status: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    """Post a status, once a key for as long as the server remembers keys (an hour).

    Raises:
        ReplyRejected: it was refused: 4xx, or an address that leads elsewhere.
        ReplyNotAccepted: it did not arrive, or too much was posted lately.
        ReplyError: nobody knows whether it was posted; a failing server may have done it before.
    """
    said = _call(
        settings,
        "POST",
        "/api/v1/statuses",
        body=json.dumps(status, ensure_ascii=False).encode(),
        headers={"Content-Type": "application/json", "Idempotency-Key": key},
    )
    return verdict.taken(said, _told(settings, said), patience(said.headers, datetime.now(UTC)))


def patience(headers: Mapping[str, str], now: datetime) -> float | None:
    """Seconds to wait: `Retry-After` in either form, else what Mastodon says itself.

    >>> now = datetime(2026, 11, 28, 7, 59, tzinfo=UTC)
    >>> patience({"x-ratelimit-reset": "2026-11-28T08:00:00Z"}, now)
    60.0
    """
    told = retry_after(headers.get("retry-after"), now)
    if told is not None:
        return told
    try:
        reset = datetime.fromisoformat(headers.get("x-ratelimit-reset", ""))
    except ValueError:
        return None
    reset = reset if reset.tzinfo else reset.replace(tzinfo=UTC)
    return min(max(0.0, (reset - now).total_seconds()), LONGEST_WAIT)


def _call(
    settings: MastodonSettings,
    method: str,
    path: str,
    *,
    body: bytes = b"",
    headers: Mapping[str, str] | None = None,
) -> Answer:
    secret = settings.access_token.get_secret_value()
    return call(
        method,
        settings.instance + path,
        headers={"Authorization": f"Bearer {secret}", **(headers or {})},
        body=body,
        limits=LIMITS,
        allow_private=settings.allow_private,
    )


def _told(settings: MastodonSettings, said: Answer) -> str:
    """The refusal in the server's own words, as far as it has any."""
    words = str(said.fault().get("error", ""))
    return f"{settings.instance} answers {said.status} {words[:300]}".strip()
