"""`/live`: server-sent events by topic, written for ASGI by hand because it waits for a living.

GET /live?topics=case:12,inbox with the session cookie. A message carries ids and kinds, never
content: a page that hears one asks for itself again and is judged like any other request. Who may
listen is asked at connect and again every LIVE_RECHECK seconds, for every topic.
"""

import asyncio
import random
from collections.abc import AsyncIterator, Awaitable, Callable, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, suppress
from http.cookies import CookieError, SimpleCookie
from importlib import import_module
from typing import Any, Final, NamedTuple, TypeAlias
from urllib.parse import parse_qs, urlsplit

from django.conf import settings
from django.contrib.auth import get_user
from django.db import close_old_connections
from django.http import HttpRequest
from django.http.request import split_domain_port, validate_host

from sori.web.hub import Hub, Listener, Poller, missed
from sori.web.topics import may_listen, read_topics

Scope: TypeAlias = MutableMapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send: TypeAlias = Callable[[MutableMapping[str, Any]], Awaitable[None]]

BEAT: Final = 15.0
HEADERS: Final = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),
    (b"x-content-type-options", b"nosniff"),
]


class Asked(NamedTuple):
    """A request to listen, as far as it can be read without the database."""

    session: str
    topics: frozenset[str]
    last: int | None


class Refused(Exception):
    """Nobody listens here; the status says why."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


class Live:
    """The ASGI app, with the hub of this process."""

    def __init__(self) -> None:
        self.hub = Hub()
        self._threads = ThreadPoolExecutor(4, thread_name_prefix="live")

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """While this is open, news arrive."""
        poller = asyncio.create_task(Poller(self.hub).run())
        try:
            yield
        finally:
            poller.cancel()
            with suppress(asyncio.CancelledError):
                await poller

    def hang_up(self) -> None:
        """End every connection in order."""
        self.hub.end()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One connection, from its request to its end."""
        try:
            asked = read_request(scope)
            await self._check(asked)
        except Refused as refused:
            await send({"type": "http.response.start", "status": refused.status, "headers": []})
            await send({"type": "http.response.body"})
            return
        listener = Listener(asked.topics)
        self.hub.join(listener)
        gone = asyncio.create_task(until_gone(receive))
        try:
            await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
            await self._stream(asked, listener, gone, send)
            await send({"type": "http.response.body"})
        finally:
            self.hub.leave(listener)
            gone.cancel()

    async def _stream(
        self, asked: Asked, listener: Listener, gone: "asyncio.Task[None]", send: Send
    ) -> None:
        # Thousands reconnect after a restart: spread them over some seconds.
        await write(send, f"retry: {random.randint(1_500, 6_000)}\n\n".encode())  # noqa: S311
        if asked.last is not None:
            news = await self._in_thread(missed, asked.topics, asked.last)
            await write(send, news or b":\n\n")
        loop = asyncio.get_running_loop()
        check_at = loop.time() + settings.LIVE_RECHECK
        while not (listener.dropped or gone.done()):
            most = max(0.0, min(BEAT, check_at - loop.time()))
            said = await next_news(listener, gone, most)
            if said == b"":
                return
            if loop.time() >= check_at:
                try:
                    await self._check(asked)
                except Refused:
                    return
                check_at = loop.time() + settings.LIVE_RECHECK
            await write(send, said or b":\n\n")

    async def _check(self, asked: Asked) -> None:
        status = await self._in_thread(judge, asked)
        if status != 200:
            raise Refused(status)

    async def _in_thread(self, function: Callable[..., Any], *arguments: Any) -> Any:
        return await asyncio.get_running_loop().run_in_executor(self._threads, function, *arguments)


def read_request(scope: Scope) -> Asked:
    """Everything that can be checked without the database.

    Raises:
        Refused: 405, 403 for another site's page, 401 without a session, 400 for odd topics.
    """
    headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
    if scope["method"] != "GET":
        raise Refused(405)
    if not same_site(headers):
        raise Refused(403)
    session = _cookie(headers.get("cookie", ""))
    if not session:
        raise Refused(401)
    query = parse_qs(scope["query_string"].decode("latin-1"))
    last = headers.get("last-event-id") or query.get("after", [""])[0]
    try:
        topics = read_topics(query.get("topics", [""])[0])
        return Asked(session, topics, int(last) if last else None)
    except ValueError:
        raise Refused(400) from None


def same_site(headers: dict[str, str]) -> bool:
    """Whether the request comes from one of our own pages."""
    host = headers.get("host", "")
    domain, _ = split_domain_port(host)
    if not validate_host(domain, settings.ALLOWED_HOSTS):
        return False
    if headers.get("sec-fetch-site", "same-origin") not in {"same-origin", "none"}:
        return False
    origin = headers.get("origin")
    return origin is None or urlsplit(origin).netloc == host


def judge(asked: Asked) -> int:
    """The status this listener deserves now: 200, 401 without a living session, or 403."""
    close_old_connections()
    try:
        request = HttpRequest()
        request.session = import_module(settings.SESSION_ENGINE).SessionStore(asked.session)
        member = get_user(request)  # checks the password's hash, and that the member is active
    finally:
        close_old_connections()
    if not member.is_authenticated:
        return 401
    return 200 if all(may_listen(member, topic) for topic in asked.topics) else 403


def _cookie(header: str) -> str:
    try:
        found = SimpleCookie(header).get(settings.SESSION_COOKIE_NAME)
    except CookieError:
        return ""
    return found.value if found else ""


async def write(send: Send, body: bytes) -> None:
    """Send one piece of a response that goes on."""
    await send({"type": "http.response.body", "body": body, "more_body": True})


async def until_gone(receive: Receive) -> None:
    """Ends when the other side is gone."""
    while (await receive())["type"] != "http.disconnect":
        pass


async def next_news(listener: Listener, gone: "asyncio.Task[None]", most: float) -> bytes | None:
    """The next news; None after `most` seconds or when the other side is gone."""
    waiting = asyncio.create_task(listener.waiting.get())
    done, _ = await asyncio.wait({waiting, gone}, timeout=most, return_when=asyncio.FIRST_COMPLETED)
    if waiting in done:
        return waiting.result()
    waiting.cancel()
    return None
