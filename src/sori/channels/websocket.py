"""Listening at a websocket at an address somebody typed in, guarded like a fetch.

No redirect is followed. Nothing runs beside us and nothing is read ahead: whoever does not ask
for the next message holds back the other side, and memory is bounded by the longest message.
"""

import socket
import time
from collections import deque
from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from sori.channels.dialing import OPENING, PIECE, arrived, dialled
from sori.channels.fetching import Resolve, parsed, resolve, retry_after
from sori.errors import ChannelError

if TYPE_CHECKING:
    import httpx
    from websockets.client import ClientProtocol

SCHEMES: Final = {"ws": "http", "wss": "https"}
MOST_PARTS: Final = 10_000


class TooLong(ChannelError):
    """A message is longer than was allowed; nothing behind it can be read on this line."""


class Line:
    """An open websocket; one thread may use it at a time.

    Args:
        sock: connected, to the address that was checked.
        protocol: what is spoken on it, the handshake done.
        host: what the other side is called in errors.
        come: what came right behind the handshake.
    """

    def __init__(
        self, sock: socket.socket, protocol: "ClientProtocol", host: str, come: Sequence[Any] = ()
    ) -> None:
        self._sock, self._protocol, self._host = sock, protocol, host
        self._waiting: deque[bytes] = deque()
        self._parts: list[bytes] = []
        self._come = come

    def next(self, seconds: float) -> bytes | None:
        """The next message; None when the time is over before it is whole.

        Raises:
            TooLong: it is longer than allowed.
            ChannelError: the line is closed or broken.
        """
        until = time.monotonic() + seconds
        come, self._come = self._come, ()
        self._sort(come)
        while not self._waiting:
            if not self._receive(max(until - time.monotonic(), 0.001)):
                return None
            self._sort(self._protocol.events_received())
            if not self._waiting and time.monotonic() >= until:
                return None
        return self._waiting.popleft()

    def close(self) -> None:
        """Hang up; once is enough, twice does no harm."""
        with suppress(OSError):
            self._sock.close()

    def _receive(self, seconds: float) -> bool:
        """Take in what has arrived; whether anything did before the time was over."""
        try:
            data = arrived(self._sock, seconds)
            if data is None:
                return False
            self._protocol.receive_data(data) if data else self._protocol.receive_eof()
            self._sock.settimeout(OPENING)
            send(self._sock, self._protocol)  # answers to pings
        except (OSError, EOFError) as error:
            raise ChannelError(f"{self._host} hung up: {error}") from error
        return True

    def _sort(self, come: Iterable[Any]) -> None:
        """Put messages together out of what arrived."""
        from websockets.frames import Frame, Opcode
        from websockets.protocol import State

        for event in come:
            if not isinstance(event, Frame) or event.opcode not in {
                Opcode.TEXT,
                Opcode.BINARY,
                Opcode.CONT,
            }:
                continue
            self._parts.append(bytes(event.data))
            if len(self._parts) > MOST_PARTS:
                self.close()
                raise TooLong(f"{self._host} sends a message in too many parts")
            if event.fin:
                self._waiting.append(b"".join(self._parts))
                self._parts = []
        if not self._waiting and self._protocol.state is not State.OPEN:
            raise self._end()

    def _end(self) -> ChannelError:
        from websockets.exceptions import PayloadTooBig

        self.close()
        wrong = self._protocol.parser_exc
        if isinstance(wrong, PayloadTooBig):
            return TooLong(f"{self._host} sends a message that is too long")
        told = self._protocol.close_rcvd
        why = f"{told.code} {told.reason}" if told else str(wrong or "it hung up")
        return ChannelError(f"{self._host} ends the stream: {why}".strip())


def dial(
    url: str,
    *,
    longest: int,
    allow_private: bool = False,
    look_up: Resolve = resolve,
) -> Line:
    """Open a websocket.

    Args:
        url: ws or wss, its question included.
        longest: bytes of one message.
        allow_private: also call addresses inside the own network.
        look_up: turns a name and a port into addresses.

    Raises:
        ChannelError: it may not go there (permanent), or nobody answers, or is no websocket.
    """
    target = _web(url)
    with dialled(target, look_up, allow_private=allow_private) as sock:
        protocol, come = _shaken(sock, target, longest)
        return Line(sock, protocol, target.host, come)


def send(sock: socket.socket, protocol: "ClientProtocol") -> None:
    """Send what the protocol has to say."""
    for piece in protocol.data_to_send():
        if piece:
            sock.sendall(piece)


def _web(url: str) -> "httpx.URL":
    scheme, _, rest = url.partition(":")
    if scheme.lower() not in SCHEMES:
        raise ChannelError(f"{url!r} is no ws or wss address", permanent=True)
    return parsed(f"{SCHEMES[scheme.lower()]}:{rest}")


def _shaken(
    sock: socket.socket, target: "httpx.URL", longest: int
) -> "tuple[ClientProtocol, list[Any]]":
    """Make the line a websocket; also returns what came right behind the handshake."""
    from websockets.client import ClientProtocol
    from websockets.exceptions import InvalidHandshake, InvalidStatus, InvalidURI
    from websockets.uri import parse_uri

    host = target.host
    named = target.copy_with(scheme="wss" if target.scheme == "https" else "ws", fragment=None)
    try:
        protocol = ClientProtocol(parse_uri(str(named)), max_size=longest)
    except (InvalidURI, ValueError) as error:
        raise ChannelError(str(error), permanent=True) from error
    asked = protocol.connect()
    asked.headers["User-Agent"] = "sori"
    protocol.send_request(asked)
    send(sock, protocol)
    while protocol.handshake_exc is None:
        data = sock.recv(PIECE)
        protocol.receive_data(data) if data else protocol.receive_eof()
        come = protocol.events_received()
        if protocol.handshake_exc is None and come:
            send(sock, protocol)
            return protocol, come[1:]
    wrong = protocol.handshake_exc
    if isinstance(wrong, InvalidStatus):
        status = wrong.response.status_code
        again = status in {408, 429} or status >= 500
        pause = retry_after(wrong.response.headers.get("Retry-After"), datetime.now(UTC))
        raise ChannelError(
            f"{host} answers {status}", permanent=not again, retry_after=pause
        ) from wrong
    what = str(wrong) if isinstance(wrong, InvalidHandshake) else type(wrong).__name__
    raise ChannelError(f"{host} does not answer as a websocket: {what}") from wrong
