"""Finding the words of all rules in all texts of a batch with one Aho-Corasick automaton."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt
from ahocorasick_rs import BytesAhoCorasick

from sori.listen.matching.bitsets import Numbers
from sori.listen.matching.texts import IS_WORD, Octets, Texts

WINDOW: Final = 1 << 20
"""Bytes searched at once; a hit is a Python object of about 150 bytes for as long."""
APART: Final = 1 << 13
"""Words put between two texts when words are numbered: more than any phrase and NEAR reach."""


class Literal(NamedTuple):
    """A folded word or phrase to be found; `open_end`: an ASCII word may go on behind it."""

    text: str
    open_end: bool


@dataclass(frozen=True)
class Hits:
    """Where every literal was found: hits of one literal stand together, in order of place.

    `number`, `text` and `start` run in parallel: which literal, in which text, from which byte.
    `words` says how many words each literal has, by its number.
    """

    texts: Texts
    number: Numbers
    text: Numbers
    start: Numbers
    words: Mapping[int, int]

    @cached_property
    def word(self) -> Numbers:
        """The number of the word each hit starts in, far apart from one text to the next."""
        word: Numbers = np.searchsorted(self.texts.spaces, self.start) + self.text * APART
        return word


class Scanner:
    """One automaton for many literals.

    Args:
        literals: what to find, each with the number that its hits shall bear.
    """

    def __init__(self, literals: Mapping[Literal, int]) -> None:
        octets = [literal.text.encode() for literal in literals]
        self._automaton = BytesAhoCorasick(octets)
        self._longest = max(map(len, octets), default=1)
        self._numbers = np.array(list(literals.values()), np.int64)
        self._words = {number: literal.text.count(" ") + 1 for literal, number in literals.items()}
        self._word_first = np.array([IS_WORD[word[0]] for word in octets], bool)
        self._word_last = np.array([IS_WORD[word[-1]] for word in octets], bool)
        self._word_last &= ~np.array([literal.open_end for literal in literals], bool)
        # numpy sorts numbers of 16 bits by radix, several times faster.
        self._narrow = np.min_scalar_type(max(literals.values(), default=0))

    def scan(self, texts: Texts) -> Hits:
        """Find every literal that stands as a word should, overlapping ones too."""
        windows = range(0, len(texts.octets), WINDOW)
        found = [self._standing(texts, *self._search(texts.octets, at)) for at in windows]
        literal, text, start = (
            np.concatenate([np.zeros(0, np.int64), *(part[column] for part in found)])
            for column in range(3)
        )
        number = self._numbers[literal]
        # Hits come in order of place, and a stable sort keeps it.
        order = np.argsort(number.astype(self._narrow), kind="stable")
        return Hits(texts, number[order], text[order], start[order], self._words)

    def _search(self, octets: Octets, at: int) -> tuple[Numbers, Numbers, Numbers]:
        """All places in one window, whatever surrounds them: literals, starts and ends."""
        window = octets[at : at + WINDOW + self._longest - 1]
        found = self._automaton.find_matches_as_indexes(window.data, overlapping=True)
        flat: npt.NDArray[Any] = np.fromiter(
            chain.from_iterable(found), np.int64, 3 * len(found)
        ).reshape(-1, 3)
        flat = flat[flat[:, 1] < WINDOW]
        return flat[:, 0], flat[:, 1] + at, flat[:, 2] + at

    def _standing(
        self, texts: Texts, literal: Numbers, start: Numbers, end: Numbers
    ) -> tuple[Numbers, Numbers, Numbers]:
        """Keep what lies within one text and does not cut an ASCII word: literals, texts, starts.

        Korean words are never cut: their endings are glued on, and compounds are glued in front.
        """
        text = np.searchsorted(texts.bounds, start, "right") - 1
        opens, closes = texts.bounds[text], texts.bounds[text + 1]
        within = end <= closes
        octets, last = texts.octets, len(texts.octets) - 1
        cut = self._word_first[literal] & (start > opens) & IS_WORD[octets[start - 1]]
        behind = octets[np.minimum(end, last)]
        cut |= self._word_last[literal] & (end < closes) & IS_WORD[behind]
        kept = within & ~cut
        return literal[kept], text[kept], start[kept]
