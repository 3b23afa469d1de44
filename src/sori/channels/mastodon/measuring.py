"""How Mastodon counts: what people see as one letter is one, a link is 23, a domain is nothing."""

import re
import unicodedata
from typing import Final

LINK: Final = re.compile(r"https?://[^\s<>\"]+[^\s<>\".,;:!?'()\[\]{}]", re.IGNORECASE)
MENTION: Final = re.compile(r"(?<![=/\w.])@(\w+(?:[\w.-]+\w)?)@[\w.-]+\w")
LINK_COUNTS: Final = 23
JOINER: Final = "\u200d"


def length(text: str) -> int:
    """What a text counts towards the 500 of a status.

    >>> length("@kim@social.example 안녕하세요 https://shop.example/very/long/address")
    34
    """
    links = LINK.sub("x" * LINK_COUNTS, text)
    return letters(MENTION.sub(r"@\1", links))


def letters(text: str) -> int:
    """How many letters people see: marks, jamo, flags and joined emoji belong to the one before.

    >>> letters("가족👨‍👩‍👧 🇰🇷 e\u0301")
    7
    """
    count, before, flags = 0, "", 0
    for each in unicodedata.normalize("NFC", text):
        flags = flags + 1 if "\U0001f1e6" <= each <= "\U0001f1ff" else 0
        joined = (
            before == JOINER
            or each == JOINER
            or unicodedata.category(each) in {"Mn", "Me", "Mc"}
            or "\U0001f3fb" <= each <= "\U0001f3ff"
            or "\U000e0020" <= each <= "\U000e007f"
            or (flags and flags % 2 == 0)
        )
        count += not (joined and before)
        before = each
    return count
