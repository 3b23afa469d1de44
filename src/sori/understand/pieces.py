"""Cut texts into the pieces of words that the deep model was taught with.

A text has many ways to be cut; the one whose pieces are likeliest together is taken (the unigram
model of Kudo 2018), found by dynamic programming over its letters. Texts come as the letters that
every model of this room reads, so crafted text has been folded before; of a long text only the
beginning and the end are read, so a very long one costs what a long one does.
"""

from typing import Final, NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

from sori.understand.compiled import compiled
from sori.understand.features import finish
from sori.understand.letters import Codes, Letters

HEAD: Final = 400
TAIL: Final = 200
"""Letters read of the beginning and of the end: people say there what they want."""

MOST: Final = 128
LAST: Final = 40
"""Pieces read at most, marks included, and how many of them belong to the end."""

BEGIN, PADDING, END, UNKNOWN = range(4)
"""The marks; they are the first pieces."""

MARKS: Final = 4
_WORD: Final = 0x2581
"""Stands for a space, and before the first word."""

LONGEST: Final = 16
"""Letters of the longest piece."""

_STRANGE: Final = 10.0
"""How much less likely an unknown letter is than the least likely piece."""

_BASIS = np.uint64(1469598103934665603)
_PRIME = np.uint64(1099511628211)

Keys: TypeAlias = npt.NDArray[np.uint64]
Numbers: TypeAlias = npt.NDArray[np.int32]
Likely: TypeAlias = npt.NDArray[np.float32]


class Pieces(NamedTuple):
    """Pieces by the hash of their letters.

    Attributes:
        keys: in open-addressed slots, 0 where free.
        numbers: the piece in each slot.
        scores: logarithm of each piece's likelihood, by its number.
    """

    keys: Keys
    numbers: Numbers
    scores: Likely


def pieces(keys: Keys, scores: Likely) -> Pieces:
    """Make the table of pieces; the first MARKS of them are never found in a text."""
    size = 1 << int(np.ceil(np.log2(len(keys) * 2)))
    slots = Pieces(np.zeros(size, np.uint64), np.zeros(size, np.int32), scores)
    _fill(keys, slots.keys, slots.numbers)
    return slots


def cut(letters: Letters, known: Pieces) -> list[Numbers]:
    """The numbers of the pieces of every text, between the marks, at most MOST."""
    found = []
    for row in range(letters.rows):
        codes = letters.codes[letters.offsets[row] : letters.offsets[row + 1]]
        text = np.empty(min(len(codes), HEAD + TAIL + 1) + 1, np.uint32)
        text[0] = _WORD
        if len(codes) > HEAD + TAIL:
            text[1 : HEAD + 1], text[HEAD + 1], text[HEAD + 2 :] = codes[:HEAD], 32, codes[-TAIL:]
        else:
            text[1:] = codes
        text[text == 32] = _WORD
        ids = _cut(text, known.keys, known.numbers, known.scores)
        found.append(ids if len(ids) <= MOST else np.concatenate([ids[: MOST - LAST], ids[-LAST:]]))
    return found


@compiled
def key_of_letters(codes: Codes, begin: int, end: int) -> np.uint64:
    """The key of a run of letters."""
    value = _BASIS
    for at in range(begin, end):
        value = (value ^ np.uint64(codes[at])) * _PRIME
    return finish(value) | np.uint64(1)


@compiled
def _fill(keys: Keys, slots: Keys, numbers: Numbers) -> None:
    mask = np.uint64(len(slots) - 1)
    for number in range(MARKS, len(keys)):
        slot = keys[number] & mask
        while slots[slot] != 0:
            slot = (slot + np.uint64(1)) & mask
        slots[slot] = keys[number]
        numbers[slot] = number


@compiled
def _cut(codes: Codes, slots: Keys, numbers: Numbers, scores: Likely) -> Numbers:
    length = len(codes)
    mask = np.uint64(len(slots) - 1)
    best = np.full(length + 1, -np.inf, np.float64)
    before = np.zeros(length + 1, np.int32)
    which = np.zeros(length + 1, np.int32)
    best[0] = 0.0
    strange = scores[MARKS:].min() - _STRANGE
    for begin in range(length):
        value = _BASIS
        for end in range(begin + 1, min(length, begin + LONGEST) + 1):
            value = (value ^ np.uint64(codes[end - 1])) * _PRIME
            key = finish(value) | np.uint64(1)
            slot = key & mask
            while slots[slot] != 0 and slots[slot] != key:
                slot = (slot + np.uint64(1)) & mask
            number = numbers[slot] if slots[slot] == key else UNKNOWN
            if number == UNKNOWN and end > begin + 1:
                continue
            worth = best[begin] + (strange if number == UNKNOWN else scores[number])
            if worth > best[end]:
                best[end], before[end], which[end] = worth, begin, number
    backwards = np.empty(length + 2, np.int32)
    backwards[0] = END
    used, at = 1, length
    while at > 0:
        if not (which[at] == UNKNOWN and backwards[used - 1] == UNKNOWN):
            backwards[used] = which[at]
            used += 1
        at = before[at]
    backwards[used] = BEGIN
    return backwards[: used + 1][::-1].copy()
