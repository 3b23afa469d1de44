"""Runs of one to four characters: how many texts have them, and a sketch of each text from them.

The sketch is a sparse random projection (Li, Hastie, Church 2006) whose signs and places come out
of the hash of the run itself, so that no matrix is stored: every run of a text adds its weight,
with a sign, to four of the sketch's numbers. Dot products of sketches estimate those of the full
vectors of runs, with a standard error of about 1 / sqrt(dims).
"""

from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt

from sori.understand.compiled import compiled
from sori.understand.features import HEAD, TAIL, finish
from sori.understand.letters import Codes, Letters, Offsets
from sori.understand.nearcopy import is_letter

Weights: TypeAlias = npt.NDArray[np.float32]
Sketches: TypeAlias = npt.NDArray[np.float32]

BUCKETS: Final = 1 << 18
LONGEST: Final = 4
MOST_DIMS: Final = 1 << 10

_BUCKET_BITS: Final = 18
_BITS: Final = 6
_PLACES: Final = 4
_PLACE_BITS: Final = 11
_BASIS = np.uint64(1469598103934665603)
_PRIME = np.uint64(1099511628211)
_ROOM: Final = HEAD + TAIL + 2


def sketch(letters: Letters, weights: Weights, dims: int) -> Sketches:
    """A vector of length 1 a text; zeros for a text without letters.

    Args:
        letters: the texts.
        weights: what a run in each of the BUCKETS weighs; divided by the run's length here.
        dims: numbers a vector, a power of two up to MOST_DIMS.
    """
    out = np.zeros((letters.rows, dims), np.float32)
    _sketch(letters.codes, letters.offsets, weights, out)
    return out


def frequencies(letters: Letters) -> npt.NDArray[np.int64]:
    """In how many of the texts a run of each bucket occurs."""
    counts = np.zeros(BUCKETS, np.int64)
    _count(letters.codes, letters.offsets, counts)
    return counts


@compiled
def _copy(codes: Codes, begin: int, end: int, plain: Codes) -> int:
    """Letters, digits (all alike) and single spaces between two marks; the length, 0 for none."""
    plain[0] = 2
    used = 1
    for at in range(begin, end):
        if end - begin > HEAD + TAIL and begin + HEAD <= at < end - TAIL:
            continue
        code = codes[at]
        if 48 <= code <= 57:
            code = np.uint32(48)
        if code == 32:
            if plain[used - 1] == 32 or used == 1:
                continue
        elif not is_letter(code):
            continue
        plain[used] = code
        used += 1
    if used > 1 and plain[used - 1] == 32:
        used -= 1
    if used == 1:
        return 0
    plain[used] = 3
    return used + 1


@compiled
def _count(codes: Codes, offsets: Offsets, counts: npt.NDArray[np.int64]) -> None:
    plain = np.empty(_ROOM, np.uint32)
    last = np.full(BUCKETS, -1, np.int64)
    for row in range(len(offsets) - 1):
        length = _copy(codes, offsets[row], offsets[row + 1], plain)
        for first in range(length):
            value = _BASIS
            for at in range(first, min(length, first + LONGEST)):
                value = (value ^ np.uint64(plain[at])) * _PRIME
                bucket = finish(value) >> np.uint64(64 - _BUCKET_BITS)
                if last[bucket] != row:
                    last[bucket] = row
                    counts[bucket] += 1


@compiled
def _sketch(codes: Codes, offsets: Offsets, weights: Weights, out: Sketches) -> None:
    plain = np.empty(_ROOM, np.uint32)
    # one bit a bucket, for those that stand in the text: they fit into the nearest memory
    seen = np.zeros(BUCKETS >> _BITS, np.uint64)
    runs = np.empty(_ROOM * LONGEST, np.uint64)
    weighs = np.empty(_ROOM * LONGEST, np.float32)
    mask = np.uint64(out.shape[1] - 1)
    for row in range(len(offsets) - 1):
        length = _copy(codes, offsets[row], offsets[row + 1], plain)
        used = 0
        for first in range(length):
            value = _BASIS
            for at in range(first, min(length, first + LONGEST)):
                value = (value ^ np.uint64(plain[at])) * _PRIME
                mixed = finish(value)
                bucket = mixed >> np.uint64(64 - _BUCKET_BITS)
                bit = np.uint64(1) << (bucket & np.uint64(63))
                runs[used], weighs[used] = mixed, weights[bucket] / np.float32(at - first + 1)
                used += (seen[bucket >> np.uint64(_BITS)] & bit) == 0
                seen[bucket >> np.uint64(_BITS)] |= bit
        for run in range(used):
            mixed = runs[run]
            seen[mixed >> np.uint64(64 - _BUCKET_BITS + _BITS)] = 0
            for _ in range(_PLACES):
                sign = np.float32(1) if mixed & np.uint64(1) else np.float32(-1)
                out[row, (mixed >> np.uint64(1)) & mask] += sign * weighs[run]
                mixed >>= np.uint64(_PLACE_BITS)
        _scale(out[row])


@compiled
def _scale(sketch: Sketches) -> None:
    """Make a sketch one of length 1, unless it is nothing but zeros."""
    squares = np.float32(0)
    for place in range(len(sketch)):
        squares += sketch[place] * sketch[place]
    if squares > 0:
        scale = np.float32(1) / np.sqrt(squares)
        for place in range(len(sketch)):
            sketch[place] *= scale
