"""A small stream of everything that is written on Bluesky, on loopback, in both of its tongues.

It tells what was said on a `BlueskyServer` beside it, from any number on, as the real ones do; and
it forgets, begins anew, hangs up, falls silent or sends what nobody can read when told to.
"""

import importlib.util
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any
from urllib.parse import parse_qs, urlsplit

from peers import bluesky_server
from peers.bluesky_server import POSTS, BlueskyServer

KINDS = ("firehose", "jetstream")


def there() -> bool:
    """Whether what the stream needs is installed."""
    return all(map(importlib.util.find_spec, ("websockets", "libipld")))


class StreamServer:
    """What passes by, and how the stream behaves.

    Attributes:
        kind: which tongue it speaks.
        url: where it is.
        network: the server whose accounts and posts it tells of.
        events: what passed by, as (number, message).
        asked: each question it was asked.
        floor: numbers up to here are forgotten.
        cut: hangs up after so many messages; None never does.
        mute: opens and says nothing.
        open: how many listen now.
    """

    def __init__(self, kind: str, network: BlueskyServer) -> None:
        self.kind, self.network, self.url = kind, network, ""
        self.events: list[tuple[int, bytes]] = []
        self.asked: list[dict[str, list[str]]] = []
        self.floor, self.cut, self.mute, self.open = 0, None, False, 0
        self.fault: str | None = None
        self.last = 100
        self.ending = False
        self._changed = threading.Condition()

    def say(self, text: str, who: str = "kim.bsky.test", **more: Any) -> dict[str, Any]:
        """Somebody posts, and it passes by."""
        post = self.network.say(text, who, **more)
        self.write(post)
        return post

    def write(self, post: dict[str, Any], deed: str = "create", **more: Any) -> None:
        """A deed passes by, done to a post as it is now."""
        self.send(self.message(post, deed, **more))

    def message(self, post: dict[str, Any], deed: str, **more: Any) -> bytes:
        """The next message, which tells of a deed."""
        make = firehose_frame if self.kind == "firehose" else jetstream_message
        return make(self.next(), post, deed, **more)

    def next(self) -> int:
        """The next number."""
        now = int(time.time() * 1_000_000)
        self.last = self.last + 1 if self.kind == "firehose" else max(self.last + 1, now)
        return self.last

    def send(self, message: bytes) -> None:
        """A message passes by."""
        with self._changed:
            self.events.append((self.last, message))
            self._changed.notify_all()

    def noise(self, count: int) -> None:
        """Others write about other things."""
        for number in range(count):
            self.say(f"아무 말 {number}", "lee.bsky.test")

    def begin_anew(self) -> None:
        """The server loses its memory, and counts from the beginning again."""
        with self._changed:
            self.events = []
            self.last = 0 if self.kind == "firehose" else self.last
            self._changed.notify_all()

    def end(self) -> None:
        with self._changed:
            self.ending = True
            self._changed.notify_all()

    def hear(self, connection: Any) -> None:
        """Serve one listener."""
        query = parse_qs(urlsplit(connection.request.path).query)
        self.asked.append(query)
        self.open += 1
        try:
            self._tell(connection, query)
        except Exception:  # noqa: BLE001
            pass  # the listener hung up
        finally:
            self.open -= 1

    def _tell(self, connection: Any, query: dict[str, list[str]]) -> None:
        asked = int(query["cursor"][0]) if "cursor" in query else None
        firehose = self.kind == "firehose"
        if self.fault:
            connection.send(error_frame(self.fault))
            return
        if firehose and asked is not None and asked > self.last:
            connection.send(error_frame("FutureCursor"))
            return
        if firehose and asked is not None and asked < self.floor:
            connection.send(info_frame("OutdatedCursor"))
        at = self.last if asked is None or asked > self.last else max(asked, self.floor)
        sent = 0
        while not self.ending:
            with self._changed:
                news = [each for each in self.events if each[0] > at and not self.mute]
                if not news:
                    self._changed.wait(0.05)
            for number, message in news:
                at = number
                connection.send(message if firehose else message.decode("utf-8", "replace"))
                sent += 1
                if self.cut is not None and sent >= self.cut:
                    return


def firehose_frame(seq: int, post: dict[str, Any], deed: str, **more: Any) -> bytes:
    """A commit of the firehose."""
    import libipld

    block = libipld.encode_dag_cbor(post["record"])
    cid = b"\x01\x71\x12\x20" + sha256(more.pop("lie", b"") or block).digest()
    body = {
        "seq": seq,
        "repo": post["author"]["did"],
        "time": datetime.now(UTC).isoformat().replace("+00:00", "Z"),
        "blocks": car({cid: block}) if deed != "delete" else car({}),
        "ops": [
            {
                "action": deed,
                "path": f"{POSTS}/{post['uri'].rpartition('/')[2]}",
                "cid": None if deed == "delete" else cid,
            }
        ],
    } | more
    return bytes(libipld.encode_dag_cbor({"op": 1, "t": "#commit"}) + libipld.encode_dag_cbor(body))


def jetstream_message(number: int, post: dict[str, Any], deed: str, **more: Any) -> bytes:
    """A message of Jetstream."""
    commit = {
        "rev": "3l3",
        "operation": deed,
        "collection": POSTS,
        "rkey": post["uri"].rpartition("/")[2],
    }
    if deed != "delete":
        commit |= {"record": post["record"], "cid": post["cid"]}
    said = {"did": post["author"]["did"], "time_us": number, "kind": "commit", "commit": commit}
    return json.dumps(said | more, ensure_ascii=False).encode()


def error_frame(name: str) -> bytes:
    """How the firehose says that something is wrong."""
    import libipld

    told = libipld.encode_dag_cbor({"error": name, "message": "because"})
    return bytes(libipld.encode_dag_cbor({"op": -1}) + told)


def info_frame(name: str) -> bytes:
    """How the firehose tells of itself."""
    import libipld

    head = libipld.encode_dag_cbor({"op": 1, "t": "#info"})
    return bytes(head + libipld.encode_dag_cbor({"name": name}))


def car(blocks: dict[bytes, bytes]) -> bytes:
    """Blocks in an archive."""
    import libipld

    head = libipld.encode_dag_cbor({"roots": [*blocks][:1], "version": 1})
    pieces = [head, *(cid + block for cid, block in blocks.items())]
    return b"".join(_length(len(piece)) + piece for piece in pieces)


def _length(number: int) -> bytes:
    out = b""
    while number > 127:
        out += bytes([number & 127 | 128])
        number >>= 7
    return out + bytes([number])


@contextmanager
def running(kind: str) -> Iterator[StreamServer]:
    """Start such a stream, and the small Bluesky of which it tells, and end both."""
    from websockets.sync.server import serve

    with bluesky_server.running() as network:
        place = StreamServer(kind, network)
        with serve(place.hear, "127.0.0.1", 0, compression=None) as server:
            place.url = "ws://127.0.0.1:{}".format(*server.socket.getsockname()[1:2])
            thread = threading.Thread(target=server.serve_forever, daemon=True)
            thread.start()
            try:
                yield place
            finally:
                place.end()
                server.shutdown()
                thread.join(5)


def settings_of(server: StreamServer, **more: Any) -> dict[str, Any]:
    """How our account hears that stream."""
    told = {"stream": server.kind, "stream_address": server.url}
    return bluesky_server.settings_of(server.network, **told) | more
