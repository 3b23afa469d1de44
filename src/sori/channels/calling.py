"""Calling an API at an address somebody typed in, guarded like a fetch, with whatever it answers.

`fetching` brings documents and hands things over; an API also says in its status, its headers and
its body what it thinks of a call. No redirect is followed: a secret travels with the call.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sori.channels.fetching import (
    Limits,
    Resolve,
    _allowed,
    _certificates,
    _deadline,
    _parsed,
    _unpacked,
    resolve,
)
from sori.errors import ChannelError, ReplyError, ReplyNotAccepted, ReplyRejected


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
    import httpx

    limits = limits or Limits()
    try:
        target = _parsed(url)
        addresses = _allowed(target, look_up, allow_private=allow_private)
    except ChannelError as error:
        kind = ReplyRejected if error.permanent else ReplyNotAccepted
        raise kind(str(error)) from error
    named = {"sni_hostname": target.raw_host.decode("ascii").rstrip(".")}
    sent = {"User-Agent": "sori", "Accept-Encoding": "gzip, deflate", **headers}
    sent["Host"] = target.netloc.decode("ascii")
    with (
        _deadline(limits.seconds) as extensions,
        httpx.Client(
            trust_env=False, timeout=min(10.0, limits.seconds), verify=_certificates()
        ) as client,
    ):
        for address in addresses[:4]:
            place = target.copy_with(host=address)
            more = extensions | named
            try:
                with client.stream(
                    method, place, content=body, headers=sent, extensions=more
                ) as said:
                    told = b"".join(_unpacked(said, limits.size))
                break
            except httpx.ConnectError as error:
                missed = error
            except (httpx.HTTPError, httpx.StreamError, OSError, ChannelError) as error:
                what = str(error) or type(error).__name__
                raise ReplyError(f"{target.host} did not answer: {what}") from error
        else:
            raise ReplyNotAccepted(f"{target.host} could not be reached: {missed}") from missed
        if extensions["over"].is_set():  # an answer cut off by us can look like a short one
            raise ReplyError(f"{target.host} took longer than {limits.seconds:g} s")
    return Answer(said.status_code, {k.lower(): v for k, v in said.headers.items()}, told)
