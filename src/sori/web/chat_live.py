"""`/chat/<name>/live`: tells a chat window that there is an answer, for as long as it stands open.

POST with the window's token in the body, so that it stands in no address. What is sent says only
that something has come; the window asks for it like any other request. Who may listen is asked at
connect and again with every beat, which also tells the desk that somebody is there.
"""

import asyncio
import json
import re
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final, NamedTuple

from django.conf import settings
from django.db import close_old_connections
from django.http.request import split_domain_port, validate_host

from sori.web.hub import Hub, Listener
from sori.web.live import BEAT, HEADERS, Receive, Refused, Scope, Send, next_news, until_gone, write
from sori.webchat import entering, selectors, services
from sori.webchat.entering import Barred

ADDRESS: Final = re.compile(r"/chat/([-a-zA-Z0-9_]{1,80})/live")
LARGEST: Final = 4 * 1024
SOON: Final = 3.0
"""Seconds between two looks for the case of somebody who has just said their first words."""

MOST: Final = 8
"""Windows that one visitor may have open in one process."""

NOBODY: Final = "windows"
"""A topic of which there are no events: by it the hub can end windows that have no case yet."""

NEWS: Final = b"data: news\n\n"
SILENCE: Final = b":\n\n"


class Asked(NamedTuple):
    """A request to listen, as far as it can be read without the database."""

    slug: str
    origin: str
    own: str
    token: str


class Heard(NamedTuple):
    """What was found of whoever listens: their key, and the case they are answered in."""

    visitor: str
    topics: frozenset[str]


class ChatLive:
    """The ASGI app for the windows, which hears from the hub of this process."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub
        self._open: Counter[str] = Counter()
        self._threads = ThreadPoolExecutor(2, thread_name_prefix="chat-live")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One connection, from its request to its end."""
        origin = ""
        try:
            asked = await read_request(scope, receive)
            heard = await self._in_thread(judge, asked)
            origin = asked.origin
            self._make_room(heard)
        except Refused as refused:
            await _start(send, refused.status, origin)
            await send({"type": "http.response.body"})
            return
        self._open[heard.visitor] += 1
        gone = asyncio.create_task(until_gone(receive))
        try:
            await _start(send, 200, origin)
            await self._stream(asked, heard, gone, send)
            await send({"type": "http.response.body"})
        finally:
            gone.cancel()
            self._open -= Counter({heard.visitor: 1})

    def _make_room(self, heard: Heard) -> None:
        if self._open[heard.visitor] >= MOST:
            raise Refused(429)

    async def _stream(
        self, asked: Asked, heard: Heard, gone: "asyncio.Task[None]", send: Send
    ) -> None:
        """Beat until the window is gone or may listen no more.

        The case is looked up with every beat: cases are joined and taken apart, and somebody who
        has just begun has none yet. Until the next one is joined the one before is heard, so that
        nothing falls between the two.
        """
        listener = Listener(heard.topics)
        self._hub.join(listener)
        try:
            # the window looks when it hears this, so whatever came before we listened is seen
            await write(send, SILENCE)
            while await self._listen(listener, gone, send):
                try:
                    now = await self._in_thread(judge, asked)
                except Refused:
                    return
                moved = now.topics != listener.topics
                if moved:
                    before, listener = listener, Listener(now.topics)
                    self._hub.join(listener)
                    self._hub.leave(before)
                await write(send, NEWS if moved else SILENCE)
        finally:
            self._hub.leave(listener)

    async def _listen(self, listener: Listener, gone: "asyncio.Task[None]", send: Send) -> bool:
        """One beat; False when the window is gone or too slow, or the process ends.

        Whoever has gone has said so already, and must not be written down as there again.
        """
        loop = asyncio.get_running_loop()
        until = loop.time() + (BEAT if listener.topics != {NOBODY} else SOON)
        while not (listener.dropped or gone.done()) and (left := until - loop.time()) > 0:
            said = await next_news(listener, gone, left)
            if said == b"":
                return False
            if said and _is_answer(said):
                await write(send, NEWS)
        return not (listener.dropped or gone.done())

    async def _in_thread(self, function: Callable[..., Any], *arguments: Any) -> Any:
        return await asyncio.get_running_loop().run_in_executor(self._threads, function, *arguments)


async def read_request(scope: Scope, receive: Receive) -> Asked:
    """Everything that can be checked without the database.

    Raises:
        Refused: 405 for anything but a POST, 403 without an origin or at another host's address,
            413 and 400 for a body that is no token.
    """
    headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
    if scope["method"] != "POST":
        raise Refused(405)
    host, origin = headers.get("host", ""), headers.get("origin", "")
    domain, _port = split_domain_port(host)
    if not origin or not validate_host(domain, settings.ALLOWED_HOSTS):
        raise Refused(403)
    try:
        said = json.loads(await _body(receive))
        token = said["token"] if isinstance(said, dict) else None
    except (ValueError, KeyError):
        raise Refused(400) from None
    if not isinstance(token, str):
        raise Refused(400)
    match = ADDRESS.fullmatch(scope["path"])
    assert match
    return Asked(match[1], origin, entering.own_origin(_scheme(scope, headers), host), token)


def judge(asked: Asked) -> Heard:
    """Whether this window may listen now, and to what; the desk learns that it is there.

    Raises:
        Refused: with the status that says why not.
    """
    close_old_connections()
    try:
        source, chosen = entering.open_chat(asked.slug)
        entering.admit(chosen, asked.origin, asked.own)
        visitor = entering.visitor_of(source, asked.token)
        services.see(visitor)
        case = selectors.case_of(visitor)
    except Barred as barred:
        raise Refused(barred.status) from None
    finally:
        close_old_connections()
    return Heard(visitor.key, frozenset({NOBODY} | ({f"case:{case}"} if case else set())))


def _is_answer(news: bytes) -> bool:
    """Whether news of the case is that an answer has arrived; the rest is not the visitor's."""
    return b'"kind":"answer.sent"' in news


def _scheme(scope: Scope, headers: dict[str, str]) -> str:
    """By which scheme we were reached; a proxy says so where Django believes it too."""
    told = settings.SECURE_PROXY_SSL_HEADER and headers.get("x-forwarded-proto")
    return str(told or scope.get("scheme", "http"))


async def _body(receive: Receive) -> bytes:
    body, more = b"", True
    while more:
        event = await receive()
        body += event.get("body", b"")
        more = bool(event.get("more_body")) and event["type"] == "http.request"
        if len(body) > LARGEST:
            raise Refused(413)
    return body


async def _start(send: Send, status: int, origin: str) -> None:
    allowed = [(b"vary", b"origin")]
    if origin:
        allowed.append((b"access-control-allow-origin", origin.encode("latin-1")))
    await send({"type": "http.response.start", "status": status, "headers": [*HEADERS, *allowed]})
