"""Fetching from an address somebody typed in, or posting to it, without being led astray.

The name is resolved by us, every address it has is checked, and the connection goes to the very
address that was checked, at the first request and at every redirect: a name that answers
differently the second time gains nothing. Sizes, redirects and time are limited; compressed
bodies are unpacked no further than the limit; proxies of the environment are not used.
"""

import socket
import ssl
import threading
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import cache
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import TYPE_CHECKING, Any, Final

from sori.errors import ChannelError

if TYPE_CHECKING:
    import httpx

    HttpUrl = httpx.URL
    HttpResponse = httpx.Response

LONGEST_WAIT: Final = 7 * 24 * 3600.0
ANSWERS: Final = frozenset({200, 304})
REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
WRAPPED_V4: Final = (
    (ip_network("64:ff9b::/96"), 0),
    (ip_network("64:ff9b:1::/48"), 0),
    (ip_network("2002::/16"), 80),
    (ip_network("::/96"), 0),
)
"""IPv6 ranges that carry an IPv4 address, and how many bits stand to the right of it.

RFC 6052, 8215, 3056 and 4291.
"""

Resolve = Callable[[str, int], list[str]]


@dataclass(frozen=True)
class Limits:
    """How much one fetch may cost, and which answers count.

    Attributes:
        size: bytes of the body, after unpacking.
        seconds: wall time from the first look-up to the last byte.
        redirects: how many hops are followed.
        answers: statuses whose body is handed over; any other is an error.
    """

    size: int = 10_000_000
    seconds: float = 30.0
    redirects: int = 5
    answers: frozenset[int] = ANSWERS


@dataclass(frozen=True)
class Fetched:
    """What came back.

    Attributes:
        url: where it came from in the end.
        status: 200 or 304, or another that counts (`Limits`).
        headers: names in lower case.
        body: unpacked.
    """

    url: str
    status: int
    headers: Mapping[str, str]
    body: bytes


def resolve(host: str, port: int) -> list[str]:
    """All addresses of a name, as the system knows them.

    Raises:
        OSError, UnicodeError: when it has none.
    """
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def fetch(
    url: str,
    *,
    headers: Mapping[str, str] | None = None,
    limits: Limits | None = None,
    allow_private: bool = False,
    look_up: Resolve = resolve,
) -> Fetched:
    """Get what is at an address: 200 with its body, or 304.

    Args:
        url: http or https.
        headers: to send along, for instance validators.
        limits: how much it may cost.
        allow_private: also go to addresses inside the own network. Link-local addresses, where
            clouds keep their secrets, stay closed all the same.
        look_up: turns a name and a port into addresses.

    Raises:
        ChannelError: for any other outcome; `permanent` where trying again is useless,
            `retry_after` where the other side named a time.
    """
    import httpx

    limits = limits or Limits()
    target = parsed(url)
    with (
        deadline(limits.seconds) as extensions,
        httpx.Client(
            trust_env=False, timeout=min(10.0, limits.seconds), verify=certificates()
        ) as client,
    ):
        for _ in range(limits.redirects + 1):
            addresses = allowed(target, look_up, allow_private=allow_private)
            answer = _exchange(client, target, addresses, dict(headers or {}), limits, extensions)
            if extensions["over"].is_set():  # an answer cut off by us can look like a short one
                break
            if isinstance(answer, Fetched):
                return answer
            target = answer
        else:
            raise ChannelError(f"{url} leads on more than {limits.redirects} times")
    raise ChannelError(f"{url} took longer than {limits.seconds:g} s")


@cache
def certificates() -> ssl.SSLContext:
    """Whom we believe to be who they say; made once, for reading them costs more than a fetch."""
    import httpx

    return httpx.create_ssl_context()


def retry_after(value: str | None, now: datetime) -> float | None:
    """Seconds to wait as told by a `Retry-After` header, in either of its forms (RFC 9110 10.2.3).

    >>> retry_after("120", datetime.now(UTC))
    120.0
    """
    if not value:
        return None
    value = value.strip()
    if value.isascii() and value.isdigit():
        return min(float(value[:12]), LONGEST_WAIT)
    try:
        moment = parsedate_to_datetime(value)
    except (ValueError, TypeError, IndexError):
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return min(max(0.0, (moment - now).total_seconds()), LONGEST_WAIT)


def public(address: str) -> bool:
    """Whether an address is one that the whole internet may be reached under.

    >>> public("127.0.0.1"), public("::ffff:10.0.0.1"), public("8.8.8.8")
    (False, False, True)
    """
    return _is_public(ip_address(address))


def _is_public(ip: IPv4Address | IPv6Address) -> bool:
    if isinstance(ip, IPv6Address):
        inner = ip.ipv4_mapped or (ip.teredo[1] if ip.teredo else None) or _wrapped(ip)
        if inner is not None and not _is_public(inner):
            return False
        if ip.ipv4_mapped:
            return True
        if ip.scope_id or ip.is_site_local:
            return False
    return ip.is_global and not (ip.is_multicast or ip.is_reserved or ip.is_unspecified)


def _wrapped(ip: IPv6Address) -> IPv4Address | None:
    for network, shift in WRAPPED_V4:
        if ip in network:
            return IPv4Address((int(ip) >> shift) & 0xFFFFFFFF)
    return None


def _near(ip: IPv4Address | IPv6Address) -> bool:
    """Whether an address is closed even to those who may look inside the own network."""
    if isinstance(ip, IPv6Address) and (inner := ip.ipv4_mapped or _wrapped(ip)):
        return int(inner) > 1 and _near(inner)
    return ip.is_link_local or ip.is_multicast


def parsed(url: str) -> "HttpUrl":
    """An address of the web, taken apart.

    Raises:
        ChannelError: permanent, when it is none that we would call.
    """
    import httpx

    try:
        target = httpx.URL(url)
        host = target.raw_host
    except (httpx.InvalidURL, UnicodeError, ValueError) as error:
        raise ChannelError(f"{url!r} is no address: {error}", permanent=True) from error
    if target.scheme not in {"http", "https"} or not host:
        raise ChannelError(f"{url!r} is no http or https address", permanent=True)
    if target.userinfo:
        raise ChannelError("an address with a user name in it is not fetched", permanent=True)
    return target


def allowed(target: "HttpUrl", look_up: Resolve, *, allow_private: bool) -> list[str]:
    """Where a name leads, if a call may go to every address of it.

    Raises:
        ChannelError: when it may not, or nobody is there.
    """
    port = target.port or (443 if target.scheme == "https" else 80)
    return checked(target.raw_host.decode("ascii"), port, look_up, allow_private=allow_private)


def checked(
    host: str, port: int, look_up: Resolve = resolve, *, allow_private: bool = False
) -> list[str]:
    """Where a host is, if a call may go to every address of it; for calls that are not of the web.

    Raises:
        ChannelError: when it may not, or nobody is there.
    """
    try:
        addresses = look_up(host, port)
        found = [ip_address(address) for address in addresses]
    except (OSError, UnicodeError, ValueError) as error:
        raise ChannelError(f"{host} cannot be found: {error}") from error
    for ip in found:
        if _near(ip) or not (allow_private or _is_public(ip)):
            raise ChannelError(
                f"{host} is at {ip}, which is not on the public internet", permanent=True
            )
    if not addresses:
        raise ChannelError(f"{host} has no address")
    return addresses


def _exchange(
    client: "httpx.Client",
    target: "HttpUrl",
    addresses: list[str],
    headers: dict[str, str],
    limits: Limits,
    extensions: dict[str, Any],
) -> "Fetched | HttpUrl":
    """One request to the first checked address that takes it: the answer, or the next hop."""
    import httpx

    headers |= {"Host": target.netloc.decode("ascii"), "Accept-Encoding": "gzip, deflate"}
    headers.setdefault("User-Agent", "sori (feed reader)")
    named = extensions | {"sni_hostname": target.raw_host.decode("ascii").rstrip(".")}
    for address in addresses[:4]:
        place = target.copy_with(host=address)
        try:
            with client.stream("GET", place, headers=headers, extensions=named) as response:
                return _answered(response, target, limits)
        except httpx.ConnectError as error:
            failure: Exception = error
        except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, OSError) as error:
            failure = error
            break
    if extensions["over"].is_set():
        raise ChannelError(f"{target.host} took longer than {limits.seconds:g} s") from failure
    what = str(failure) or type(failure).__name__
    raise ChannelError(f"{target.host} could not be read: {what}") from failure


def _answered(response: "HttpResponse", target: "HttpUrl", limits: Limits) -> "Fetched | HttpUrl":
    if response.status_code in REDIRECTS and "location" in response.headers:
        try:
            return parsed(str(target.join(response.headers["location"])))
        except (ValueError, UnicodeError) as error:
            raise ChannelError(f"{target.host} leads to no address: {error}") from error
    if response.status_code not in limits.answers:
        raise _refused(response, target)
    return Fetched(
        url=str(target),
        status=response.status_code,
        headers={name.lower(): value for name, value in response.headers.items()},
        body=b"" if response.status_code == 304 else b"".join(unpacked(response, limits.size)),
    )


def _refused(response: "HttpResponse", target: "HttpUrl") -> ChannelError:
    status = response.status_code
    return ChannelError(
        f"{target.host} answers {status} {response.reason_phrase}".strip(),
        permanent=status in {401, 410},
        retry_after=retry_after(response.headers.get("retry-after"), datetime.now(UTC)),
    )


def unpacked(response: "HttpResponse", size: int) -> Iterator[bytes]:
    """The body, unpacked piece by piece and never past the limit.

    The library would unpack for us, but a whole network read at once: 64 KB become 64 MB.
    """
    packing = response.headers.get("content-encoding", "identity").strip().lower()
    unpack = _unpacker(packing)
    left = size
    for piece in response.iter_raw(65_536):
        try:
            plain = unpack(piece, left + 1)
        except zlib.error as error:
            raise ChannelError(f"the answer is not really packed with {packing}") from error
        left -= len(plain)
        if left < 0:
            raise ChannelError(f"the answer is larger than {size:,} bytes")
        yield plain


def _unpacker(packing: str) -> Callable[[bytes, int], bytes]:
    if packing in {"", "identity"}:
        return lambda piece, _most: piece
    if packing in {"gzip", "x-gzip", "deflate"}:
        return zlib.decompressobj(zlib.MAX_WBITS | 32).decompress
    raise ChannelError(f"the answer is packed with {packing!r}, which we did not ask for")


@contextmanager
def deadline(seconds: float) -> Iterator[dict[str, Any]]:
    """Ends every connection opened inside when the time is over.

    A timeout of the library counts from byte to byte, so a server that drips could hold us for
    days. The library reports each connection as it opens; ours are shut from outside.
    """
    over = threading.Event()
    opened: list[socket.socket] = []

    def note(event: str, info: Mapping[str, Any]) -> None:
        if event.endswith(("connect_tcp.complete", "start_tls.complete")):
            opened.append(info["return_value"].get_extra_info("socket"))
            if over.is_set():
                shut()

    def shut() -> None:
        over.set()
        for each in list(opened):
            try:
                socket.socket.shutdown(each, socket.SHUT_RDWR)
            except OSError:
                continue  # closed already: that is all we want

    timer = threading.Timer(seconds, shut)
    timer.daemon = True
    timer.start()
    try:
        yield {"trace": note, "over": over}
    finally:
        timer.cancel()
