"""A websocket at an address somebody typed in: guarded, bounded, and never holding us."""

import socket
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from peers import stream_server
from peers.talking import talking
from sori.channels import dialing, websocket
from sori.channels.websocket import MOST_PARTS, TooLong, dial
from sori.errors import ChannelError

pytestmark = pytest.mark.skipif(
    not stream_server.there(), reason="NO WEBSOCKETS: pip install websockets libipld"
)
GREETING = b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"


def greet(connection: socket.socket, behind: bytes = b"") -> None:
    """Do the handshake as a websocket does; what stands right behind it comes with it."""
    from websockets.utils import accept_key

    asked = connection.recv(65_536).decode()
    key = asked.partition("Sec-WebSocket-Key: ")[2].partition("\r\n")[0]
    accepted = f"Sec-WebSocket-Accept: {accept_key(key)}\r\n\r\n".encode()
    connection.sendall(GREETING + accepted + behind)


def said(*frames: bytes, linger: float = 0.5) -> Callable[[socket.socket], None]:
    def talk(connection: socket.socket) -> None:
        greet(connection)
        for frame in frames:
            connection.sendall(frame)
        time.sleep(linger)

    return talk


def opened(place: str, scheme: str = "ws", **more):
    return dial(f"{scheme}://{place}/", allow_private=True, longest=1000, **more)


def test_messages_come_whole_however_they_are_cut():
    frames = [b"\x02\x03one", b"\x00\x03two", b"\x80\x03end", b"\x81\x02hi"]
    stream = b"".join(frames)
    with talking(said(*(stream[at : at + 1] for at in range(len(stream))))) as place:
        line = opened(place)
        assert line.next(2) == b"onetwoend"
        assert line.next(2) == b"hi"
        assert line.next(0.05) is None
        line.close()
        line.close()


def test_what_comes_with_the_handshake_is_not_lost():
    def talk(connection: socket.socket) -> None:
        greet(connection, b"\x82\x05first")
        time.sleep(0.5)

    with talking(talk) as place:
        line = opened(place)
        assert line.next(1) == b"first"
        line.close()


def test_a_ping_is_answered():
    answers: list[bytes] = []

    def talk(connection: socket.socket) -> None:
        greet(connection)
        connection.sendall(b"\x89\x04ping")
        answers.append(connection.recv(100))
        connection.sendall(b"\x82\x02ok")
        time.sleep(0.3)

    with talking(talk) as place:
        line = opened(place)
        assert line.next(2) == b"ok"
        line.close()
    assert answers[0][0] == 0x8A


@pytest.mark.parametrize(
    "frames",
    [
        [b"\x82\x7e\x07\xd0"],
        [b"\x82\x7f\x00\x00\xff\xff\xff\xff\xff\xff"],
        [b"\x02\x7e\x02\x58" + b"x" * 600, b"\x80\x7e\x02\x58" + b"x" * 600],
    ],
)
def test_a_message_that_is_too_long_is_not_taken_in(frames):
    with talking(said(*frames)) as place:
        line = opened(place)
        with pytest.raises(TooLong):
            line.next(2)


def test_a_message_of_endless_empty_parts_is_not_taken_in():
    with talking(said(b"\x02\x00", b"\x00\x00" * (MOST_PARTS + 10))) as place:
        line = opened(place)
        with pytest.raises(TooLong):
            line.next(5)


@pytest.mark.parametrize(
    "frame",
    [b"\x88\x00", b"\x88\x0a\x03\xf0too slow", b"\xff\xff\xff", b"\x83\x00", b"\x80\x01x", b""],
)
def test_an_end_and_nonsense_are_errors(frame):
    def hear(place: str) -> None:
        line = opened(place)
        try:
            line.next(2)
        finally:
            with pytest.raises(ChannelError):
                line.next(0.1)  # and stay errors

    with talking(said(frame, linger=0.1)) as place:
        with pytest.raises(ChannelError) as caught:
            hear(place)
        assert not caught.value.permanent


@pytest.mark.parametrize(
    ("answer", "permanent"),
    [
        (b"HTTP/1.1 302 Found\r\nLocation: ws://127.0.0.1:9/\r\nContent-Length: 0\r\n\r\n", True),
        (b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n", True),
        (b"HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n", False),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi", True),
        (GREETING + b"Sec-WebSocket-Accept: wrong\r\n\r\n", False),
        (GREETING + b"x" * 100_000, False),
        (b"SSH-2.0-OpenSSH\r\n", False),
        (b"", False),
    ],
)
def test_what_is_no_websocket_is_an_error_and_leads_nowhere(answer, permanent):
    def talk(connection: socket.socket) -> None:
        connection.recv(65_536)
        connection.sendall(answer)

    with talking(talk) as place, pytest.raises(ChannelError) as caught:
        opened(place)
    assert caught.value.permanent is permanent


def test_who_drips_does_not_hold_us(monkeypatch):
    monkeypatch.setattr(dialing, "OPENING", 0.5)

    def talk(connection: socket.socket) -> None:
        for byte in GREETING:
            connection.sendall(bytes([byte]))
            time.sleep(0.1)

    start = time.monotonic()
    with talking(talk) as place:
        with pytest.raises(ChannelError):
            opened(place)
        assert time.monotonic() - start < 3


@pytest.mark.parametrize("dated", [False, True])
def test_it_hears_when_it_may_come_back(dated):
    later = datetime.now(UTC) + timedelta(seconds=90)
    told = format_datetime(later, usegmt=True) if dated else "90"

    def talk(connection: socket.socket) -> None:
        connection.recv(65_536)
        connection.sendall(f"HTTP/1.1 429 Busy\r\nRetry-After: {told}\r\n\r\n".encode())

    with talking(talk) as place, pytest.raises(ChannelError) as caught:
        opened(place)
    assert not caught.value.permanent
    assert caught.value.retry_after is not None
    assert 60 <= caught.value.retry_after <= 90


def test_who_pings_and_reads_no_answer_is_given_up(monkeypatch):
    monkeypatch.setattr(websocket, "OPENING", 0.2)

    def talk(connection: socket.socket) -> None:
        greet(connection)
        while True:
            connection.sendall(b"\x89\x7d" + b"x" * 125)

    with talking(talk) as place:
        line = opened(place)
        line._sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4096)
        with pytest.raises(ChannelError, match="hung up: timed out"):
            line.next(30)
        line.close()


def test_a_message_that_drips_does_not_hold_us_and_comes_whole_later():
    with talking(said(b"\x82\x03a", b"b", linger=0.7)) as place:
        line = opened(place)
        start = time.monotonic()
        assert line.next(0.2) is None
        assert time.monotonic() - start < 0.6
        line.close()


def test_a_certificate_must_be_for_the_name(monkeypatch):
    """A server that speaks no TLS, or in whose name nobody vouches, is not believed."""
    with talking(lambda one: one.sendall(b"hello")) as place, pytest.raises(ChannelError):
        opened(place, "wss")


def test_the_very_address_that_was_checked_is_called():
    asked: list[str] = []

    def look_up(host: str, port: int) -> list[str]:
        asked.append(host)
        return ["127.0.0.1"] if len(asked) == 1 else ["10.0.0.1"]

    with talking(said(b"\x82\x02ok")) as place:
        line = opened(place.replace("127.0.0.1", "stream.test"), look_up=look_up)
        assert line.next(1) == b"ok"
        line.close()
    assert asked == ["stream.test"]
