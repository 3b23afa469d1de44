"""Texts as the rows of a sparse matrix: which features each has, weighed as a table weighs them.

What is learned from such a matrix can be written into a `linear.Table` and says there, text by
text, exactly what it said while it was learned.
"""

from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from sori.understand.compiled import compiled
from sori.understand.features import HEAD, MOST, TAIL, Hashes, features
from sori.understand.letters import Codes, Letters, Offsets
from sori.understand.linear import IDF_STEPS, key_of

Keys = npt.NDArray[np.uint32]
Numbers = npt.NDArray[np.float64]

_ROOM: Final = 7
_SPARE: Final = 20
"""No text has more features than this many a letter, and this many besides."""


class Features(NamedTuple):
    """The keys of all features of some texts, one text after the other.

    Attributes:
        keys: a feature that stands twice in a text is there twice.
        ends: the keys of text i are `keys[ends[i]:ends[i + 1]]`.
    """

    keys: Keys
    ends: Offsets


class Matrix(NamedTuple):
    """Texts by features, in compressed rows.

    Attributes:
        ends: the entries of row i are those from `ends[i]` to `ends[i + 1]`.
        columns: the feature of each entry.
        values: its weight; the squares of a row's entries add up to about 1.
        width: how many features there are.
    """

    ends: Offsets
    columns: npt.NDArray[np.int64]
    values: Numbers
    width: int

    @property
    def rows(self) -> int:
        """How many texts there are."""
        return len(self.ends) - 1

    def take(self, rows: npt.NDArray[np.int64]) -> "Matrix":
        """Some of its rows, in the order asked for."""
        begins, sizes = self.ends[rows], np.diff(self.ends)[rows]
        ends = np.concatenate([[0], np.cumsum(sizes)])
        entries = np.arange(ends[-1]) + np.repeat(begins - ends[:-1], sizes)
        return Matrix(ends, self.columns[entries], self.values[entries], self.width)

    def times(self, weights: Numbers) -> Numbers:
        """The product with weights, features by anything."""
        out = np.zeros((self.rows, weights.shape[1]))
        _times(self.ends, self.columns, self.values, weights, out)
        return out

    def back(self, rows: Numbers) -> Numbers:
        """The product of its transpose with one row of numbers a text."""
        out = np.zeros((self.width, rows.shape[1]))
        _back(self.ends, self.columns, self.values, rows, out)
        return out


def features_of(letters: Letters) -> Features:
    """The features of every text."""
    sizes = np.minimum(np.diff(letters.offsets), HEAD + TAIL)
    keys = np.empty(int(sizes.sum()) * _ROOM + _SPARE * letters.rows, np.uint32)
    ends = np.zeros(letters.rows + 1, np.int64)
    used = _hash_all(letters.codes, letters.offsets, keys, ends)
    return Features(keys[:used].copy(), ends)


def counted(found: Features) -> tuple[npt.NDArray[np.int64], Keys, npt.NDArray[np.int64]]:
    """Each feature of each text once.

    Returns:
        The text, the key, and how often it stands there.
    """
    texts = np.repeat(np.arange(len(found.ends) - 1, dtype=np.uint64), np.diff(found.ends))
    pairs, counts = np.unique(texts << np.uint64(32) | found.keys, return_counts=True)
    return (pairs >> np.uint64(32)).astype(np.int64), pairs.astype(np.uint32), counts


def matrix_of(found: Features, keys: Keys, rarity: npt.NDArray[np.uint8]) -> Matrix:
    """The matrix over some features; all others are left out, as a table leaves out strangers.

    Args:
        found: the features of the texts.
        keys: those that count, in ascending order.
        rarity: how rare each of them is, in sixteenths.
    """
    texts, of_text, counts = counted(found)
    at = np.minimum(np.searchsorted(keys, of_text), len(keys) - 1)
    known = keys[at] == of_text if len(keys) else np.zeros(len(of_text), np.bool_)
    texts, at, counts = texts[known], at[known], counts[known]
    rows = len(found.ends) - 1
    idf = rarity[at] / IDF_STEPS
    squares = np.bincount(texts, counts * idf * idf, minlength=rows)
    ends = np.concatenate([[0], np.cumsum(np.bincount(texts, minlength=rows))])
    return Matrix(ends, at, counts * idf / np.sqrt(squares)[texts], len(keys))


def placed(keys: Keys) -> tuple[Keys, npt.NDArray[np.int64]]:
    """Lay keys out as the open-addressed map of a table.

    Returns:
        The key in each slot, 0 where it is free, and the slot of each key.
    """
    size = 1 << max(4, int(np.ceil(np.log2(max(1, len(keys)) / 0.8))))
    checks = np.zeros(size, np.uint32)
    slots = np.zeros(len(keys), np.int64)
    _place(keys, checks, slots)
    return checks, slots


@compiled
def _hash_all(codes: Codes, offsets: Offsets, keys: Keys, ends: Offsets) -> int:
    plain = np.empty(HEAD + TAIL + 2, np.uint32)
    hashes: Hashes = np.empty(MOST, np.uint64)
    used = 0
    for row in range(len(offsets) - 1):
        count = features(codes, offsets[row], offsets[row + 1], plain, hashes)
        for at in range(count):
            keys[used + at] = key_of(hashes[at])
        used += count
        ends[row + 1] = used
    return used


@compiled
def _place(keys: Keys, checks: Keys, slots: npt.NDArray[np.int64]) -> None:
    mask = np.uint32(len(checks) - 1)
    for at in range(len(keys)):
        slot = keys[at] & mask
        while checks[slot] != 0:
            slot = (slot + np.uint32(1)) & mask
        checks[slot] = keys[at]
        slots[at] = slot


@compiled
def _times(ends: Offsets, columns: Any, values: Numbers, weights: Numbers, out: Numbers) -> None:
    for row in range(len(ends) - 1):
        for at in range(ends[row], ends[row + 1]):
            for column in range(weights.shape[1]):
                out[row, column] += values[at] * weights[columns[at], column]


@compiled
def _back(ends: Offsets, columns: Any, values: Numbers, rows: Numbers, out: Numbers) -> None:
    for row in range(len(ends) - 1):
        for at in range(ends[row], ends[row + 1]):
            for column in range(rows.shape[1]):
                out[columns[at], column] += values[at] * rows[row, column]
