"""Calls to a Matrix server (client-server API v3), and what its refusals mean."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import quote, urlencode

from sori.channels import verdict
from sori.channels.calling import Answer, call
from sori.channels.fetching import LONGEST_WAIT, Limits, retry_after
from sori.channels.matrix.settings import MatrixSettings

SIZE: Final = 50_000_000
SECONDS: Final = 30.0


def ask(
    settings: MatrixSettings,
    path: str,
    query: Mapping[str, Any] | None = None,
    *,
    waits: float = 0.0,
) -> Any:
    """Read something; returns what the JSON says.

    Args:
        settings: whose server.
        path: below `/_matrix/client/v3/`, already quoted.
        query: what is asked.
        waits: how many seconds the server may take before it says that there is nothing.

    Raises:
        ChannelError: permanent where asking again is useless, with `retry_after` after a 429.
    """
    question = f"?{urlencode(query)}" if query else ""
    said = _call(settings, "GET", f"{path}{question}", seconds=SECONDS + waits)
    return verdict.read(said, _told(settings, said), _patience(said))


def send(
    settings: MatrixSettings, room: str, content: Mapping[str, Any], key: str
) -> Mapping[str, Any]:
    """Say something in a room, once a key: a server takes the same key for the same message.

    Raises:
        ReplyRejected: it was refused: 4xx, or an address that leads elsewhere.
        ReplyNotAccepted: it did not arrive, or too much was said lately.
        ReplyError: nobody knows whether it was said.
    """
    path = f"rooms/{quote(room, safe='')}/send/m.room.message/{quote(key, safe='')}"
    body = json.dumps(content, ensure_ascii=False).encode("utf-8", "replace")
    said = _call(settings, "PUT", path, body=body)
    return verdict.taken(said, _told(settings, said), _patience(said))


def _call(
    settings: MatrixSettings, method: str, path: str, *, body: bytes = b"", seconds: float = SECONDS
) -> Answer:
    secret = settings.access_token.get_secret_value()
    typed = {"Content-Type": "application/json"} if body else {}
    return call(
        method,
        f"{settings.homeserver}/_matrix/client/v3/{path}",
        headers={"Authorization": f"Bearer {secret}", **typed},
        body=body,
        limits=Limits(size=SIZE, seconds=seconds),
        allow_private=settings.allow_private,
    )


def _patience(said: Answer) -> float | None:
    """Seconds to wait: `Retry-After` in either form, else what the body of a 429 says."""
    told = retry_after(said.headers.get("retry-after"), datetime.now(UTC))
    if told is not None:
        return told
    wait = said.fault().get("retry_after_ms")
    if isinstance(wait, int | float) and wait >= 0:
        return min(wait / 1000, LONGEST_WAIT)
    return None


def _told(settings: MatrixSettings, said: Answer) -> str:
    """The refusal in the server's own words, as far as it has any."""
    fault = said.fault()
    words = " ".join(str(fault[name]) for name in ("errcode", "error") if fault.get(name))
    return f"{settings.homeserver} answers {said.status} {words[:300]}".strip()
