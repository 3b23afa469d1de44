"""Cut what somebody wrote into pieces a page can show safely: words, links, blots, quotes.

Nothing here makes HTML; a template prints every piece escaped. A link is shown as it is written,
so that its host can be read before anybody follows it.
"""

import re
from typing import Final, NamedTuple
from urllib.parse import urlsplit

LONG: Final = 1_200
LONG_LINES: Final = 18
_HEAD: Final = 700
_HEAD_LINES: Final = 10
_QUOTED_LINES: Final = 2

# Control characters, and those that turn the direction of reading: what is written "gpj.exe" with
# one of them would be read "exe.jpg".
_INVISIBLE: Final = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]"
)
_LINK: Final = re.compile(
    r"https?://[^\s<>\"'`{}|\\^\[\]\u3000-\u303f\uac00-\ud7a3\uff00-\uff60]{4,2000}", re.IGNORECASE
)
# masking leaves the length and the punctuation of a number: "******-*******"
_BLOT: Final = re.compile(r"[*•●█](?:[ .-]?[*•●█]){3,}")
_TRAILING: Final = '.,;:!?…)]}"”’'


class Piece(NamedTuple):
    """A stretch of text.

    Attributes:
        sort: "words", "link" or "blot" (personal data that was blotted out).
        text: what is shown.
        host: of a link, where it leads, as the network spells it.
    """

    sort: str
    text: str
    host: str = ""


class Prose(NamedTuple):
    """A text for reading.

    Attributes:
        head: what is always shown.
        rest: the remainder of a long text, folded; empty when it is short.
        quoted: what the writer quoted at the end, folded.
        length: characters in all.
    """

    head: list[Piece]
    rest: list[Piece]
    quoted: str
    length: int


def prose(text: str) -> Prose:
    """Cut a text into what is shown, what is folded, and what was only quoted."""
    seen = visible(text.replace("\r\n", "\n").replace("\r", "\n"))
    said, quoted = _without_quote(seen.strip("\n"))
    cut = _cut(said)
    return Prose(pieces(said[:cut]), pieces(said[cut:]), quoted, len(seen))


def visible(text: str) -> str:
    """A text without the characters that nobody sees and that change how the others are read."""
    return _INVISIBLE.sub("", text)


def pieces(text: str) -> list[Piece]:
    """Words, links and blots in order; their texts joined are the text."""
    found: list[Piece] = []
    end = 0
    for match in _LINK.finditer(text):
        address = match.group().rstrip(_TRAILING)
        host = host_of(address)
        if host:
            found += _blots(text[end : match.start()])
            found.append(Piece("link", address, host))
            end = match.start() + len(address)
    return found + _blots(text[end:])


def host_of(address: str) -> str:
    """The host a web address leads to, as the network spells it; "" for anything else."""
    try:
        parts = urlsplit(address)
        host = (parts.hostname or "").encode("idna").decode("ascii")
    except ValueError:
        return ""
    # a name before "@" is there to be taken for the host
    return host if parts.scheme in {"http", "https"} and "@" not in parts.netloc else ""


def file_name(name: str | None) -> str:
    """The name somebody gave a file, made harmless: no folders, no turned letters, not endless."""
    last = re.split(r"[/\\]", visible(name or ""))[-1]
    return re.sub(r"[\s\"<>|:*?]+", " ", last).strip(" .")[-120:]


def _blots(text: str) -> list[Piece]:
    found: list[Piece] = []
    end = 0
    for match in _BLOT.finditer(text):
        if match.start() > end:
            found.append(Piece("words", text[end : match.start()]))
        found.append(Piece("blot", match.group()))
        end = match.end()
    if end < len(text):
        found.append(Piece("words", text[end:]))
    return found


def _without_quote(text: str) -> tuple[str, str]:
    """What was said, and the lines beginning with ">" after it."""
    lines = text.rstrip().split("\n")
    start = len(lines)
    while start and (not lines[start - 1].strip() or lines[start - 1].lstrip().startswith(">")):
        start -= 1
    quoted = [line for line in lines[start:] if line.strip()]
    if start == 0 or len(quoted) < _QUOTED_LINES:
        return text.rstrip(), ""
    return "\n".join(lines[:start]).rstrip(), "\n".join(quoted)


def _cut(text: str) -> int:
    """Where a long text is folded: after some lines or characters, between two words."""
    if len(text) <= LONG and text.count("\n") <= LONG_LINES:
        return len(text)
    head = "\n".join(text.split("\n", _HEAD_LINES)[:_HEAD_LINES])
    if len(head) <= _HEAD:
        return len(head)
    between = max(text.rfind(" ", _HEAD // 2, _HEAD), text.rfind("\n", _HEAD // 2, _HEAD))
    return between if between > 0 else _HEAD
