"""The marks a text leaves: hashes of its runs of characters, its words and its pairs of words.

Runs of one to five characters carry Korean endings, negations and typing slips that no word list
holds; words and pairs of words do the same for languages with spaces. A text is read between a
begin mark and an end mark, so that "요?" at the end is another feature than in the middle; digits
all read alike. Of a long text only the beginning and the end are read: that is where people say
what they want.
"""

import numpy as np
import numpy.typing as npt

from sori.understand.compiled import compiled
from sori.understand.letters import Codes

Hashes = npt.NDArray[np.uint64]

HEAD = 700
TAIL = 300
LONGEST = 5
MOST = (HEAD + TAIL + 4) * (LONGEST + 1) + 8
"""More features than this no text has."""

_BASIS = np.uint64(1469598103934665603)
_PRIME = np.uint64(1099511628211)
_WORD = np.uint64(0x9E3779B97F4A7C15)
_PAIR = np.uint64(0xC2B2AE3D27D4EB4F)
_LENGTH = np.uint64(0x165667B19E3779F9)
_BEGIN = np.uint64(2)
_END = np.uint64(3)


@compiled
def finish(value: np.uint64) -> np.uint64:
    """Spread a hash over all its bits (the finaliser of MurmurHash3, by Austin Appleby)."""
    value ^= value >> np.uint64(33)
    value *= np.uint64(0xFF51AFD7ED558CCD)
    value ^= value >> np.uint64(33)
    value *= np.uint64(0xC4CEB9FE1A85EC53)
    value ^= value >> np.uint64(33)
    return value


@compiled
def _copy(codes: Codes, begin: int, end: int, plain: Codes) -> int:
    """The text between its marks, digits alike, shortened to HEAD and TAIL; its length."""
    plain[0] = _BEGIN
    used = 1
    for at in range(begin, end):
        if end - begin > HEAD + TAIL and begin + HEAD <= at < end - TAIL:
            continue
        code = codes[at]
        plain[used] = 48 if 48 <= code <= 57 else code
        used += 1
    plain[used] = _END
    return used + 1


@compiled
def _runs(plain: Codes, length: int, hashes: Hashes) -> int:
    # runs that are all of the same length are hashed by a loop that the compiler can unroll
    whole = max(length - LONGEST + 1, 0)
    for first in range(whole):
        value = _BASIS
        for more in range(LONGEST):
            value = (value ^ np.uint64(plain[first + more])) * _PRIME
            hashes[LONGEST * first + more] = finish(value)
    used = LONGEST * whole
    for first in range(whole, length):
        value = _BASIS
        for last in range(first, length):
            value = (value ^ np.uint64(plain[last])) * _PRIME
            hashes[used] = finish(value)
            used += 1
    return used


@compiled
def _words(plain: Codes, length: int, hashes: Hashes, used: int) -> int:
    word = _BASIS
    before = np.uint64(0)
    inside = False
    for at in range(1, length):
        code = plain[at]
        ends = code == 32 or code == _END
        if not ends:
            word = (word ^ np.uint64(code)) * _PRIME
            inside = True
        elif inside:
            hashes[used] = finish(word ^ _WORD)
            used += 1
            if before:
                hashes[used] = finish((word * np.uint64(31) + before) ^ _PAIR)
                used += 1
            before = word
            word = _BASIS
            inside = False
    return used


@compiled
def features(codes: Codes, begin: int, end: int, plain: Codes, hashes: Hashes) -> int:
    """Write the features of one text.

    Args:
        codes: letters of all texts.
        begin: where this text begins.
        end: where it ends.
        plain: room for at least HEAD + TAIL + 2 code points.
        hashes: where to write, room for MOST.

    Returns:
        How many were written; 0 for an empty text.
    """
    if begin == end:
        return 0
    length = _copy(codes, begin, end, plain)
    used = _runs(plain, length, hashes)
    used = _words(plain, length, hashes, used)
    size = np.uint64(0)
    while (end - begin) >> size > 1:
        size += np.uint64(1)
    hashes[used] = finish(size ^ _LENGTH)
    return used + 1


def places(codes: Codes) -> list[tuple[int, int]]:
    """Where in a text each of its features stands, in the order in which `features` writes them.

    Args:
        codes: letters of one text.

    Returns:
        (begin, end) of each, in letters that are read: see `letters_read`. Marks and the length of
        the text are no letters, so a place may be empty.
    """
    length = len(letters_read(len(codes)))
    if not length:
        return []
    # a mark stands before the first letter and behind the last
    places = [
        (max(first - 1, 0), min(last, length))
        for first in range(length + 2)
        for last in range(first, min(length + 2, first + LONGEST))
    ]
    words: list[tuple[int, int]] = []
    begin = 0
    for at, code in enumerate([*codes[letters_read(len(codes))].tolist(), 32]):
        if code == 32:
            if at > begin:
                words.append((begin, at))
                places.append(words[-1])
                if len(words) > 1:
                    places.append((words[-2][0], at))
            begin = at + 1
    return [*places, (0, 0)]


def letters_read(size: int) -> npt.NDArray[np.int64]:
    """Which letters of a text of this length are read: all, or of a long one beginning and end."""
    every = np.arange(size)
    return every if size <= HEAD + TAIL else np.concatenate([every[:HEAD], every[-TAIL:]])
