"""What a mail server says about a mail of ours that it could not, or not yet, deliver.

There is a form for it (RFC 3464), and there are servers that write a letter instead. Either may be
forged, so a report counts for one of our answers only where it carries that answer's Message-ID
with our signature in it: whoever never got the mail, and did not carry it, cannot know that.
"""

import html
import re
from collections.abc import Iterator
from email.message import Message
from typing import Any, Final

from sori.channels.mail.charset import decode, header
from sori.channels.mail.facts import Fields, Sender, first
from sori.channels.mail.threads import Own, Signer

MOST_PARTS: Final = 20
LONGEST: Final = 200_000

DAEMON: Final = re.compile(
    r"(?i)(?:mailer-?daemon|mail-?daemon|postmaster|microsoftexchange[0-9a-f]+|bounces?)"
    r"(?:[+._-].*)?"
)
FAILED: Final = re.compile(
    r"(?i)undeliver|deliver(?:y|ed)?\b.{0,40}\b(?:fail|unsuccessful|notification)|mail delivery"
    r"|returned (?:mail|to)|failure notice|could not be (?:sent|delivered)|반송"
    r"|(?:발송|전송|전달|배달|수신)\s?(?:실패|불가|되지|하지)|보내지 못|配信(?:でき|不能)|送信でき"
)
DELAYED: Final = re.compile(
    r"(?i)\bdelay|could not send message for past|지연|아직 .{0,10}(?:전달|배달|전송)|재시도|遅延"
)
NOBODY: Final = re.compile(
    r"(?i)(?:no such|unknown|invalid|nonexistent) (?:user|address|recipient|mailbox|account)"
    r"|user unknown|(?:does not|doesn['’]t) exist|존재하지 ?않|휴면"
    r"|없는 ?(?:메일|계정|주소|사용자|아이디)"
)
FULL: Final = re.compile(
    r"(?i)mailbox (?:is )?full|over ?quota|quota exceeded|용량.{0,8}(?:초과|부족)"
    r"|(?:메일함|편지함|사서함).{0,8}가득"
)
STATUS: Final = re.compile(r"(?<![\d.])([245]\.\d{1,3}\.\d{1,3})(?![\d.]*\d)")
SAID: Final = re.compile(r"(?im)^.{0,200}?\b[45]\d\d[ -]\S.{0,200}$")
PASSING: Final = re.compile(r"4\..*|5\.2\.[23]|5\.[3567]\..*")
"""States that say nothing lasting about the address: full for now, too large, not liked."""

NAMED: Final = re.compile(
    r"(?im)^[> \t]{0,20}message-id[ \t]{0,9}:\s{0,9}<?"
    r"(sori\.[0-9a-z_-]{1,64}\.[0-9a-f]{20}\.[0-9a-z]{24}@[^<>\s]{1,255})"
)
ANYWHERE: Final = re.compile(
    r"(?i)(?<![\w.-])(sori\.[0-9a-z_-]{1,64}\.[0-9a-f]{20}\.[0-9a-z]{24}@[\w.-]{1,255})"
)
ACTIONS: Final = frozenset({"failed", "delayed", "delivered", "relayed", "expanded"})


def report(
    mail: "Message[str, str]", fields: Fields, who: Sender, signer: Signer
) -> dict[str, Any]:
    """What a delivery report says; empty when a mail is none.

    Args:
        mail: as it was parsed.
        fields: its headers.
        who: its sender.
        signer: knows our own mails again.

    Returns:
        action: "failed", "delayed", or that it went well; status: as RFC 3463 numbers it; said: the
        words of the server; lasting: true when the address will not take the next mail either;
        recipient; and, where it is proven, about: the Message-ID of our mail and key: its
        idempotency key.
    """
    told = _by_form(mail) or _by_words(mail, fields, who)
    if not told:
        return {}
    told["lasting"] = told["action"] == "failed" and _lasting(told.get("status", ""))
    if named := _ours(mail, signer):
        message_id, own = named
        told |= {"about": message_id, "key": own.key}
    return told


def _by_form(mail: "Message[str, str]") -> dict[str, Any]:
    """As RFC 3464 has it; a read receipt and a complaint are reports too, but of other things."""
    if mail.get_content_type() != "multipart/report" or not mail.is_multipart():
        return {}
    told: dict[str, Any] = {}
    for part in list(mail.walk())[:MOST_PARTS]:
        if part.get_content_type() != "message/delivery-status" or not part.is_multipart():
            continue
        blocks: Any = part.get_payload()
        for block in blocks[:MOST_PARTS]:
            for name, key in (
                ("Action", "action"),
                ("Status", "status"),
                ("Final-Recipient", "recipient"),
                ("Diagnostic-Code", "said"),
            ):
                if block.get(name):
                    told.setdefault(key, header(str(block[name]))[:300])
    action = str(told.get("action", "")).partition(" ")[0].strip().lower()
    number = STATUS.search(str(told.get("status", "")))
    told["status"] = number[1] if number else ""
    if action not in ACTIONS and told["status"]:
        action = "delayed" if told["status"].startswith("4") else "failed"
    return told | {"action": action} if action in ACTIONS else {}


def _by_words(mail: "Message[str, str]", fields: Fields, who: Sender) -> dict[str, Any]:
    """A letter that a machine wrote about a failure."""
    failed = first(fields, "x-failed-recipients")
    local = who.address.partition("@")[0]
    machine = (
        failed
        or DAEMON.fullmatch(local)
        or first(fields, "return-path") == "<>"
        or "delivery-status" in str(mail.get_param("report-type") or "")
    )
    subject = first(fields, "subject")
    slow = DELAYED.search(subject)
    if not machine or not (failed or slow or FAILED.search(subject)):
        return {}
    words = "\n".join(_texts(mail))[:LONGEST]
    number, line = STATUS.search(words), SAID.search(words)
    status = number[1] if number else ""
    if not status:
        status = "5.2.2" if FULL.search(words) else "5.1.1" if NOBODY.search(words) else ""
    told = {
        "action": "delayed" if slow and "fail" not in subject.lower() else "failed",
        "status": status,
        "recipient": failed[:300],
        "said": " ".join(line[0].split())[:300] if line else "",
    }
    return {name: value for name, value in told.items() if value}


def _lasting(status: str) -> bool:
    return bool(status) and not PASSING.fullmatch(status)


def _ours(mail: "Message[str, str]", signer: Signer) -> tuple[str, Own] | None:
    """Which of our mails it is about: the one it brings back, or the only one it names."""
    for name in _returned(mail):
        if own := signer.own(name):
            return name, own
    found = {f"<{one.lower()}>" for text in _texts(mail) for one in ANYWHERE.findall(text)}
    proven = [(one, own) for one in found if (own := signer.own(one))]
    return proven[0] if len(proven) == 1 else None


def _returned(mail: "Message[str, str]") -> Iterator[str]:
    """The Message-IDs of the mails in it, not those that they answer."""
    for part in list(mail.walk())[:MOST_PARTS]:
        if part is not mail and part.get("Message-ID"):
            yield header(str(part["Message-ID"])).lower()
    for text in _texts(mail):
        yield from (f"<{one.lower()}>" for one in NAMED.findall(text))


def _texts(mail: "Message[str, str]") -> Iterator[str]:
    for part in list(mail.walk())[:MOST_PARTS]:
        kind = part.get_content_type()
        if part.is_multipart() or part.get_content_maintype() not in {"text", "message"}:
            continue
        raw = part.get_payload(decode=True)
        text = decode(raw[:LONGEST], part.get_content_charset()) if isinstance(raw, bytes) else ""
        yield html.unescape(text) if kind == "text/html" else text
