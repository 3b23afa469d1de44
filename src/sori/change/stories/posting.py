"""Make a story fit into a post, counted as each network counts.

- X gives 280, and weighs: most letters of Western scripts count one, all others (Hangul too) and
  every emoji two, a link 23 (docs.x.com, "Counting characters").
- Bluesky gives 300 signs as people see them, links as long as they are (its lexicon of a post:
  `maxGraphemes` 300).
- Mastodon gives 500 signs as people see them unless a server says otherwise, a link counts 23.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

LINK: Final = re.compile(r"https?://\S+")
_LINK: Final = 23
_LIGHT: Final = ((0, 4351), (8192, 8205), (8208, 8223), (8242, 8247))
_JOINER, _VARIATION, _KEYCAP = "\u200d", "\ufe0f", "\u20e3"


@dataclass(frozen=True)
class Network:
    """Where one may post.

    Attributes:
        name: what it is called.
        most: how much a post may hold.
        count: how much a text takes.
    """

    name: str
    most: int
    count: Callable[[str], int]


@dataclass(frozen=True)
class Draft:
    """A post that fits, to be copied by somebody who posts it.

    Attributes:
        network: where.
        text: what.
        size: how much of the network's `most` it takes.
    """

    network: Network
    text: str
    size: int


def signs(text: str) -> Iterator[str]:
    """What a reader sees as one sign: marks, skin tones, flags and joined emoji belong together."""
    sign = ""
    for letter in unicodedata.normalize("NFC", text):
        if sign and (_belongs(letter) or sign.endswith(_JOINER) or _makes_flag(sign, letter)):
            sign += letter
            continue
        if sign:
            yield sign
        sign = letter
    if sign:
        yield sign


def _belongs(letter: str) -> bool:
    marks = unicodedata.category(letter) in {"Mn", "Mc", "Me"}
    return (
        marks or letter in (_JOINER, _VARIATION, _KEYCAP) or "\U0001f3fb" <= letter <= "\U0001f3ff"
    )


def _makes_flag(sign: str, letter: str) -> bool:
    return len(sign) == 1 and _is_flag_half(sign) and _is_flag_half(letter)


def _is_flag_half(letter: str) -> bool:
    return "\U0001f1e6" <= letter <= "\U0001f1ff"


def on_x(text: str) -> int:
    """How much of its 280 a text takes on X."""
    words, links = LINK.subn("", text)
    return links * _LINK + sum(_weight(sign) for sign in signs(words))


def on_bluesky(text: str) -> int:
    """How many of its 300 signs a text takes on Bluesky."""
    return sum(1 for _ in signs(text))


def on_mastodon(text: str) -> int:
    """How many of its 500 signs a text takes on Mastodon."""
    words, links = LINK.subn("", text)
    return links * _LINK + sum(1 for _ in signs(words))


def _weight(sign: str) -> int:
    if _is_emoji(sign):
        return 2
    return sum(1 if _is_light(letter) else 2 for letter in sign)


def _is_emoji(sign: str) -> bool:
    first = ord(sign[0])
    return _VARIATION in sign or _KEYCAP in sign or 0x1F000 <= first <= 0x1FAFF


def _is_light(letter: str) -> bool:
    return any(first <= ord(letter) <= last for first, last in _LIGHT)


NETWORKS: Final = (
    Network("X", 280, on_x),
    Network("Bluesky", 300, on_bluesky),
    Network("Mastodon", 500, on_mastodon),
)


def drafts(lines: list[str], address: str) -> list[Draft]:
    """A post for each network: as many of the lines as fit, then the address.

    Args:
        lines: what to say, the most important first.
        address: of the story.
    """
    return [_draft(network, [line for line in lines if line], address) for network in NETWORKS]


def _draft(network: Network, lines: list[str], address: str) -> Draft:
    for number in range(len(lines), 0, -1):
        text = "\n\n".join([*lines[:number], address])
        if network.count(text) <= network.most:
            return Draft(network, text, network.count(text))
    first, room = lines[0] if lines else "", network.most - network.count(f"…\n\n{address}")
    text = f"{_cut(first, room, network.count)}…\n\n{address}" if room > 0 else address
    return Draft(network, text, network.count(text))


def _cut(text: str, room: int, count: Callable[[str], int]) -> str:
    """The beginning of a text that takes no more than `room`, ending with a word if it can."""
    kept = ""
    for sign in signs(text):
        if count(kept + sign) > room:
            break
        kept += sign
    whole = kept.rpartition(" ")[0]
    return (whole if len(whole) > len(kept) / 2 else kept).rstrip()
