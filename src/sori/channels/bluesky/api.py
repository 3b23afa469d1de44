"""Calls to a Bluesky server (XRPC), and what its refusals mean."""

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import urlencode

from sori.channels.bluesky.sessions import Session, Sessions, read
from sori.channels.bluesky.settings import BlueskySettings
from sori.channels.calling import Answer, call
from sori.channels.fetching import LONGEST_WAIT, Limits, retry_after
from sori.errors import ChannelError, ReplyError, ReplyNotAccepted, ReplyRejected

LIMITS: Final = Limits(size=10_000_000, seconds=30.0)
SIGN_IN: Final = "com.atproto.server.createSession"
RENEW: Final = "com.atproto.server.refreshSession"
CREATE: Final = "com.atproto.repo.createRecord"
RUN_OUT: Final = frozenset({"ExpiredToken", "InvalidToken"})
NOT_THERE: Final = frozenset({"RecordNotFound", "RepoNotFound"})
A_MINUTE: Final = 60.0

_sessions: Final = Sessions()


def ask(settings: BlueskySettings, method: str, query: Mapping[str, Any]) -> dict[str, Any]:
    """Read something in the name of our account; returns what the JSON says.

    Raises:
        ChannelError: permanent where asking again is useless, with `retry_after` after a 429.
    """
    said = _as_us(settings, "GET", f"{method}?{urlencode(query, doseq=True)}")
    if said.status != 200:
        raise _refusal(settings, said)
    return _object(said)


def written(
    settings: BlueskySettings, collection: str, rkey: str, repo: str = ""
) -> dict[str, Any] | None:
    """A record; None where there is none of this name.

    Args:
        settings: whom to ask.
        collection: of which kind it is.
        rkey: its name.
        repo: whose it is; ours if not given.

    Raises:
        ChannelError: as `ask`; also where the server does not know whose it is.
    """
    there_is_none = frozenset({"RecordNotFound"}) if repo else NOT_THERE
    query = urlencode({"repo": repo or me(settings), "collection": collection, "rkey": rkey})
    said = _as_us(settings, "GET", f"com.atproto.repo.getRecord?{query}")
    if said.status in {400, 404} and _fault(said)[0] in there_is_none:
        return None
    if said.status != 200:
        raise _refusal(settings, said)
    return _object(said)


def write(
    settings: BlueskySettings, collection: str, rkey: str, record: Mapping[str, Any]
) -> dict[str, Any]:
    """Create a record of ours under a name that no other bears.

    Raises:
        ReplyRejected: it was refused: 4xx, or an address that leads elsewhere.
        ReplyNotAccepted: it did not arrive, or too much was written lately.
        ReplyError: nobody knows whether it was written; a failing server may have done it before.
    """
    what = {"repo": _ready(settings, None).did, "collection": collection, "rkey": rkey}
    body = _json({**what, "record": record})
    said = _as_us(settings, "POST", CREATE, body, session_of=_ready)
    if said.status == 429:
        raise ReplyNotAccepted(_told(settings, said), retry_after=_wait(said))
    if 300 <= said.status < 500 and said.status != 408:
        raise ReplyRejected(_told(settings, said))
    if said.status != 200:
        raise ReplyError(_told(settings, said))
    try:
        return _object(said)
    except ChannelError as error:
        raise ReplyError(str(error)) from error


def me(settings: BlueskySettings) -> str:
    """The name for ever (DID) of our account.

    Raises:
        ChannelError: permanent when the account or its password is wrong.
    """
    return _session(settings, None).did


def patience(headers: Mapping[str, str], now: datetime) -> float | None:
    """Seconds to wait: `Retry-After` in either form, else the second of Unix time it tells.

    >>> patience({"ratelimit-reset": "1795852800"}, datetime(2026, 11, 28, 7, 59, tzinfo=UTC))
    60.0
    """
    told = retry_after(headers.get("retry-after"), now)
    reset = headers.get("ratelimit-reset", "")
    if told is not None or not (reset.isascii() and reset.isdigit()):
        return told
    return min(max(0.0, float(reset[:12]) - now.timestamp()), LONGEST_WAIT)


def _as_us(
    settings: BlueskySettings,
    method: str,
    path: str,
    body: bytes = b"",
    *,
    session_of: Callable[[BlueskySettings, Session | None], Session] | None = None,
) -> Answer:
    """Call in the name of our account; a token that has run out is renewed, once.

    A call with such a token was refused before anything was done, so it may be made again.
    """
    session_of = session_of or _session
    session = session_of(settings, None)
    said = _call(settings, method, path, session.access, body)
    if said.status in {400, 401} and _fault(said)[0] in RUN_OUT:
        session = session_of(settings, session)
        said = _call(settings, method, path, session.access, body)
    return said


def _ready(settings: BlueskySettings, instead_of: Session | None) -> Session:
    """Our session for writing: where there is none, nothing was written."""
    try:
        return _session(settings, instead_of)
    except (ReplyRejected, ReplyNotAccepted):
        raise
    except ChannelError as error:
        if error.permanent:
            raise ReplyRejected(str(error)) from error
        raise ReplyNotAccepted(str(error), retry_after=error.retry_after) from error


def _session(settings: BlueskySettings, instead_of: Session | None) -> Session:
    """Our session: the one we have, else its renewal, else a new one."""
    with _sessions.lock(settings):
        known = _sessions.get(settings)
        if known and known != instead_of:
            return known  # or somebody else has renewed it meanwhile
        renewed = _renewed(settings, known) if known else None
        session = renewed or _signed_in(settings)
        _sessions.put(settings, session)
        return session


def _renewed(settings: BlueskySettings, known: Session) -> Session | None:
    """The next session; None where there is none to be had by the old one."""
    said = _call(settings, "POST", RENEW, known.refresh)
    if said.status in {400, 401}:
        return None
    if said.status != 200:
        raise _refusal(settings, said)
    found = read(_object(said))
    return found if found and found.did == known.did else None


def _signed_in(settings: BlueskySettings) -> Session:
    who = {"identifier": settings.account, "password": settings.app_password.get_secret_value()}
    said = _call(settings, "POST", SIGN_IN, "", _json(who))
    _sessions.drop(settings)
    if said.status != 200:
        raise _refusal(settings, said)
    if found := read(_object(said)):
        return found
    raise ChannelError(f"{settings.service} does not say who we are")


def _call(
    settings: BlueskySettings, method: str, path: str, token: str, body: bytes = b""
) -> Answer:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    if body:
        headers |= {"Content-Type": "application/json"}
    return call(
        method,
        f"{settings.service}/xrpc/{path}",
        headers=headers,
        body=body,
        limits=LIMITS,
        allow_private=settings.allow_private,
    )


def _json(what: Mapping[str, Any]) -> bytes:
    return json.dumps(what, ensure_ascii=False).encode()


def _object(said: Answer) -> dict[str, Any]:
    told = said.json()
    if not isinstance(told, dict):
        raise ChannelError("the server answers something else than was asked for")
    return told


def _refusal(settings: BlueskySettings, said: Answer) -> ChannelError:
    again = said.status in {408, 429} or said.status >= 500
    return ChannelError(_told(settings, said), permanent=not again, retry_after=_wait(said))


def _wait(said: Answer) -> float | None:
    """What to wait for; a reset that comes with every answer means nothing but after a 429."""
    if said.status != 429:
        return retry_after(said.headers.get("retry-after"), datetime.now(UTC))
    waits = patience(said.headers, datetime.now(UTC))
    return A_MINUTE if waits is None else waits


def _fault(said: Answer) -> tuple[str, str]:
    """The name of what is wrong, and the server's words for it; both may be empty."""
    fault = said.fault()
    return str(fault.get("error") or ""), str(fault.get("message") or "")


def _told(settings: BlueskySettings, said: Answer) -> str:
    name, words = _fault(said)
    return f"{settings.service} answers {said.status} {name} {words[:300]}".strip()
