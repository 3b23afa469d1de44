"""Letters out of bytes, whatever the sender calls them: Korean first, and nothing is ever lost.

`ks_c_5601-1987` is what Korean Outlook writes on CP949; Python knows it as the smaller EUC-KR, in
which 똠방각하 becomes "c방각하". Everything Korean is therefore read as CP949, which contains it.
"""

import codecs
import re
from collections.abc import Iterator
from email.errors import HeaderParseError
from email.header import decode_header
from typing import Final

KOREAN: Final = re.compile(
    r"(?:x-)?(?:windows-949|cp949|ms949|uhc|(?:cs)?euc[-_]?kr|ks[-_]?c[-_]?56.*)"
)
NOT_LETTERS: Final = frozenset(
    {"idna", "punycode", "unicode-escape", "raw-unicode-escape", "undefined", "mbcs", "oem"}
)
CARELESS: Final = frozenset({"ascii", "iso8859-1", "cp1252", "iso8859-15"})
"""What is written on mails by programs that do not know either."""

LONGEST_HEADER: Final = 10_000
SPACES: Final = re.compile(r"\s+")


def decode(raw: bytes, label: str | None) -> str:
    """Text out of bytes; a label that lies or that nobody knows costs no letter that is readable.

    >>> decode("똠방각하".encode("cp949"), "ks_c_5601-1987")
    '똠방각하'
    """
    if raw.isascii() and b"\x1b" not in raw and not _shifting(label):
        return raw.decode("ascii")
    for encoding in _candidates(label):
        try:
            text = raw.decode(encoding)
        except (UnicodeError, ValueError):
            continue
        if _believable(encoding, _known(label), text):
            return text
    return raw.decode(_known(label) or "utf-8", "replace")


def header(value: str | bytes | None) -> str:
    """One header line in plain words: encoded words and raw 8-bit letters alike, on one line."""
    if value is None:
        return ""
    raw = value if isinstance(value, bytes) else value.encode("utf-8", "surrogateescape")
    words = decode(raw[:LONGEST_HEADER], None)
    try:
        pieces = decode_header(words) if "=?" in words else [(words, None)]
    except (HeaderParseError, ValueError):
        pieces = [(words, None)]
    plain = "".join(
        piece if isinstance(piece, str) else decode(piece, label) for piece, label in pieces
    )
    return SPACES.sub(" ", plain).strip()


def _candidates(label: str | None) -> Iterator[str]:
    known = _known(label)
    if known is None or known in CARELESS:
        yield from ("utf-8", "cp949")
    if known == "cp949":
        yield "utf-8"
    if known:
        yield known
    yield from ("utf-8", "cp949", "latin-1")


def _believable(encoding: str, known: str | None, text: str) -> bool:
    """Whether bytes that can be read so are likely to be meant so; a guess must give Korean."""
    if encoding == known or "cp949" not in {encoding, known}:
        return True
    return _mostly_hangul(text)


def _known(label: str | None) -> str | None:
    """Python's name for a label; None where there is none, or none for text."""
    name = (label or "").strip(" \t\"'").lower()
    if KOREAN.fullmatch(name):
        return "cp949"
    try:
        found = codecs.lookup(name).name if name.isascii() and "\0" not in name else ""
    except LookupError:
        return None
    if not found or found.replace("_", "-") in NOT_LETTERS or not _for_text(found):
        return None
    return found


def _for_text(encoding: str) -> bool:
    try:
        b"a".decode(encoding)
    except LookupError:  # a codec such as zlib or base64 makes bytes of bytes
        return False
    except UnicodeError:
        return True
    return True


def _shifting(label: str | None) -> bool:
    """Whether ASCII bytes mean other letters in it: ISO-2022, HZ, UTF-7, UTF-16."""
    return (_known(label) or "").startswith(("iso2022", "hz", "utf-7", "utf-16", "utf-32"))


def _mostly_hangul(text: str) -> bool:
    foreign = [letter for letter in text if letter > "\x7f"]
    hangul = sum("가" <= letter <= "힣" or "ㄱ" <= letter <= "ㆎ" for letter in foreign)
    return hangul * 2 >= len(foreign)
