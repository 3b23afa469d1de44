"""Which mails belong together, and which of them are ours.

A thread is named by a digest of the Message-ID it began with. Our own answers carry that name and
their idempotency key in their Message-ID, signed, so that an answer to them is put in its place
even by mail programs that drop References, and so that nobody can speak in our name by inventing
such an id.
"""

import base64
import hashlib
import hmac
import re
from typing import Final, NamedTuple

from sori.channels.mail.charset import LONGEST_HEADER

MESSAGE_ID: Final = re.compile(r"<[^<>\s\x00-\x1f\x7f-\uffff]{1,300}>")
THREAD: Final = re.compile(r"[0-9a-f]{20}")
KEY: Final = re.compile(r"[0-9a-z_-]{1,64}")
OURS: Final = re.compile(r"<sori\.([0-9a-z_-]{1,64})\.([0-9a-f]{20})\.([0-9a-z]{24})@[^<>\s]+>")
PLUS: Final = re.compile(r"\+([0-9a-f]{20})\.([0-9a-z]{16})@")
MOST_REFERENCES: Final = 20
ASKED: Final = "ask-"
"""What the key of a question to a colleague begins with; no answer to a customer has such a one."""


class Own(NamedTuple):
    """What one of our own Message-IDs says.

    Attributes:
        key: the idempotency key of the answer.
        thread: the thread it belongs to.
    """

    key: str
    thread: str


class Signer:
    """Makes and recognises our own names for answers.

    Args:
        secret: known to nobody else; with another one, older answers are strangers.
    """

    def __init__(self, secret: str) -> None:
        self._secret = secret.encode()

    def message_id(self, key: str, thread: str, domain: str) -> str:
        """The Message-ID of an answer; the same at every attempt."""
        return (
            f"<sori.{plain_key(key)}.{thread}.{self._mark('id', plain_key(key), thread)}@{domain}>"
        )

    def reply_address(self, address: str, thread: str) -> str:
        """Our address with the thread in it: `help+<thread>.<mark>@shop.example`."""
        local, _, domain = address.rpartition("@")
        return f"{local}+{thread}.{self._mark('to', thread)[:16]}@{domain}"

    def own(self, message_id: str) -> Own | None:
        """What a Message-ID says if we made it; None otherwise."""
        found = OURS.fullmatch(message_id.strip().lower())
        if not (self._secret and found):
            return None
        key, thread, mark = found.groups()
        return Own(key, thread) if self._same(mark, self._mark("id", key, thread)) else None

    def thread_in(self, addresses: str) -> str | None:
        """The thread named in one of our own reply addresses, if it is really ours."""
        for thread, mark in PLUS.findall(addresses[:LONGEST_HEADER].lower()):
            if self._secret and self._same(mark, self._mark("to", thread)[:16]):
                return str(thread)
        return None

    def _mark(self, *parts: str) -> str:
        digest = hmac.new(self._secret, "\0".join(parts).encode(), hashlib.sha256).digest()
        return base64.b32encode(digest[:15]).decode().lower()

    @staticmethod
    def _same(one: str, other: str) -> bool:
        return hmac.compare_digest(one.encode(), other.encode())


def plain_key(key: str) -> str:
    """An idempotency key as it can stand in a Message-ID."""
    return key if KEY.fullmatch(key) else hashlib.sha256(key.encode()).hexdigest()[:40]


def message_ids(text: str) -> list[str]:
    """All Message-IDs in a header, in order; what is none is passed over."""
    return MESSAGE_ID.findall(text[:LONGEST_HEADER])


def thread_named(text: str) -> str:
    """The name of the thread that began with this Message-ID, or that is called so already."""
    if THREAD.fullmatch(text):
        return text
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=10).hexdigest()


def references(earlier: list[str], last: str) -> list[str]:
    """What an answer to `last` refers to: the beginning of the thread and its newest part."""
    chain = [each for each in earlier if each != last] + ([last] if last else [])
    return chain[:1] + chain[1:][-(MOST_REFERENCES - 1) :]
