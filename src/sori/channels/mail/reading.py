"""One mail made into one mention."""

import hashlib
import json
from datetime import datetime
from email.message import Message
from typing import Any, Final, NamedTuple

from sori.channels.contract import Listener
from sori.channels.mail import bounces, facts, parts, threads
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
    head = _head(mail, letter, box)
    if head.ours and box.signer.own(head.message_id):
        return Read(None, {})
    taken = parts.taken_apart(mail, whole=letter.size <= len(letter.raw))
    answer = _answer(head) if box.answers and not head.ours else None
    row = {
        "source": listener.source,
        "channel": "email",
        "external_id": head.name,
        "thread_id": head.thread,
        "author_id": normal(head.who.address) or None,
        "author_name": head.who.name or None,
        "title": head.subject or None,
        "text": new_words(taken.text, head.subject),
        "published_at": letter.received_at,
        "heard_at": listener.now,
        "addressed": not head.ours,
        "public": False,
        "reply_mode": "private" if answer else "none",
        "reply_address": json.dumps(answer, ensure_ascii=False) if answer else None,
        "attachments": [each._asdict() for each in taken.attached] or None,
        "extra": json.dumps(_extra(mail, head, letter, box), ensure_ascii=False),
    }
    return Read({key: _clean(value) for key, value in row.items()}, taken.files)


class _Head(NamedTuple):
    """What the headers of a mail say."""

    fields: facts.Fields
    name: str
    who: facts.Sender
    ours: bool
    subject: str
    message_id: str
    chain: list[str]
    thread: str


def _head(mail: "Message[str, str]", letter: Letter, box: Mailbox) -> _Head:
    fields = parts.fields(mail)
    who = facts.sender(fields)
    name = name_of(letter, box)
    message_id = next(iter(threads.message_ids(facts.first(fields, "message-id"))), "")
    chain = _chain(fields)
    return _Head(
        fields=fields,
        name=name,
        who=who,
        ours=normal(who.address) == normal(box.address),
        subject=facts.first(fields, "subject")[:LONGEST_SUBJECT],
        message_id=message_id,
        chain=chain,
        thread=_thread(fields, box, chain, message_id or name),
    )


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


def _asked(box: Mailbox, chain: list[str]) -> str:
    """The key of our question to a colleague that this mail answers, however often passed on."""
    ours = (box.signer.own(one) for one in reversed(chain))
    return next((own.key for own in ours if own and own.key.startswith(threads.ASKED)), "")


def _answer(head: _Head) -> dict[str, Any] | None:
    """Where an answer goes: to the sender alone, never to whom Reply-To or Cc name."""
    if not head.who.address:
        return None
    return {
        "to": head.who.address,
        "subject": head.subject,
        "in_reply_to": head.message_id,
        "references": threads.references(head.chain, head.message_id),
        "thread": head.thread,
    }


def _extra(mail: "Message[str, str]", head: _Head, letter: Letter, box: Mailbox) -> dict[str, Any]:
    """What else is worth keeping: everything that says something, and always `automatic`."""
    fields, who = head.fields, head.who
    returned = bounces.report(mail, fields, who, box.signer)
    signs = facts.automatic(fields, mail, who) + (["bounce"] if returned else [])
    reply_to = facts.people(fields, "reply-to")
    told: dict[str, Any] = {
        name.replace("-", "_"): facts.first(fields, name)[:500]
        for name in ("date", "in-reply-to", "auto-submitted", "list-id", "precedence")
    }
    told |= {
        "message_id": head.message_id,
        "references": head.chain[-threads.MOST_REFERENCES :],
        "to": facts.people(fields, "to"),
        "cc": facts.people(fields, "cc"),
        "reply_to": [each for each in reply_to if normal(each["address"]) != normal(who.address)],
        "answers": _answered(box, head.chain),
        "asked": _asked(box, head.chain),
        "own": head.ours,
        "doubt": who.doubt,
        "authentication": facts.proven(fields, box.trusted),
        "automatic_because": signs,
        "bounce": returned,
        "folder": letter.folder,
        "uidvalidity": letter.validity,
        "uid": letter.uid,
        "size": letter.size,
        "cut": letter.size > len(letter.raw),
    }
    kept = {name: value for name, value in told.items() if value not in ("", [], {}, None, False)}
    return kept | {"automatic": bool(signs)}


def _clean(value: Any) -> Any:
    """Text that every store can hold: no NUL, no half of a letter."""
    if isinstance(value, str):
        return value.replace("\0", "").encode("utf-8", "replace").decode("utf-8")
    return value
