"""One mail made into one mention."""

import hashlib
import json
from datetime import datetime
from typing import Any, Final, NamedTuple

from sori.channels.contract import Listener
from sori.channels.mail import facts, parts, threads
from sori.channels.mail.addresses import normal
from sori.channels.mail.quoting import new_words

LONGEST_SUBJECT: Final = 1_000
PARSE_ERRORS: Final = (
    *(ValueError, TypeError, LookupError, AttributeError, AssertionError, RecursionError),
    *(ArithmeticError, MemoryError),
)
"""What the standard library has been seen to raise on broken mails."""


class Letter(NamedTuple):
    """A mail as the server gave it.

    Attributes:
        raw: its bytes.
        received_at: when the server took it in.
        folder: where it lies.
        validity: the folder's UIDVALIDITY.
        uid: its number there.
        size: of the whole mail in bytes; more than `raw` has when its end was left out.
    """

    raw: bytes
    received_at: datetime | None
    folder: str
    validity: int
    uid: int
    size: int


class Mailbox(NamedTuple):
    """Whose mail it is.

    Attributes:
        name: the account, by which mails of two mailboxes are told apart.
        address: where we are written to.
        signer: knows our own answers again.
        trusted: the name our mail server signs its authentication results with.
        answers: whether we can answer.
    """

    name: str
    address: str
    signer: threads.Signer
    trusted: str
    answers: bool


class Read(NamedTuple):
    """What a mail became.

    Attributes:
        row: a row of a mention; None when the mail is our own answer.
        files: its attachments by digest.
    """

    row: dict[str, Any] | None
    files: dict[str, bytes]


def name_of(letter: Letter, box: Mailbox) -> str:
    """What a mail is called: its mailbox and a digest of all its bytes.

    Not its Message-ID, which its sender chooses: it repeats, is forged or missing. Not its number
    on the server either: that changes with UIDVALIDITY, and every mail would come a second time.
    The bytes hold the lines of the servers it passed, so no two deliveries are alike.
    """
    digest = hashlib.sha256(letter.raw)
    if letter.size > len(letter.raw):
        digest = hashlib.sha256(letter.raw[:100_000] + str(letter.size).encode())
    return f"{box.name}:{digest.hexdigest()[:40]}"


def read(letter: Letter, box: Mailbox, listener: Listener) -> Read:
    """Read one mail.

    Raises:
        Unreadable: or any of PARSE_ERRORS, when it cannot be read.
    """
    mail = parts.opened(letter.raw)
    fields = parts.fields(mail)
    who = facts.sender(fields)
    ours = normal(who.address) == normal(box.address)
    message_id = next(iter(threads.message_ids(facts.first(fields, "message-id"))), "")
    own = box.signer.own(message_id)
    if own and ours:
        return Read(None, {})
    taken = parts.taken_apart(mail, whole=letter.size <= len(letter.raw))
    subject = facts.first(fields, "subject")[:LONGEST_SUBJECT]
    name = name_of(letter, box)
    chain = _chain(fields)
    thread = _thread(fields, box, chain, message_id or name)
    signs = facts.automatic(fields, mail, who)
    answer = _answer(who, subject, message_id, chain, thread) if box.answers and not ours else None
    extra = _extra(fields, letter, who) | {
        "message_id": message_id,
        "automatic": bool(signs),
        "automatic_because": signs,
        "answers": _answered(box, chain),
        "own": ours,
        "authentication": facts.proven(fields, box.trusted),
        "bounce": facts.bounce(mail),
    }
    row = {
        "source": listener.source,
        "channel": "email",
        "external_id": name,
        "thread_id": thread,
        "author_id": normal(who.address) or None,
        "author_name": who.name or None,
        "title": subject or None,
        "text": new_words(taken.text, subject),
        "published_at": letter.received_at,
        "heard_at": listener.now,
        "addressed": not ours,
        "public": False,
        "reply_mode": "private" if answer else "none",
        "reply_address": json.dumps(answer, ensure_ascii=False) if answer else None,
        "attachments": [each._asdict() for each in taken.attached] or None,
        "extra": json.dumps(_told(extra), ensure_ascii=False),
    }
    return Read({key: _clean(value) for key, value in row.items()}, taken.files)


def _chain(fields: facts.Fields) -> list[str]:
    """The mails this one answers, the oldest first."""
    chain = threads.message_ids(facts.first(fields, "references"))
    parent = threads.message_ids(facts.first(fields, "in-reply-to"))[:1]
    return chain + [each for each in parent if each not in chain]


def _thread(fields: facts.Fields, box: Mailbox, chain: list[str], start: str) -> str:
    """The thread: as our own signature says, or else the beginning of what it refers to."""
    receivers = ("to", "cc", "delivered-to", "x-original-to", "envelope-to")
    written_to = " ".join(facts.first(fields, name) for name in receivers)
    if thread := box.signer.thread_in(written_to):
        return thread
    for message_id in reversed(chain):
        if own := box.signer.own(message_id):
            return own.thread
    return threads.thread_named(chain[0] if chain else start)


def _answered(box: Mailbox, chain: list[str]) -> str:
    """The key of our answer that this mail answers, if it does."""
    own = box.signer.own(chain[-1]) if chain else None
    return own.key if own else ""


def _answer(
    who: facts.Sender, subject: str, message_id: str, chain: list[str], thread: str
) -> dict[str, Any] | None:
    """Where an answer goes: to the sender alone, never to whom Reply-To or Cc name."""
    if not who.address:
        return None
    return {
        "to": who.address,
        "subject": subject,
        "in_reply_to": message_id,
        "references": threads.references(chain, message_id),
        "thread": thread,
    }


def _extra(fields: facts.Fields, letter: Letter, who: facts.Sender) -> dict[str, Any]:
    reply_to = facts.people(fields, "reply-to")
    elsewhere = [each for each in reply_to if normal(each["address"]) != normal(who.address)]
    headers = {
        name.replace("-", "_"): facts.first(fields, name)[:500]
        for name in ("date", "in-reply-to", "auto-submitted", "list-id", "precedence")
    }
    return headers | {
        "references": _chain(fields)[-threads.MOST_REFERENCES :],
        "to": facts.people(fields, "to"),
        "cc": facts.people(fields, "cc"),
        "reply_to": elsewhere,
        "doubt": who.doubt,
        "folder": letter.folder,
        "uidvalidity": letter.validity,
        "uid": letter.uid,
        "size": letter.size,
        "cut": letter.size > len(letter.raw),
    }


def _told(extra: dict[str, Any]) -> dict[str, Any]:
    """What is worth keeping: everything that says something, and always `automatic`."""
    return {
        name: value
        for name, value in extra.items()
        if name == "automatic" or value not in ("", [], {}, None, False)
    }


def _clean(value: Any) -> Any:
    """Text that every store can hold: no NUL, no half of a letter."""
    if isinstance(value, str):
        return value.replace("\0", "").encode("utf-8", "replace").decode("utf-8")
    return value
