"""Calling an API at an address somebody typed in, guarded like a fetch, with whatever it answers.

`fetching` brings documents and hands things over; an API also says in its status, its headers and
its body what it thinks of a call. No redirect is followed: a secret travels with the call.
"""

import json
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from threading import Event
from typing import TYPE_CHECKING, Any, Final, NamedTuple
from urllib.parse import urlsplit

from sori.channels.fetching import (
    Limits,
    Resolve,
    allowed,
    certificates,
    deadline,
    parsed,
    resolve,
    unpacked,
)
from sori.errors import ChannelError, ReplyError, ReplyNotAccepted, ReplyRejected

if TYPE_CHECKING:
    from httpx import Client as HttpClient
    from httpx import Request as HttpRequest
    from httpx import Response as HttpResponse

MOST_ADDRESSES: Final = 4
LONGEST_LINE: Final = 1_000_000


@dataclass(frozen=True)
class Answer:
    """What an API said, whatever it was.

    Attributes:
        status: as HTTP counts them; no redirect was followed.
        headers: names in lower case.
        body: unpacked.
    """

    status: int
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> Any:
        """What the body says.

        Raises:
            ChannelError: when it is no JSON.
        """
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError) as error:
            raise ChannelError(f"the answer is no JSON: {error}") from error

    def fault(self) -> Mapping[str, Any]:
        """What a refusal says of itself, by name; nothing where that is no JSON object."""
        try:
            told = self.json()
        except ChannelError:
            return {}
        return told if isinstance(told, dict) else {}


def call(
    method: str,
    url: str,
    *,
    headers: Mapping[str, str],
    body: bytes = b"",
    limits: Limits | None = None,
    allow_private: bool = False,
    look_up: Resolve = resolve,
) -> Answer:
    """Make one call.

    Args:
        method: GET, POST...
        url: http or https.
        headers: to send along.
        body: to send along.
        limits: how much it may cost.
        allow_private: also call addresses inside the own network.
        look_up: turns a name and a port into addresses.

    Raises:
        ReplyRejected: it may not go there.
        ReplyNotAccepted: it provably did not arrive.
        ReplyError: nobody knows whether it arrived.
    """
    limits = limits or Limits()
    sent = {"Accept-Encoding": "gzip, deflate", **headers}
    guard = _Guard(limits.seconds, allow_private, look_up)
    with _opened(method, url, sent, body, guard) as (response, over):
        told = b"".join(unpacked(response, limits.size))
    if over.is_set():  # an answer cut off by us can look like a short one
        raise ReplyError(f"{urlsplit(url).hostname} took longer than {limits.seconds:g} s")
    found = {name.lower(): value for name, value in response.headers.items()}
    return Answer(response.status_code, found, told)


def post(
    url: str,
    body: bytes,
    *,
    headers: Mapping[str, str],
    seconds: float = 20.0,
    allow_private: bool = False,
    look_up: Resolve = resolve,
) -> None:
    """Hand something over to an address, once; of what it answers only the status is read.

    Args:
        url: http or https.
        body: what is handed over.
        headers: to send along, the type of the body among them.
        seconds: wall time for all of it.
        allow_private: see `call`.
        look_up: turns a name and a port into addresses.

    Raises:
        ReplyRejected: it may not go there, or was refused and always will be.
        ReplyNotAccepted: it provably did not arrive, or the other side says that it failed.
        ReplyError: nobody knows whether it arrived.
    """
    with _opened("POST", url, headers, body, _Guard(seconds, allow_private, look_up)) as (said, _):
        status = said.status_code
    answered = f"{urlsplit(url).hostname} answers {status}"
    if status in {408, 425, 429} or status >= 500:
        raise ReplyNotAccepted(answered)
    if not 200 <= status < 300:
        raise ReplyRejected(answered)


@contextmanager
def streaming(
    url: str,
    *,
    headers: Mapping[str, str],
    seconds: float,
    allow_private: bool = False,
    look_up: Resolve = resolve,
) -> Iterator[tuple[Answer, Iterator[bytes]]]:
    """Open an answer that does not end by itself, and read it line by line for some time.

    Args:
        url: http or https.
        headers: to send along.
        seconds: wall time for all of it; when it is over, the lines end and that is no error.
        allow_private: see `call`.
        look_up: turns a name and a port into addresses.

    Yields:
        What was answered, and its lines. Of an answer that is no 200 the body is read already, and
        there are no lines.

    Raises:
        ReplyRejected, ReplyNotAccepted, ReplyError: see `call`; also when it breaks off early.
    """
    guard = _Guard(seconds, allow_private, look_up, patience=seconds + 1)
    sent = {"Accept-Encoding": "identity", **headers}
    with _opened("GET", url, sent, b"", guard) as (response, over):
        found = {name.lower(): value for name, value in response.headers.items()}
        good = response.status_code == 200
        told = b"" if good else b"".join(unpacked(response, LONGEST_LINE))
        yield Answer(response.status_code, found, told), _lines(response, over if good else None)


def _lines(response: "HttpResponse", over: Event | None) -> Iterator[bytes]:
    """Line by line as they arrive, without their ends; a line that never ends is an error."""
    import httpx

    held = b""
    if over is None:
        return
    try:
        for piece in response.iter_raw():
            *whole, held = (held + piece).split(b"\n")
            yield from (line.strip() for line in whole)
            if len(held) > LONGEST_LINE:
                raise ChannelError(f"a line is longer than {LONGEST_LINE:,} bytes")
    except (httpx.HTTPError, httpx.StreamError, OSError):
        if not over.is_set():
            raise


class _Guard(NamedTuple):
    seconds: float
    allow_private: bool
    look_up: Resolve
    patience: float = 10.0


@contextmanager
def _opened(
    method: str, url: str, headers: Mapping[str, str], body: bytes, guard: _Guard
) -> Iterator[tuple["HttpResponse", Event]]:
    """Make a call: what is answered, not read yet, and what is set when the time is over."""
    import httpx

    try:
        target = parsed(url)
        addresses = allowed(target, guard.look_up, allow_private=guard.allow_private)
    except ChannelError as error:
        kind = ReplyRejected if error.permanent else ReplyNotAccepted
        raise kind(str(error)) from error
    sent = {"User-Agent": "sori", **headers, "Host": target.netloc.decode("ascii")}
    named = {"sni_hostname": target.raw_host.decode("ascii").rstrip(".")}
    patience = min(guard.patience, guard.seconds + 1)
    with (
        deadline(guard.seconds) as more,
        httpx.Client(trust_env=False, timeout=patience, verify=certificates()) as client,
    ):
        places = [target.copy_with(host=one) for one in addresses[:MOST_ADDRESSES]]
        requests = (
            client.build_request(method, one, content=body, headers=sent, extensions=more | named)
            for one in places
        )
        try:
            with closing(_first(client, requests)) as response:
                yield response, more["over"]
        except httpx.ConnectError as error:
            raise ReplyNotAccepted(f"{target.host} could not be reached: {error}") from error
        except (httpx.HTTPError, httpx.StreamError, OSError, ChannelError) as error:
            what = str(error) or type(error).__name__
            raise ReplyError(f"{target.host} did not answer: {what}") from error


def _first(client: "HttpClient", requests: Iterator["HttpRequest"]) -> "HttpResponse":
    """What is answered at the first place that can be reached."""
    import httpx

    missed: Exception | None = None
    for request in requests:
        try:
            return client.send(request, stream=True)
        except httpx.ConnectError as error:
            missed = error
    raise missed or ChannelError("there is no address to call")
