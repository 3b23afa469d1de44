"""A mail taken apart: its text and its files; what was made to exhaust a reader is refused."""

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from email.message import Message
from email.parser import BytesParser
from email.policy import compat32
from typing import Any, Final, NamedTuple

from sori.channels.mail.charset import LONGEST_HEADER, decode, header
from sori.channels.mail.names import harmless
from sori.channels.markup import text_of

MOST_PARTS: Final = 300
DEEPEST: Final = 30
LONGEST_HEAD: Final = 500_000
MOST_HEADERS: Final = 2_000
LONGEST_TEXT: Final = 2_000_000
BLANK_LINE: Final = re.compile(rb"\r?\n\r?\n")
BOUNDARY: Final = re.compile(rb"(?i)boundary\s*=")
PART_HEAD: Final = re.compile(rb"(?im)^content-type[ \t]*:")
META_CHARSET: Final = re.compile(rb"(?i)<meta[^>]{0,200}charset\s*=\s*[\"']?([a-z0-9_-]{2,40})")
NOT_FILES: Final = frozenset({"message/delivery-status", "text/rfc822-headers"})


class Unreadable(ValueError):
    """The mail cannot be read; says why."""


class Attached(NamedTuple):
    """One file that came with a mail; the fields of `mention.ATTACHMENT`."""

    digest: str
    name: str
    media_type: str
    size: int


@dataclass
class Parts:
    """What a mail holds.

    Attributes:
        text: what a person would read, quoted blocks of HTML marked with "> ".
        attached: its files.
        files: their bytes by digest.
    """

    text: str = ""
    attached: list[Attached] = field(default_factory=list)
    files: dict[str, bytes] = field(default_factory=dict)


class _Leaf(NamedTuple):
    part: "Message[str, str]"
    choice: int  # the innermost multipart/alternative it stands in; 0 outside of any


def opened(raw: bytes) -> "Message[str, str]":
    """The mail as a tree of parts.

    Raises:
        Unreadable: when it is empty, or its shape was made to exhaust a reader: a mail has a few
            dozen headers and parts, not a million.
    """
    if not raw.strip(b"\0 \t\r\n"):
        raise Unreadable("the mail is empty")
    end = BLANK_LINE.search(raw)
    head = raw[: end.start()] if end else raw
    if len(head) > LONGEST_HEAD or head.count(b"\n") > MOST_HEADERS:
        raise Unreadable(f"its head has {head.count(bytes((10,))):,} lines in {len(head):,} bytes")
    if _more(BOUNDARY, raw, MOST_PARTS) or _more(PART_HEAD, raw, MOST_PARTS):
        raise Unreadable(f"it has more than {MOST_PARTS} parts")
    return BytesParser(policy=compat32).parsebytes(raw)


def taken_apart(mail: "Message[str, str]", *, whole: bool = True) -> Parts:
    """The text and the files of a mail.

    Args:
        mail: as made by `opened`.
        whole: False when its end is missing; files are then named but not kept, for the last of
            them is cut off.

    Raises:
        Unreadable: when its text is longer than a book.
    """
    found = Parts()
    texts: list[tuple[int, str, str]] = []
    for leaf in _leaves(mail):
        name = _file_name(leaf.part)
        kind = leaf.part.get_content_type()
        if _is_text(leaf.part, kind, name):
            texts.append((leaf.choice, kind, _text(leaf.part, kind)))
        elif kind not in NOT_FILES:
            _attach(found, leaf.part, kind, name, whole=whole)
    found.text = "\n\n".join(_chosen(texts))
    return found


def _more(pattern: re.Pattern[bytes], raw: bytes, most: int) -> bool:
    return any(number >= most for number, _ in enumerate(pattern.finditer(raw)))


def _leaves(mail: "Message[str, str]") -> Iterator[_Leaf]:
    """The parts that are not made of parts, in reading order; attached mails stay closed."""
    waiting: list[tuple[Message[str, str], int, int]] = [(mail, 0, 0)]
    choices = 0
    while waiting:
        part, choice, depth = waiting.pop()
        inner = part.get_payload() if part.is_multipart() else None
        if not isinstance(inner, list) or part.get_content_maintype() == "message":
            yield _Leaf(part, choice)
            continue
        if depth > DEEPEST:
            raise Unreadable(f"its parts are nested more than {DEEPEST} deep")
        if part.get_content_subtype() == "alternative":
            choices += 1
            choice = choices
        children = [each for each in inner if isinstance(each, Message)]
        waiting.extend((each, choice, depth + 1) for each in reversed(children))


def _is_text(part: "Message[str, str]", kind: str, name: str) -> bool:
    attached = (part.get_content_disposition() or "") == "attachment"
    return kind in {"text/plain", "text/html"} and not attached and not name


def _text(part: "Message[str, str]", kind: str) -> str:
    raw = _bytes(part)
    label = part.get_param("charset")
    label = label[2] if isinstance(label, tuple) else label
    if kind == "text/html" and not label and (meta := META_CHARSET.search(raw[:2048])):
        label = meta[1].decode("ascii")
    if len(raw) > LONGEST_TEXT:
        raise Unreadable(f"its text has {len(raw):,} bytes")
    text = decode(raw, label).replace("\0", "")
    return text_of(text, quotes=True) if kind == "text/html" else text


def _chosen(texts: list[tuple[int, str, str]]) -> Iterator[str]:
    """Of texts that say the same in two ways the plain one, if it says anything; all others."""
    plain = {choice for choice, kind, text in texts if kind == "text/plain" and text.strip()}
    for choice, kind, text in texts:
        if text.strip() and (not choice or kind == "text/plain" or choice not in plain):
            yield text.strip("\r\n")


def _attach(found: Parts, part: "Message[str, str]", kind: str, name: str, *, whole: bool) -> None:
    raw = _bytes(part)
    digest = hashlib.sha256(raw).hexdigest()
    if not name:
        ending = {"message/rfc822": ".eml", "text/calendar": ".ics"}.get(kind, "")
        name = f"{kind.partition('/')[0]}{ending}"
    media_type = (
        kind if re.fullmatch(r"[\w.+-]{1,60}/[\w.+-]{1,100}", kind) else "application/octet-stream"
    )
    found.attached.append(Attached(digest, harmless(name), media_type, len(raw)))
    if whole:
        found.files[digest] = raw


def _bytes(part: "Message[str, str]") -> bytes:
    if part.is_multipart():
        inner: Any = part.get_payload()
        return b"\n".join(each.as_bytes() for each in inner)
    decoded = part.get_payload(decode=True)
    return decoded if isinstance(decoded, bytes) else b""


def _file_name(part: "Message[str, str]") -> str:
    said = fields(part)
    for name, parameter in (("content-disposition", "filename"), ("content-type", "name")):
        for line in said.get(name, [])[:1]:
            value = _parameter(line, parameter) if len(line) <= LONGEST_HEADER else None
            if isinstance(value, tuple):  # RFC 2231: a label, a language and the bytes
                return decode(value[2].encode("raw-unicode-escape"), value[0])
            if value:
                return header(value)
    return ""


def _parameter(line: str, name: str) -> str | tuple[str | None, str | None, str] | None:
    """A parameter of a header; the library alone would drop letters that are not ASCII."""
    words = decode(line.encode("utf-8", "surrogateescape"), None)
    alone: Message[str, str] = Message()
    alone["x"] = " ".join(words.split())
    value = alone.get_param(name, header="x")
    return value if isinstance(value, str | tuple) else None


def fields(mail: "Message[str, str]") -> Mapping[str, list[str]]:
    """All headers by their names in lower case, in order, as they stand there."""
    found: dict[str, list[str]] = {}
    for name, value in mail.raw_items():
        found.setdefault(name.lower(), []).append(str(value))
    return found
