"""A connection to an address somebody typed in, for what is spoken on it by ourselves.

The name is resolved and checked by us, the connection goes to the very address that was checked,
and whoever opens it slowly is hung up on.
"""

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any, Final

from sori.channels.fetching import Resolve, allowed, certificates
from sori.errors import ChannelError

if TYPE_CHECKING:
    import httpx

MOST_ADDRESSES: Final = 4
PIECE: Final = 65_536
OPENING: Final = 10.0
"""Seconds for all that is said before the other side begins."""


@contextmanager
def dialled(
    target: "httpx.URL", look_up: Resolve, *, allow_private: bool
) -> Iterator[socket.socket]:
    """A connection on which to say hello; it stays open unless hello fails or takes too long.

    Args:
        target: http or https.
        look_up: turns a name and a port into addresses.
        allow_private: also call addresses inside the own network.

    Raises:
        ChannelError: it may not go there (permanent), or nobody answers.
    """
    addresses = allowed(target, look_up, allow_private=allow_private)
    port = target.port or (443 if target.scheme == "https" else 80)
    sock = _connected(addresses, port, target.host)
    try:
        if target.scheme == "https":
            sock = certificates().wrap_socket(
                sock,
                server_hostname=target.raw_host.decode("ascii").rstrip("."),
                do_handshake_on_connect=False,
            )
        with _ended_after(OPENING, sock):
            if isinstance(sock, ssl.SSLSocket):
                sock.do_handshake()
            yield sock
    except (OSError, EOFError) as error:
        sock.close()
        raise ChannelError(f"{target.host} could not be reached: {error}") from error
    except ChannelError:
        sock.close()
        raise


def arrived(sock: socket.socket, seconds: float) -> bytes | None:
    """What comes on a connection before the time is over; None for nothing, b"" for its end.

    Raises:
        OSError: it broke.
    """
    try:
        sock.settimeout(seconds)
        return sock.recv(PIECE)
    except (TimeoutError, ssl.SSLWantReadError):
        return None


def _connected(addresses: list[str], port: int, host: str) -> socket.socket:
    """A connection to the first of the checked addresses that can be reached."""
    missed: OSError | None = None
    for address in addresses[:MOST_ADDRESSES]:
        try:
            return socket.create_connection((address, port), OPENING)
        except OSError as error:
            missed = error
    raise ChannelError(f"{host} could not be reached: {missed}") from missed


@contextmanager
def _ended_after(seconds: float, sock: socket.socket) -> Iterator[None]:
    """Shut a connection when the time is over, so that nobody who drips can hold us."""

    def shut(*_: Any) -> None:
        with suppress(OSError):
            socket.socket.shutdown(sock, socket.SHUT_RDWR)

    timer = threading.Timer(seconds, shut)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
