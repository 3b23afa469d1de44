"""Every way to an address that somebody typed or sent is guarded, in all spellings there are.

Two things are proven: that the list of places that open connections is closed, each guarded or
given by whoever runs the installation or administers it; and that no spelling of an inner address
makes a guarded one open a single connection.
"""

import ipaddress
import re
import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from pydantic import ValidationError

from peers.inner_addresses import PORT, SPELLINGS
from peers.places import SETTINGS
from sori.channels import calling, eventstream, registry
from sori.channels.contract import Listener
from sori.channels.fetching import fetch
from sori.channels.websocket import dial
from sori.errors import ChannelError, ReplyError
from sori.mention import short

SOURCE = Path(__file__).parents[2] / "src" / "sori"

OPENS = re.compile(
    r"httpx\.(?:Async)?(?:Client|HTTPTransport)\(|httpx\.(?:get|post|request|stream)\("
    r"|urlopen|requests\.|aiohttp|imap_tools\.Mail|smtplib\.SMTP(?:_SSL)?\(|get_connection\("
    r"|create_connection\(|\.notify\(|websockets?\.connect|S3FileSystem|boto3|httpfs"
)

GUARDED = {
    "channels/fetching.py",
    "channels/calling.py",
    "channels/dialing.py",
    "notifications/chatting.py",
}
"""Whatever address: it is looked up, checked and called by the checked IP."""

ADMINISTRATORS = {
    "channels/mail/imap.py",
    "channels/mail/submission.py",
    "channels/drop/bucket.py",
}
"""The servers of a mailbox and of a bucket, which only administrators may name."""

OPERATORS = {"respond/assistant.py", "mailing.py"}
"""From the environment of the process; sign-in by the company's OIDC and the lake on S3 as well,
whose libraries open the connections."""

INNER = [
    *("127.0.0.1", "127.8.8.8", "10.0.0.1", "10.255.255.255", "172.16.0.1", "172.31.9.9"),
    *("192.168.0.1", "192.168.255.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "198.18.0.1"),
]


def spelled(address: str) -> Iterator[str]:
    """An IPv4 address in all the ways that some reader somewhere takes for it."""
    number = int(ipaddress.IPv4Address(address))
    a, b, c, d = address.split(".")
    yield from (address, f"{address}.", str(number), hex(number), f"0{number:o}")
    yield ".".join(hex(int(each)) for each in (a, b, c, d))
    yield ".".join(f"0{int(each):o}" for each in (a, b, c, d))
    yield ".".join(f"{int(each):03d}" for each in (a, b, c, d))
    yield f"{a}.{number & 0xFFFFFF}"
    yield f"{a}.{b}.{number & 0xFFFF}"
    yield f"{a}.{hex(number & 0xFFFFFF)}"
    yield address.replace(".", "\u3002")
    yield "".join(chr(ord(each) + 0xFEE0) if each.isdigit() else each for each in address)
    yield f"u:p@{address}"
    yield from (f"[::ffff:{address}]", f"[::{address}]", f"[64:ff9b::{address}]")
    yield f"[2002:{number >> 16:x}:{number & 0xFFFF:x}::1]"


EVERY = [
    *SPELLINGS,
    *(f"http://{host}:{PORT}/" for address in INNER for host in spelled(address)),
]


@pytest.fixture
def tried(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Every address that anybody tries to connect to; none is reached."""
    found: list[Any] = []

    def connect(_self: socket.socket, address: Any) -> None:
        found.append(address)
        raise ConnectionRefusedError(short(str(address), 40))

    monkeypatch.setattr(socket.socket, "connect", connect)
    monkeypatch.setattr(socket.socket, "connect_ex", connect)
    return found


def stream(url: str) -> None:
    with calling.streaming(url, headers={}, seconds=2) as (_said, lines):
        list(lines)


def websocket(url: str) -> None:
    dial(re.sub("^http", "ws", url, flags=re.IGNORECASE), longest=1000).close()


def events(url: str) -> None:
    eventstream.dial(url, headers={}).close()


FETCHERS: dict[str, Callable[[str], Any]] = {
    "fetch": fetch,
    "call": lambda url: calling.call("GET", url, headers={}),
    "post": lambda url: calling.post(url, b"{}", headers={}, seconds=2),
    "stream": stream,
    "websocket": websocket,
    "events": events,
}


def test_the_list_of_those_who_open_connections_is_closed():
    found = {
        str(path.relative_to(SOURCE))
        for path in SOURCE.rglob("*.py")
        if OPENS.search(path.read_text(encoding="utf-8"))
    }

    assert found == GUARDED | ADMINISTRATORS | OPERATORS


def test_there_are_enough_spellings():
    assert len(set(EVERY)) >= 250


@pytest.mark.parametrize("fetcher", FETCHERS)
def test_no_spelling_opens_a_connection(tried, fetcher):
    for spelling in EVERY:
        with pytest.raises((ChannelError, ReplyError)):
            FETCHERS[fetcher](spelling.replace(PORT, "80"))

    assert tried == []


def test_the_trap_would_notice(tried):
    with pytest.raises(ChannelError):
        fetch("http://127.0.0.1:80/", allow_private=True)

    assert tried == [("127.0.0.1", 80)]


@pytest.mark.parametrize("name", SETTINGS)
def test_no_channel_goes_there_unless_it_was_told_to(tried, listener: Listener, name: str):
    door = registry.channel(name)
    for spelling in EVERY[::6]:
        place = SimpleNamespace(url=spelling.replace(PORT, "80"))
        try:
            settings = door.Settings(**SETTINGS[name](place) | {"allow_private": False})
        except ValidationError:
            continue
        with pytest.raises(ChannelError):
            list(door.fetch(settings, None, listener))

    assert tried == []
