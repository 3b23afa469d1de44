"""No spelling of an inner address leads to a connection; the canaries listen there and count."""

import socket
import threading
from collections.abc import Iterator

import pytest

from peers.inner_addresses import PORT, SPELLINGS
from sori.channels.fetching import fetch, public
from sori.errors import ChannelError


class Canary:
    """Counts every connection to a port, on IPv4 and IPv6."""

    def __init__(self) -> None:
        self.sung = 0
        self._doors = [socket.create_server(("0.0.0.0", 0))]
        self.port = self._doors[0].getsockname()[1]
        if socket.has_dualstack_ipv6():
            door = socket.socket(socket.AF_INET6)
            door.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
            door.bind(("::", self.port))
            door.listen()
            self._doors.append(door)
        self._threads = [threading.Thread(target=self._listen, args=(d,)) for d in self._doors]
        for thread in self._threads:
            thread.start()

    def _listen(self, door: socket.socket) -> None:
        while True:
            try:
                place, _ = door.accept()
            except OSError:
                return
            self.sung += 1
            place.close()

    def close(self) -> None:
        for door in self._doors:
            door.shutdown(socket.SHUT_RDWR)
            door.close()
        for thread in self._threads:
            thread.join(5)


@pytest.fixture(scope="module")
def canary() -> Iterator[Canary]:
    bird = Canary()
    yield bird
    bird.close()


def test_the_canary_sings(canary: Canary):
    before = canary.sung
    socket.create_connection(("127.0.0.1", canary.port), 5).close()
    with pytest.raises(ChannelError):
        fetch(f"http://127.0.0.1:{canary.port}/", allow_private=True)

    assert canary.sung >= before + 1


@pytest.mark.parametrize("spelling", SPELLINGS, ids=lambda spelling: ascii(spelling)[1:40])
def test_it_goes_to_no_inner_address_however_it_is_spelled(canary: Canary, spelling: str):
    before = canary.sung

    with pytest.raises(ChannelError):
        fetch(spelling.replace(PORT, str(canary.port)))

    assert canary.sung == before


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_it_is_not_led_there_by_a_redirect(far, canary: Canary, status: int):
    before = canary.sung
    targets = [each for each in SPELLINGS if not {"\r", "\n", "\t"} & set(each)]
    targets = targets if status == 302 else targets[::5]
    for number, target in enumerate(targets):
        place = target.replace(PORT, str(canary.port)).encode().decode("latin-1")
        far.answers[f"/{number}"] = (status, {"Location": place}, b"")

        with pytest.raises(ChannelError):
            fetch(f"{far.url}/{number}")

    assert {path for path, _ in far.asked} >= {f"/{number}" for number in range(len(targets))}
    assert canary.sung == before


def test_it_connects_to_the_address_that_was_checked(far, canary: Canary):
    """A name that answers with another address the second time gains nothing: it is asked once."""
    asked = []
    far.answers["/"] = (200, {}, b"the one that was checked")

    def rebinding(host: str, port: int) -> list[str]:
        asked.append(host)
        return ["127.0.0.1"] if len(asked) > 1 else ["127.0.0.9"]

    before = canary.sung
    answer = fetch(f"http://rebinding.example:{far.server.server_port}/", look_up=rebinding)

    assert (answer.body, asked, canary.sung) == (
        b"the one that was checked",
        ["rebinding.example"],
        before,
    )


def test_it_goes_nowhere_when_one_of_several_addresses_is_inside(canary: Canary):
    before = canary.sung
    with pytest.raises(ChannelError, match="not on the public internet"):
        fetch(f"http://both.example:{canary.port}/", look_up=lambda *_: ["8.8.8.8", "127.0.0.1"])

    assert canary.sung == before


@pytest.mark.parametrize("spelling", ["http://169.254.169.254/", "http://[fe80::1]/"])
def test_it_keeps_the_cloud_s_own_address_closed_even_inside(spelling: str):
    with pytest.raises(ChannelError, match="not on the public internet"):
        fetch(spelling, allow_private=True)


@pytest.mark.parametrize(
    "address", ["8.8.8.8", "1.1.1.1", "203.248.252.2", "2001:4860:4860::8888", "::ffff:8.8.8.8"]
)
def test_it_knows_public_addresses(address: str):
    assert public(address)
