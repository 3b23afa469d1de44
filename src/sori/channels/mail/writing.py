"""An answer made into a mail: one sender, one recipient, plain text, and nothing smuggled in."""

import re
import unicodedata
from collections.abc import Mapping
from datetime import datetime
from email.headerregistry import Address as Mailbox
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import Any, Final, NamedTuple

from sori.channels.contract import Writer
from sori.channels.mail import signature, threads
from sori.channels.mail.addresses import checked

LONGEST_SUBJECT: Final = 300
LONGEST_NAME: Final = 100
ANSWER: Final = re.compile(r"(?i)\s*(?:re|답장|회신)\s*(?:\[\d+\])?\s*[:：]")


class Envelope(NamedTuple):
    """An answer ready to go.

    Attributes:
        message_id: its name, which says that it is ours.
        recipient: the one address it goes to.
        raw: the mail, with CRLF line ends.
    """

    message_id: str
    recipient: str
    raw: bytes


def name_of(signer: threads.Signer, to: Mapping[str, Any], key: str, address: str) -> str:
    """The Message-ID of an answer, the same at every attempt."""
    thread = threads.thread_named(str(to.get("thread") or to.get("in_reply_to") or to["to"]))
    return signer.message_id(key, thread, _ascii_domain(address))


def written(
    *,
    to: Mapping[str, Any],
    text: str,
    key: str,
    sender: tuple[str, str],
    signer: threads.Signer,
    plus: bool,
    at: datetime,
    writer: Writer | None = None,
) -> Envelope:
    """Write an answer.

    Args:
        to: as `reading` put it into `reply_address`; with `opens`, it answers nothing, and what
            `opening` says stands before the text.
        text: what it says.
        key: the idempotency key.
        sender: our name and our address.
        signer: signs the Message-ID.
        plus: whether answers may come to `us+thread@...`.
        at: the moment to write on it.
        writer: who signs it.

    Raises:
        ValueError: when there is not exactly one recipient.
    """
    name, address = sender
    text = str(to.get("opening") or "") + text
    recipient = checked(str(to["to"]))
    message_id = name_of(signer, to, key, address)
    mail = EmailMessage(policy=SMTP)
    mail["From"] = Mailbox(display_name=_line(name)[:LONGEST_NAME], addr_spec=checked(address))
    mail["To"] = Mailbox(addr_spec=recipient)
    subject = str(to.get("subject") or "")
    mail["Subject"] = _line(subject)[:LONGEST_SUBJECT] if to.get("opens") else _subject(subject)
    mail["Date"] = format_datetime(at)
    if plus:
        thread = threads.thread_named(str(to.get("thread") or message_id))
        mail["Reply-To"] = Mailbox(addr_spec=signer.reply_address(address, thread))
    signed = signature.in_words(text, writer) if writer else text
    mail.set_content(signed, charset="utf-8")
    if writer and writer.face:
        signature.add_face(mail, text, writer)
    head = f"Message-ID: {message_id}\r\n" + _thread_headers(to)
    return Envelope(message_id, recipient, head.encode("ascii") + mail.as_bytes())


def _thread_headers(to: Mapping[str, Any]) -> str:
    """In-Reply-To and References, written by hand.

    The standard library turns a Message-ID that is too long for a line into an encoded word, which
    no mail program takes for a Message-ID; Outlook's are that long. Only what has the shape of an
    id gets here, so nothing can break out of its line.
    """
    parent = threads.message_ids(str(to.get("in_reply_to") or ""))[:1]
    known = to.get("references") or []
    earlier = threads.message_ids(" ".join(map(str, known)) if isinstance(known, list) else "")
    chain = threads.references(earlier, parent[0] if parent else "")
    lines = [f"In-Reply-To: {parent[0]}\r\n"] if parent else []
    if chain:
        lines.append("References: " + "\r\n ".join(chain) + "\r\n")
    return "".join(lines)


def _subject(subject: str) -> str:
    plain = _line(subject)[:LONGEST_SUBJECT]
    return plain if ANSWER.match(plain) else f"Re: {plain}".strip()


def _line(words: str) -> str:
    """Words that stay on one line, whatever they were.

    What looks like an encoded word is taken apart: the standard library would decode it and write
    the line break inside it onto the wire, and with it any header the sender likes.
    """
    visible = (
        " " if unicodedata.category(letter)[0] in "CZ" else letter
        for letter in words
        if letter not in "\u200d\ufeff"
    )
    return " ".join("".join(visible).replace("=?", "= ?").split())


def _ascii_domain(address: str) -> str:
    domain = address.rpartition("@")[2].lower()
    return domain if domain.isascii() else domain.encode("idna").decode("ascii")
