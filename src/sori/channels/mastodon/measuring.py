"""How Mastodon counts: what people see as one letter is one, a link is 23, a domain is nothing."""

import re
from typing import Final

from sori.channels.letters import letters

LINK: Final = re.compile(r"https?://[^\s<>\"]+[^\s<>\".,;:!?'()\[\]{}]", re.IGNORECASE)
MENTION: Final = re.compile(r"(?<![=/\w.])@(\w+(?:[\w.-]+\w)?)@[\w.-]+\w")
LINK_COUNTS: Final = 23


def length(text: str) -> int:
    """What a text counts towards the 500 of a status.

    >>> length("@kim@social.example 안녕하세요 https://shop.example/very/long/address")
    34
    """
    links = LINK.sub("x" * LINK_COUNTS, text)
    return sum(1 for _ in letters(MENTION.sub(r"@\1", links)))
