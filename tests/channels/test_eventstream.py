"""Server-sent events from an address somebody typed in: guarded, bounded, and never holding us."""

import socket
import time
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from peers.talking import talking
from sori.channels import dialing
from sori.channels.eventstream import LONGEST, Event, Events, dial
from sori.errors import ChannelError

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream; charset=utf-8\r\n\r\n"
CHUNKED = HEAD[:-2] + b"Transfer-Encoding: chunked\r\n\r\n"


def answering(*pieces: bytes, linger: float = 0.5, pause: float = 0.0):
    """A server that says this to whoever asks, and hangs up."""

    def talk(connection: socket.socket) -> None:
        connection.recv(65_536)
        for piece in pieces:
            connection.sendall(piece)
            time.sleep(pause)
        time.sleep(linger)

    return talking(talk)


def opened(place: str, secret: str = "Bearer x") -> Events:
    headers = {"Authorization": secret}
    return dial(f"http://{place}/events?of=us", headers=headers, allow_private=True)


def all_of(place: str) -> list[Event]:
    events, found = opened(place), list[Event]()
    with pytest.raises(ChannelError, match="ends the stream"):
        hear(events, found)
    events.close()
    return found


def hear(events: Events, found: list[Event]) -> None:
    """Until it ends, however slow the machine is."""
    while event := events.next(60):
        found.append(event)


def chunks(raw: bytes, size: int) -> bytes:
    cut = [raw[at : at + size] for at in range(0, len(raw), size)]
    return b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in cut) + b"0\r\n\r\n"


STREAM = (
    b":)\n"
    b"event: delete\ndata: 17\n\n"
    b":thump\n"
    b"data:no name\r\ndata: two lines\r\n\r\n"
    b"event: filters_changed\n\n"
    b"id: 5\nretry: 100\nevent: update\ndata: {}\n\n"
)
TOLD = [Event("delete", "17"), Event("message", "no name\ntwo lines"), Event("update", "{}")]


@pytest.mark.parametrize("size", [1, 7, 10_000])
def test_events_come_whole_however_they_are_cut(size):
    with answering(CHUNKED, chunks(STREAM, size), linger=0) as place:
        assert all_of(place) == TOLD
    with answering(HEAD + STREAM, linger=0) as place:
        assert all_of(place) == TOLD


def test_it_asks_as_it_should():
    asked: list[bytes] = []

    def talk(connection: socket.socket) -> None:
        asked.append(connection.recv(65_536))
        connection.sendall(HEAD)
        time.sleep(0.3)

    with talking(talk) as place:
        opened(place).close()
    head = asked[0].lower()
    assert head.startswith(b"get /events?of=us http/1.1\r\n")
    for line in (b"host: 127.0.0.1:", b"accept: text/event-stream", b"authorization: bearer x"):
        assert b"\r\n" + line in head


def test_nothing_for_a_while_is_nothing_and_a_sign_of_life_is_noticed():
    with answering(HEAD, b":thump\n", pause=0.4) as place:
        events = opened(place)
        heard = events.heard_at
        start = time.monotonic()
        assert events.next(0.1) is None
        assert time.monotonic() - start < 0.3
        assert events.next(0.6) is None
        assert events.heard_at > heard
        events.close()
        events.close()


@pytest.mark.parametrize(
    "flood",
    [
        b"data: " + b"x" * (LONGEST + 10),
        b"data: " + b"\ndata: ".join([b"x" * 100] * (LONGEST // 100)) + b"\n",
        b"data:\n" * (LONGEST + 10),
        b":" + b"x" * (LONGEST + 10),
    ],
)
def test_an_event_that_does_not_end_is_not_taken_in(flood):
    with answering(HEAD, flood) as place:
        events = opened(place)
        with pytest.raises(ChannelError, match="too long"):
            hear(events, [])


@pytest.mark.parametrize(
    ("answer", "permanent"),
    [
        (b"HTTP/1.1 401 No\r\n\r\n", True),
        (b"HTTP/1.1 404 No\r\n\r\n", True),
        (b"HTTP/1.1 302 Found\r\nLocation: http://10.0.0.1/\r\n\r\n", True),
        (b"HTTP/1.1 503 Busy\r\n\r\n", False),
        (b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<html>", True),
        (b"HTTP/1.1 200 OK\r\nX: " + b"x" * 100_000, False),
        (b"SSH-2.0-x\r\n", False),
        (b"", False),
    ],
)
def test_what_is_no_stream_is_refused(answer, permanent):
    with answering(answer, linger=0) as place, pytest.raises(ChannelError) as caught:
        opened(place)
    assert caught.value.permanent is permanent


@pytest.mark.parametrize("dated", [False, True])
def test_it_hears_when_it_may_come_back(dated):
    later = format_datetime(datetime.now(UTC) + timedelta(seconds=90), usegmt=True)
    told = later if dated else "90"
    answer = f"HTTP/1.1 429 Busy\r\nRetry-After: {told}\r\n\r\n".encode()
    with answering(answer, linger=0) as place, pytest.raises(ChannelError) as caught:
        opened(place)
    assert not caught.value.permanent
    assert 60 <= (caught.value.retry_after or 0) <= 90


def test_who_drips_a_greeting_does_not_hold_us(monkeypatch):
    monkeypatch.setattr(dialing, "OPENING", 0.5)
    start = time.monotonic()
    drops = [HEAD[at : at + 1] for at in range(len(HEAD) - 1)]
    with answering(*drops, pause=0.1) as place, pytest.raises(ChannelError):
        opened(place)
    assert time.monotonic() - start < 15


def test_a_secret_with_a_line_in_it_is_not_sent():
    with answering(HEAD, linger=0) as place, pytest.raises(ChannelError) as caught:
        opened(place, "x\r\nHost: y")
    assert caught.value.permanent


@settings(max_examples=40, deadline=None)
@given(raw=st.binary(max_size=200))
def test_any_bytes_are_events_or_an_end(raw):
    # what comes right behind the head may be wrong before anybody hears
    with answering(CHUNKED, raw, linger=0) as place, pytest.raises(ChannelError):
        hear(opened(place), [])
