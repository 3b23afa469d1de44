"""The two tongues in which the network tells what is written: the firehose, and Jetstream.

The firehose (`com.atproto.sync.subscribeRepos`) speaks DAG-CBOR and encloses records in a CAR;
Jetstream says the same in JSON, to whoever wants posts alone. Everything here is pure, and whatever
comes in may be meant to hurt: what is not understood is `Unreadable`, and nothing else is raised.
"""

import base64
import hashlib
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final, NamedTuple
from urllib.parse import urlencode

import msgspec

from sori.channels.bluesky.posts import COLLECTION
from sori.channels.dates import instant

FUTURE: Final = "FutureCursor"
OUTDATED: Final = "OutdatedCursor"
OVERLAP: Final = 5_000_000
"""How far Jetstream is asked to go back, in microseconds: each of its servers has its own clock."""

LARGEST: Final = 1_000_000
HIGHEST: Final = 2**62
DEEPEST: Final = 50


class Unreadable(Exception):
    """A message that does not say what such messages say."""


class Written(NamedTuple):
    """A post as somebody wrote it.

    Attributes:
        uri: its address.
        cid: what its content is known by.
        did: who wrote it.
        record: what it says, not looked at yet.
        changed: whether it was there before, in other words.
    """

    uri: str
    cid: str
    did: str
    record: Any
    changed: bool = False


class Said(NamedTuple):
    """What one message of the stream says.

    Attributes:
        place: its number, from which the stream can be heard again; None where it bears none.
        at: when it was sent; None where it does not say.
        written: posts that are there now.
        removed: addresses of posts that are not there any more.
        fault: what the server has to say of the stream itself, such as "FutureCursor".
        words: the same in its own words.
    """

    place: int | None = None
    at: datetime | None = None
    written: Sequence[Written] = ()
    removed: Sequence[str] = ()
    fault: str = ""
    words: str = ""


class Dialect(NamedTuple):
    """How a stream is asked and understood.

    Attributes:
        question: what to ask for, given the number after which to begin; None begins now, and 0
            with the oldest there is.
        read: what a message says.
        longest: bytes that a message may have.
        overlap: how many of its numbers are heard twice, so that none is missed.
        by_clock: whether its numbers are microseconds of Unix time.
    """

    question: Callable[[int | None], str]
    read: Callable[[bytes], Said]
    longest: int
    overlap: int = 0
    by_clock: bool = False


def firehose(raw: bytes) -> Said:
    """A frame of the firehose.

    Raises:
        Unreadable: it is none.
    """
    import libipld

    try:
        parts = libipld.decode_dag_cbor_multi(raw)
    except (ValueError, RecursionError, OverflowError) as error:
        raise Unreadable(f"a frame is no DAG-CBOR: {error}") from error
    if len(parts) != 2 or not all(isinstance(each, dict) for each in parts):
        raise Unreadable("a frame does not have two parts")
    head, body = parts
    if head.get("op") == -1:
        return Said(fault=_text(body.get("error")) or "Fault", words=_text(body.get("message")))
    if head.get("op") != 1:
        raise Unreadable("a frame is of no kind that there is")
    if head.get("t") == "#info":
        return Said(fault=OUTDATED if body.get("name") == OUTDATED else "")
    said = Said(_number(body.get("seq")), _moment(body.get("time")))
    if said.place is None and "seq" in body:
        raise Unreadable("a frame has no number")
    return _commit(body, said) if head.get("t") == "#commit" else said


def jetstream(raw: bytes) -> Said:
    """A message of Jetstream.

    Raises:
        Unreadable: it is none.
    """
    try:
        told = msgspec.json.decode(raw)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
        raise Unreadable(f"a message is no JSON: {error}") from error
    place = _number(told.get("time_us")) if isinstance(told, dict) else None
    if place is None:
        raise Unreadable("a message has no number")
    said = Said(place, _from_micros(place))
    commit = told.get("commit")
    if not isinstance(commit, dict) or commit.get("collection") != COLLECTION:
        return said
    did, rkey = told.get("did"), commit.get("rkey")
    if not (isinstance(did, str) and isinstance(rkey, str)):
        raise Unreadable("a post has no name")
    uri, deed = f"at://{did}/{COLLECTION}/{rkey}", commit.get("operation")
    if deed == "delete":
        return said._replace(removed=(uri,))
    if deed not in {"create", "update"}:
        return said
    cid = _text(commit.get("cid"))
    post = Written(uri, cid, did, commit.get("record"), changed=deed == "update")
    return said._replace(written=(post,))


def _commit(body: Mapping[str, Any], said: Said) -> Said:
    """What a commit does to posts; its blocks are opened only when it writes some."""
    ops, did = body.get("ops"), body.get("repo")
    if not isinstance(ops, list) or not isinstance(did, str):
        raise Unreadable("a commit has no deeds, or nobody did them")
    written: list[tuple[str, Any, bool]] = []
    removed: list[str] = []
    for each in ops:
        path = each.get("path") if isinstance(each, dict) else None
        if not isinstance(path, str) or not path.startswith(f"{COLLECTION}/"):
            continue
        deed, uri = each.get("action"), f"at://{did}/{path}"
        if deed == "delete":
            removed.append(uri)
        elif deed in {"create", "update"}:
            written.append((uri, each.get("cid"), deed == "update"))
    if not written:
        return said._replace(removed=removed)
    records = _records(body.get("blocks"))
    posts = [
        Written(uri, _named(cid), did, records[cid], changed)
        for uri, cid, changed in written
        if isinstance(cid, bytes) and cid in records
    ]
    if len(posts) != len(written):
        raise Unreadable("a commit does not enclose what it writes")
    return said._replace(written=posts, removed=removed)


def _records(blocks: Any) -> Mapping[bytes, Any]:
    import libipld

    if not isinstance(blocks, bytes):
        raise Unreadable("a commit encloses nothing")
    found: Mapping[bytes, Any]
    try:
        _, found = libipld.decode_car(blocks)
    except (ValueError, RecursionError, OverflowError) as error:
        raise Unreadable(f"what a commit encloses is no CAR: {error}") from error
    return found


def _named(cid: bytes) -> str:
    """The name of a record as text, by which an answer points to it."""
    import libipld

    try:
        return str(libipld.encode_cid(cid))
    except ValueError as error:
        raise Unreadable(f"a record has no name: {error}") from error


def genuine(post: Written) -> bool:
    """Whether what a post is known by is made of what it says; only records of the firehose can
    be asked, for Jetstream has made other bytes of them."""
    import libipld

    try:
        packed = libipld.encode_dag_cbor(post.record)
        named = libipld.decode_cid(post.cid)["hash"]["digest"]
    except (ValueError, KeyError, TypeError, RecursionError, OverflowError):
        return False
    return bool(named == hashlib.sha256(packed).digest())


def shown(post: Written, at: datetime | None, author: Mapping[str, Any]) -> dict[str, Any]:
    """A post as a server would show it; of a record that no server could tell, nothing.

    Args:
        post: as it was written.
        at: when the stream told of it.
        author: what is known of who wrote it.
    """
    try:
        record = plain(post.record)
    except Unreadable:
        record = None
    return {
        "uri": post.uri,
        "cid": post.cid,
        "author": {"did": post.did, **author},
        "record": record,
        "indexedAt": at.isoformat() if at else "",
    }


def plain(value: Any, *, deep: int = 0) -> Any:
    """A record of the firehose as JSON, which knows no bytes.

    Raises:
        Unreadable: it is deeper than any record is.
    """
    if deep > DEEPEST:
        raise Unreadable("a record is too deep")
    if isinstance(value, dict):
        return {str(name): plain(each, deep=deep + 1) for name, each in value.items()}
    if isinstance(value, list):
        return [plain(each, deep=deep + 1) for each in value]
    if isinstance(value, bytes):
        return {"$bytes": base64.b64encode(value).decode()}
    return value


def _number(value: Any) -> int | None:
    good = isinstance(value, int) and not isinstance(value, bool) and 0 <= value < HIGHEST
    return value if good else None


def _moment(value: Any) -> datetime | None:
    return instant(value, UTC) if isinstance(value, str) and len(value) < 100 else None


def _from_micros(number: int) -> datetime | None:
    try:
        return datetime.fromtimestamp(number / 1_000_000, UTC)
    except (OverflowError, ValueError, OSError):
        return None


def _text(value: Any) -> str:
    return value[:300] if isinstance(value, str) else ""


def _ask_firehose(after: int | None) -> str:
    asked = "" if after is None else f"?{urlencode({'cursor': after})}"
    return f"/xrpc/com.atproto.sync.subscribeRepos{asked}"


def _ask_jetstream(after: int | None) -> str:
    asked = {"wantedCollections": COLLECTION, "maxMessageSizeBytes": LARGEST}
    if after is not None:
        asked["cursor"] = max(after - OVERLAP, 1)
    return f"/subscribe?{urlencode(asked)}"


DIALECTS: Final[Mapping[str, Dialect]] = {
    "firehose": Dialect(_ask_firehose, firehose, 5_000_000),
    "jetstream": Dialect(_ask_jetstream, jetstream, 2 * LARGEST, OVERLAP, by_clock=True),
}
