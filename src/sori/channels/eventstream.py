"""Events that a server sends one after the other (server-sent events), at an address typed in.

No redirect is followed, for a secret travels with the question. Nothing runs beside us and nothing
is read ahead: whoever does not ask for the next event holds back the other side.
"""

import socket
import time
from collections import deque
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final, NamedTuple

from sori.channels.dialing import PIECE, arrived, dialled
from sori.channels.fetching import Resolve, parsed, resolve, retry_after
from sori.errors import ChannelError

if TYPE_CHECKING:
    import h11
    import httpx

LONGEST: Final = 1_000_000
"""Bytes of one event."""

LONGEST_HEAD: Final = 65_536
KIND: Final = "text/event-stream"


class Event(NamedTuple):
    """One event.

    Attributes:
        name: what it is called; "message" where it is not.
        data: what it says.
    """

    name: str
    data: str


class Events:
    """An open stream of events; one thread may use it at a time.

    Args:
        sock: connected, to the address that was checked.
        protocol: HTTP on it; the head of the answer is read.
        host: what the other side is called in errors.

    Attributes:
        heard_at: when anything at all arrived last, by the monotonic clock.
    """

    def __init__(self, sock: socket.socket, protocol: "h11.Connection", host: str) -> None:
        self._sock, self._protocol, self._host = sock, protocol, host
        self._waiting: deque[Event] = deque()
        self._held = bytearray()
        self._name, self._said, self._size = "", list[bytes](), 0
        self._over = False
        self.heard_at = time.monotonic()
        self._take_in(None)  # what came right behind the head

    def next(self, seconds: float) -> Event | None:
        """The next event; None when the time is over before it is whole.

        Raises:
            ChannelError: the stream has ended, is broken, or sends an event that is too long.
        """
        until = time.monotonic() + seconds
        while not self._waiting:
            if self._over:
                raise self._end("ends the stream")
            if not self._receive(max(until - time.monotonic(), 0.001)):
                return None
            if not self._waiting and not self._over and time.monotonic() >= until:
                return None
        return self._waiting.popleft()

    def close(self) -> None:
        """Hang up; once is enough, twice does no harm."""
        self._over = True
        with suppress(OSError):
            self._sock.close()

    def _receive(self, seconds: float) -> bool:
        """Take in what has arrived; whether anything did before the time was over."""
        try:
            data = arrived(self._sock, seconds)
        except OSError as error:
            raise self._end(f"hung up: {error}") from error
        if data is None:
            return False
        self.heard_at = time.monotonic()
        self._take_in(data)
        return True

    def _take_in(self, data: bytes | None) -> None:
        import h11

        try:
            if data is not None:
                self._protocol.receive_data(data)
            while True:
                come = self._protocol.next_event()
                if isinstance(come, h11.Data):
                    self._read(bytes(come.data))
                elif come is h11.NEED_DATA:
                    return
                else:
                    self._over = True
                    return
        except h11.RemoteProtocolError as error:
            raise self._end(f"does not speak HTTP: {error}") from error

    def _read(self, piece: bytes) -> None:
        self._held += piece
        if b"\n" in piece:
            *lines, rest = bytes(self._held).split(b"\n")
            self._held = bytearray(rest)
            for line in lines:
                self._line(line.removesuffix(b"\r"))
        if len(self._held) + self._size > LONGEST:
            raise self._end("sends an event that is too long")

    def _line(self, line: bytes) -> None:
        name, _, value = line.partition(b":")
        value = value.removeprefix(b" ")
        if not line:
            if self._said:
                data = b"\n".join(self._said).decode("utf-8", "replace")
                self._waiting.append(Event(self._name or "message", data))
            self._name, self._said, self._size = "", [], 0
        elif name == b"event":
            self._name = value[:100].decode("utf-8", "replace")
        elif name == b"data":
            self._said.append(value)
            self._size += len(value) + 1

    def _end(self, why: str) -> ChannelError:
        self.close()
        return ChannelError(f"{self._host} {why}")


def dial(
    url: str,
    *,
    headers: Mapping[str, str],
    allow_private: bool = False,
    look_up: Resolve = resolve,
) -> Events:
    """Open a stream of events.

    Args:
        url: http or https, its question included.
        headers: to send along.
        allow_private: also call addresses inside the own network.
        look_up: turns a name and a port into addresses.

    Raises:
        ChannelError: it may not go there (permanent), nobody answers, or not with events; with
            `retry_after` where the other side named a time.
    """
    import h11

    target = parsed(url)
    with dialled(target, look_up, allow_private=allow_private) as sock:
        protocol = h11.Connection(our_role=h11.CLIENT, max_incomplete_event_size=LONGEST_HEAD)
        try:
            _ask(sock, protocol, target, headers)
            answer = _answer(sock, protocol)
        except h11.LocalProtocolError as error:
            raise ChannelError(f"what is asked is no HTTP: {error}", permanent=True) from error
        except h11.RemoteProtocolError as error:
            raise ChannelError(f"{target.host} does not speak HTTP: {error}") from error
        _look_at(answer, target.host)
        return Events(sock, protocol, target.host)


def _ask(
    sock: socket.socket,
    protocol: "h11.Connection",
    target: "httpx.URL",
    headers: Mapping[str, str],
) -> None:
    import h11

    own = {"Host": target.netloc.decode("ascii"), "User-Agent": "sori", "Accept": KIND}
    asked = h11.Request(
        method="GET",
        target=target.raw_path,
        headers=[*(own | {"Accept-Encoding": "identity"} | dict(headers)).items()],
    )
    for each in (asked, h11.EndOfMessage()):
        sock.sendall(protocol.send(each) or b"")


def _answer(sock: socket.socket, protocol: "h11.Connection") -> "h11.Response":
    import h11

    while True:
        come = protocol.next_event()
        if isinstance(come, h11.Response):
            return come
        if come is h11.NEED_DATA:
            protocol.receive_data(sock.recv(PIECE))
        elif not isinstance(come, h11.InformationalResponse):
            raise EOFError("it hung up")


def _look_at(answer: "h11.Response", host: str) -> None:
    """Is this a stream of events?"""
    told = {
        name.decode("latin-1").lower(): value.decode("latin-1") for name, value in answer.headers
    }
    status = answer.status_code
    if status != 200:
        again = status in {408, 425, 429} or status >= 500
        pause = retry_after(told.get("retry-after"), datetime.now(UTC))
        raise ChannelError(f"{host} answers {status}", permanent=not again, retry_after=pause)
    if not told.get("content-type", "").lower().startswith(KIND):
        raise ChannelError(f"{host} answers with something else than events", permanent=True)
