"""How X counts: a Latin letter is one, Hangul and emoji are two, a link is 23; 280 is a post."""

import re
from typing import Final

from sori.channels.letters import JOINER, letters

LINK: Final = re.compile(r"https?://[^\s<>\"]+[^\s<>\".,;:!?'()\[\]{}]", re.IGNORECASE)
BARE: Final = re.compile(r"(?<![\w@/.-])(?:[a-z0-9-]+\.)+[a-z]{2,24}(?:/\S*)?(?!\w)", re.IGNORECASE)
LINK_COUNTS: Final = 23
JOINING: Final = frozenset({JOINER, "\ufe0f", "\u20e3"})
LIGHT: Final = ((0, 4351), (8192, 8205), (8208, 8223), (8242, 8247))
"""Code points that weigh one (twitter-text configuration v3); any other weighs two."""


def weight(text: str) -> int:
    """What a text counts towards the 280 of a post.

    Something like a link without https:// may count as a link: the larger of both is taken.

    >>> weight("안녕 hello"), weight("https://shop.example/very/long/address"), weight("👨‍👩‍👧")
    (10, 23, 2)
    """
    links = len(LINK.findall(text))
    rest = LINK.sub(" ", text)
    bare = [max(LINK_COUNTS, _plain(found[0])) for found in BARE.finditer(rest)]
    # each link left a blank behind, so that what stands around it does not become one word
    return links * (LINK_COUNTS - 1) + sum(bare) + _plain(BARE.sub("", rest))


def _plain(text: str) -> int:
    return sum(_of_one(letter) for letter in letters(text))


def _of_one(letter: str) -> int:
    if len(letter) > 1 and _is_emoji(letter):
        return 2
    return sum(1 if any(low <= ord(c) <= high for low, high in LIGHT) else 2 for c in letter)


def _is_emoji(letter: str) -> bool:
    return any(c in JOINING or "\U0001f1e6" <= c <= "\U0001f3ff" for c in letter[1:])
