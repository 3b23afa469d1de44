"""Folding whole Arrow columns at once, into one run of bytes that can be searched."""

from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from sori.listen.language import WHITESPACE
from sori.listen.matching.bitsets import Numbers

Octets = npt.NDArray[np.uint8]
SPACE: Final = 0x20


def _table(octets: bytes | range) -> npt.NDArray[np.bool_]:
    table = np.zeros(256, bool)
    table[list(octets)] = True
    return table


IS_WHITE: Final = _table(WHITESPACE.encode())
IS_WORD: Final = _table(b"abcdefghijklmnopqrstuvwxyz0123456789_")
MAY_CHANGE: Final = _table(range(0xC2, 0xEA)) | _table(range(0xEE, 0x100))
"""First bytes of characters that NFKC may change: all but ASCII and U+A000 to U+DFFF."""


@dataclass(frozen=True)
class Texts:
    """Folded texts one after the other: text i is `octets[bounds[i]:bounds[i + 1]]`."""

    octets: Octets
    bounds: npt.NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.bounds) - 1

    @cached_property
    def spaces(self) -> Numbers:
        """Where the spaces are: as many before a byte, so many words before it."""
        return np.flatnonzero(self.octets == SPACE)


def texts_of(column: pa.Array) -> Texts:
    """Fold the texts of a column and squeeze their whitespace; null is an empty text."""
    folded = fold_column(column.cast(pa.large_string()).fill_null(""))
    octets, bounds = _raw(folded)
    white = IS_WHITE[octets]
    octets = np.where(white, np.uint8(SPACE), octets)
    again = np.zeros(len(octets), bool)
    np.logical_and(white[1:], white[:-1], out=again[1:])
    starts = bounds[:-1]
    again[starts[starts < len(octets)]] = False
    dropped = np.flatnonzero(again)
    if len(dropped):
        octets, bounds = octets[~again], bounds - np.searchsorted(dropped, bounds)
    return Texts(octets, bounds)


def fold_column(column: pa.Array) -> pa.Array:
    """`sori.listen.language.fold` for every text of a `large_string` column; null stays null.

    NFKC costs six times as much as everything else here, so it is spent on those texts alone that
    hold a character it may change. Korean syllables and ASCII are not among them.
    """
    lower = pc.utf8_lower(column)
    changing = _changing(lower)
    if not changing.any():
        return lower
    mask = pa.array(changing)
    normal = pc.utf8_lower(pc.utf8_normalize(lower.filter(mask), form="NFKC"))
    return pc.replace_with_mask(lower, mask, normal)


def _changing(column: pa.Array) -> npt.NDArray[np.bool_]:
    octets, bounds = _raw(column)
    suspects = np.flatnonzero(MAY_CHANGE[octets] | _beside_the_syllables(octets))
    changing = np.zeros(len(column), bool)
    changing[np.searchsorted(bounds, suspects, "right") - 1] = True
    return changing


def _beside_the_syllables(octets: Octets) -> npt.NDArray[np.bool_]:
    """Where a character starts whose first byte is also that of a syllable, but which is none.

    Syllables are U+AC00 to U+D7A3, from EA B0 80 to ED 9E A3; the last row is asked to normalise
    needlessly rather than told apart by its third byte.
    """
    beside = np.zeros(len(octets), bool)
    second = octets[1:]
    beside[:-1] = ((octets[:-1] == 0xEA) & (second < 0xB0)) | (
        (octets[:-1] == 0xED) & (second >= 0x9E)
    )
    return beside


def _raw(column: pa.Array) -> tuple[Octets, npt.NDArray[np.int64]]:
    """The bytes of a `large_string` column without nulls, and their bounds; not copied."""
    _, bounds, octets = column.buffers()
    if bounds is None or octets is None or len(column) == 0:
        return np.zeros(0, np.uint8), np.zeros(len(column) + 1, np.int64)
    ends = np.frombuffer(bounds, np.int64)[column.offset : column.offset + len(column) + 1]
    return np.frombuffer(octets, np.uint8)[ends[0] : ends[-1]], ends - ends[0]
