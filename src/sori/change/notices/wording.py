"""The words of a notice for a reader, for an answer, and for a post of our own.

Pure: everything that must be known is handed in.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

_CUT: Final = "…"
_BLANK: Final = "\n\n"


@dataclass(frozen=True)
class Wording:
    """A notice in one language.

    Attributes:
        title: what it is called.
        what: what is happening.
        doing: what we do about it; may be empty.
        next_word: when we say more, as a sentence; empty for never.
    """

    title: str
    what: str
    doing: str
    next_word: str


def answer(wording: Wording, link: str = "") -> str:
    """What a member may say to somebody who asks about it."""
    return _paragraphs(wording.what, wording.doing, wording.next_word, link)


def post(
    wording: Wording, link: str, *, longest: int | None, measure: Callable[[str], int] = len
) -> str:
    """What we say by ourselves on a channel: as much as fits, the address always.

    Args:
        wording: the notice.
        link: where one can read on.
        longest: how much a post may measure; None for no limit.
        measure: how this channel counts.
    """
    said = [wording.title, wording.what, wording.doing, wording.next_word]
    whole = _paragraphs(*said, link)
    if longest is None or measure(whole) <= longest:
        return whole
    for most in (3, 2, 1):
        shorter = _paragraphs(*said[:most], link)
        if measure(shorter) <= longest:
            return shorter
    return _cut(wording.title, link, longest, measure)


def _cut(title: str, link: str, longest: int, measure: Callable[[str], int]) -> str:
    for most in range(len(title) - 1, 0, -1):
        shorter = _paragraphs(title[:most].rstrip() + _CUT, link)
        if measure(shorter) <= longest:
            return shorter
    return link


def _paragraphs(*parts: str) -> str:
    return _BLANK.join(part.strip() for part in parts if part.strip())


def meant(words: list[str], said: str) -> bool:
    """Whether somebody who says this asks about what these words name."""
    heard = " ".join(said.casefold().split())
    return any(word and word in heard for word in (" ".join(w.casefold().split()) for w in words))
