"""How alike an answer is to those that went to others, and whether it names what was said.

A suggestion to the writer and never a block: nobody should get a canned answer.
"""

import re
from collections.abc import Iterable
from typing import Final, NamedTuple

LOOKED_AT: Final = 50
"""How many of the last answers to others are looked at."""

ALIKE: Final = 0.6
"""From which share on the writer is told."""

SHORTEST: Final = 30
"""A short answer is like many others, and rightly so."""

_LETTERS: Final = re.compile(r"[\W\d_]+")
_WORD: Final = re.compile(r"[가-힣]{2,}|[A-Za-z]{4,}")
_COMMON: Final = """
안녕 감사 고객 문의 확인 부탁 그리 그런 그래 이런 저런 저희 제가 너무 정말 진짜 오늘 어제 지금
이거 그거 있는 있어 없어 없는 하는 해서 해요 했는 합니 입니 습니 어떻 언제 어디 왜요 please
thank hello thanks have with that this what when where your from about would could
"""
_EVERYWHERE: Final = frozenset(_COMMON.split())


class Likeness(NamedTuple):
    """What the writer may want to know.

    Attributes:
        share: how alike the most similar answer is, 0 to 1.
        point: whether a word of the customer's occurs in it; True when they said none of weight.
    """

    share: float
    point: bool


def likeness(text: str, *, said: str, others: Iterable[str]) -> Likeness:
    """Compare an answer with those to others and with what is answered.

    Args:
        text: the answer so far.
        said: what the customer said.
        others: answers that went to other people.

    Returns:
        The largest Dice coefficient of the sets of character triples, blind to spaces, digits and
        signs (Dice 1945, doi:10.2307/1932409); 0 for a text of less than 30 characters.
    """
    mine = _triples(text)
    share = 0.0
    if len(text.strip()) >= SHORTEST:
        share = max((_dice(mine, _triples(other)) for other in others), default=0.0)
    return Likeness(share, _names(text, said))


def _triples(text: str) -> frozenset[str]:
    letters = _LETTERS.sub("", text).casefold()
    return frozenset(letters[place : place + 3] for place in range(len(letters) - 2))


def _dice(one: frozenset[str], other: frozenset[str]) -> float:
    both = len(one) + len(other)
    return 2 * len(one & other) / both if both else 0.0


def _names(text: str, said: str) -> bool:
    # Korean words carry their endings: the first two syllables are what stays
    stems = {word[:2] if word[0] >= "가" else word.casefold() for word in _WORD.findall(said)}
    stems -= _EVERYWHERE
    return not stems or any(stem in text.casefold() for stem in stems)
