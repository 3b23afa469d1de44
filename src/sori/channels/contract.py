"""What a channel promises.

A channel is a door with one verb: `fetch`. It keeps no state: the cursor goes in and comes back
with each page. Every further ability is a second small Protocol, found by `isinstance`, never by a
flag. A failed fetch raises; it is never an empty page.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, ClassVar, NamedTuple, Protocol, TypeAlias, runtime_checkable

import pyarrow as pa
from pydantic import BaseModel

Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"


class Broken(NamedTuple):
    """Something a channel received and could not read.

    Attributes:
        raw: the bytes as they came, so that they can be read again once we have learned to.
        reason: what is wrong with them, in words.
        external_id: the channel's own name for it, when even that much could be read.
    """

    raw: bytes
    reason: str
    external_id: str | None = None


class Page(NamedTuple):
    """What one look through the door brought.

    Attributes:
        mentions: rows of `mention.HEARD_SCHEMA`, oldest first.
        cursor: hand it back next time; JSON that the channel alone understands.
        broken: what came and could not be read; it goes to quarantine.
        files: attachments by their SHA-256 digest (hexadecimal).
        edited: rows like those of `mentions` that were changed where they were said, in their
            present words; what was not heard before is taken in like a new one.
        gone: the channel's own names for posts that are not there any more.
        at_once: whether the cursor must be written down before the next page is asked for, because
            it counts what the next page will cost.
    """

    mentions: pa.RecordBatch
    cursor: Json
    broken: Sequence[Broken] = ()
    files: Mapping[str, bytes] = {}
    edited: pa.RecordBatch | None = None
    gone: Sequence[str] = ()
    at_once: bool = False


class Address(NamedTuple):
    """Where an answer goes, frozen when it is approved.

    Attributes:
        mode: one of `mention.REPLY_MODES`.
        to: what the channel needs to reach the person, as it gave it in `reply_address`.
        shown: the same in words for people, such as "kim@example.com".
    """

    mode: str
    to: Mapping[str, Any]
    shown: str


class Writer(NamedTuple):
    """Who wrote an answer, as they show themselves.

    Attributes:
        name: how they are called.
        about: one line about them; may be empty.
        face: a small JPEG; may be empty.
    """

    name: str
    about: str = ""
    face: bytes = b""


class Sent(NamedTuple):
    """Proof that an answer was accepted.

    Attributes:
        external_id: the channel's own name for our answer.
        at: when it was accepted.
    """

    external_id: str
    at: datetime


class Listener(NamedTuple):
    """Who is asking: what a channel needs to write on the mentions it makes.

    Attributes:
        source: the id of the source.
        now: the moment to write as `heard_at`.
    """

    source: int
    now: datetime


class Post(NamedTuple):
    """A post that was heard before.

    Attributes:
        external_id: the channel's own name for it.
        address: what its `reply_address` says; empty where it has none.
    """

    external_id: str
    address: Mapping[str, Any]


class Facts(NamedTuple):
    """What people should know of a channel before they connect it.

    The sentences are short and in English; pages translate them.

    Attributes:
        history: how far back the first look reaches.
        attachments: whether files come along.
        edits: how edits are learned of: "told" by a look, or "" never; a channel that `Rechecks`
            learns of them within a day without saying so here.
        deletes: the same of deletions.
        cost: what reading and answering costs there; empty where it is free.
        limits: how often, how many, how long.
    """

    history: str
    attachments: bool = False
    edits: str = ""
    deletes: str = ""
    cost: str = ""
    limits: str = ""


class Delivery(NamedTuple):
    """Something that was pushed to us and written down at the door.

    Attributes:
        key: its sender's name for it; unique within the source.
        body: what it says, JSON with personal numbers already masked.
        received_at: when it arrived.
    """

    key: str
    body: Mapping[str, Any]
    received_at: datetime


class Channel(Protocol):
    """A door to one place where people talk.

    Attributes:
        name: what the channel is called in code, addresses and the lake ("email").
        Settings: a pydantic model; its form, its docs and its JSON schema are drawn from it. A
            field typed `SecretStr` is stored encrypted and never shown again.
        overlaps: whether `fetch` may bring a post a second time (polls that overlap, edits).
        direct: whether what is said there is said to us; direct voices are kept even when no
            listening rule matches.
        facts: what people should know of it.
    """

    name: str
    Settings: type[BaseModel]
    overlaps: bool
    direct: bool
    facts: Facts

    def fetch(self, settings: Any, cursor: Json, listener: Listener) -> Iterator[Page]:
        """Bring what is new since `cursor`, page by page, oldest first; end when there is no more.

        Args:
            settings: an instance of `Settings`.
            cursor: what the last page carried; None at the very first time.
            listener: who is asking.

        Raises:
            ChannelError: with `permanent` and `retry_after` where they are known.
        """
        ...


@runtime_checkable
class Pushed(Protocol):
    """A channel whose posts are brought to us; its `fetch` brings nothing.

    What arrives is written down first (`listen.services.take_in`) and read here later, in the
    order of arrival, so that a pushed voice comes in by the same door as a pulled one.
    """

    def read(self, settings: Any, deliveries: Sequence[Delivery], listener: Listener) -> Page:
        """Make a page of deliveries; what cannot be read comes back as broken, never raises.

        Args:
            settings: an instance of `Settings`.
            deliveries: oldest first; one mention (or one broken item) each.
            listener: who is asking.

        Returns:
            The page; its `cursor` is None, for the listener keeps the place.
        """
        ...


@runtime_checkable
class Replies(Protocol):
    """A channel that can also answer."""

    def reply(self, settings: Any, to: Address, text: str, key: str) -> Sent:
        """Send an answer once.

        Args:
            settings: an instance of the channel's `Settings`.
            to: where it goes.
            text: what it says, plain text.
            key: an idempotency key, the same at every attempt; sent where the channel takes one.

        Raises:
            ReplyRejected: it was refused and always will be.
            ReplyNotAccepted: it provably did not arrive; the caller may try again.
            ReplyError: anything else; whether it arrived is unknown.
        """
        ...

    def find(self, settings: Any, to: Address, key: str) -> Sent | None:
        """Read back whether the answer with this key arrived; None when it cannot be seen."""
        ...


@runtime_checkable
class SignedReplies(Replies, Protocol):
    """A channel whose answers can show who wrote them."""

    def reply_signed(self, settings: Any, to: Address, text: str, key: str, writer: Writer) -> Sent:
        """As `reply`, with the name, the line and the face of whoever wrote it, where settings
        allow."""
        ...


@runtime_checkable
class Previews(Protocol):
    """A channel that writes more than the words of an answer, and can show what."""

    def preview(self, settings: Any, to: Address, text: str, writer: Writer | None) -> str:
        """The answer as whoever reads it there will see it; nothing is sent."""
        ...


@runtime_checkable
class Posts(Protocol):
    """A channel on which we can also speak by ourselves, to everybody."""

    def post(self, settings: Any, text: str, key: str) -> Sent:
        """Post something of our own, once.

        Args:
            settings: an instance of the channel's `Settings`.
            text: what it says, plain text.
            key: an idempotency key, the same at every attempt.

        Raises:
            ReplyRejected: it was refused and always will be.
            ReplyNotAccepted: it provably did not arrive; the caller may try again.
            ReplyError: anything else; whether it arrived is unknown.
        """
        ...

    def find_post(self, settings: Any, text: str, since: datetime) -> Sent | None:
        """Read back whether a post of ours with exactly this text was made since a moment.

        Returns:
            Its proof; None when it cannot be seen.
        """
        ...


@runtime_checkable
class Measured(Protocol):
    """A channel whose answers may only be so long.

    Attributes:
        longest: how much an answer may measure. What a mention's `reply_address` calls `opening`
            is written before every answer to it, and is measured with it.
    """

    longest: ClassVar[int]

    def measure(self, text: str) -> int:
        """How long a text is as this channel counts, in the unit of `longest`."""
        ...


@runtime_checkable
class Recognises(Protocol):
    """A channel that keeps no key with an answer, but can know ours by its very words."""

    def recognise(self, settings: Any, to: Address, text: str, since: datetime) -> Sent | None:
        """Read back whether an answer with exactly this text was made there.

        Args:
            settings: an instance of the channel's `Settings`.
            to: where it was sent.
            text: what it said.
            since: when it was tried; what is older is another answer.

        Returns:
            Its proof; None when it cannot be seen.
        """
        ...


@runtime_checkable
class Rereads(Protocol):
    """A channel that can read a quarantined item again."""

    def reread(self, settings: Any, raw: bytes, listener: Listener) -> Page:
        """Read one item from its raw bytes; what still cannot be read comes back as broken."""
        ...


@runtime_checkable
class Rechecks(Protocol):
    """A channel that can be asked whether posts are still there, and what they say now."""

    def recheck(self, settings: Any, posts: Sequence[Post], listener: Listener) -> Page:
        """Look again at posts that were heard before.

        Args:
            settings: an instance of the channel's `Settings`.
            posts: a hundred at most.
            listener: who is asking.

        Returns:
            A page without mentions: `gone` names those that are not there any more, `edited` holds
            those that may say something else now. A post of which nobody can tell is in neither.

        Raises:
            ChannelError: as `fetch`.
        """
        ...


@runtime_checkable
class Waits(Protocol):
    """A channel that can tell the moment something new arrives."""

    def wait(self, settings: Any, cursor: Json, seconds: float) -> bool | None:
        """Block until there may be news after `cursor` (True) or the time is over (False).

        Where these settings leave nothing to wait for, it returns None at once, so that no thread
        is held by it.
        """
        ...
