"""Calls to the REST API of a WordPress site, and what its refusals mean."""

import base64
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import urlencode

from sori.channels import verdict
from sori.channels.calling import Answer, call
from sori.channels.fetching import Limits, retry_after
from sori.channels.wordpress.settings import WordpressSettings
from sori.errors import ReplyError, ReplyNotAccepted

LIMITS: Final = Limits(size=20_000_000, seconds=30.0)
FLOOD: Final = 15.0
"""Seconds between two comments of one author, unless the site says otherwise."""


def ask(settings: WordpressSettings, path: str, query: Mapping[str, Any] | None = None) -> Any:
    """Read something; returns what the JSON says.

    Raises:
        ChannelError: permanent where asking again is useless, with `retry_after` after a 429.
    """
    question = f"?{urlencode(query)}" if query else ""
    said = _call(settings, "GET", f"{path}{question}")
    return verdict.read(said, _told(settings, said), _patience(said))


def comment(settings: WordpressSettings, words: Mapping[str, Any]) -> Mapping[str, Any]:
    """Write a comment.

    Raises:
        ReplyRejected: it was refused.
        ReplyNotAccepted: it did not arrive, or came too soon after another.
        ReplyError: nobody knows whether it stands there: a site that has these very words of ours
            already refuses them, and it may be an earlier attempt that brought them.
    """
    body = json.dumps(words, ensure_ascii=False).encode("utf-8", "replace")
    said = _call(settings, "POST", "comments", body)
    if said.status == 409:
        raise ReplyError(_told(settings, said))
    if said.fault().get("code") == "comment_flood":
        raise ReplyNotAccepted(_told(settings, said), retry_after=_patience(said) or FLOOD)
    return verdict.taken(said, _told(settings, said), _patience(said))


def _call(settings: WordpressSettings, method: str, path: str, body: bytes = b"") -> Answer:
    headers = {"Content-Type": "application/json"} if body else {}
    if secret := settings.application_password.get_secret_value():
        named = f"{settings.user}:{secret}".encode()
        headers["Authorization"] = f"Basic {base64.b64encode(named).decode()}"
    return call(
        method,
        f"{settings.site}/wp-json/wp/v2/{path}",
        headers=headers,
        body=body,
        limits=LIMITS,
        allow_private=settings.allow_private,
    )


def _patience(said: Answer) -> float | None:
    return retry_after(said.headers.get("retry-after"), datetime.now(UTC))


def _told(settings: WordpressSettings, said: Answer) -> str:
    """The refusal in the site's own words, as far as it has any."""
    fault = said.fault()
    words = " ".join(str(fault[name]) for name in ("code", "message") if fault.get(name))
    return f"{settings.site} answers {said.status} {words[:300]}".strip()
