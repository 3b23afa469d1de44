"""Cut texts into clauses: at the ends of sentences and lines, and where a writer turns round.

"맛은 있는데 가격이 비싸요" is two clauses, because "-는데" turns round; so do "-지만", "but" and
their like. A comma is a place where an opinion *may* end: a loose cut, for the caller to undo.
"""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from sori.understand.compiled import compiled
from sori.understand.letters import code_at, string_buffers

LOOSE, TURN, STOP = 1, 2, 3
"""What a clause begins behind: a comma; a connective that turns round; the end of a sentence."""

MOST: Final = 16
"""A text has so many clauses at most; the last one takes the rest."""

_WORDS: Final = Path(__file__).parent / "words" / "clauses.toml"
_BASIS = np.uint64(1469598103934665603)
_PRIME = np.uint64(1099511628211)
_FEWEST: Final = 4
"""A clause has so many letters at least, a Korean syllable counting twice."""
_MOST_WORDS: Final = 2_000
"""More words of a text than this are not looked at; its last clause takes them."""

_PLACES: Final = 256
"""Of a list of words; many times as many as there are words."""

BYTE, PLACE, SOLID, WEIGHT, SIZE, HASH, LAST, BEFORE = range(8)
MARK: Final = 8
"""What is noted of a word: where it begins, in bytes and in characters; where what stands before
it ends; its weight, length and hash, its last two letters, and what the signs behind it say."""

Numbers = npt.NDArray[np.int64]
Hashes = Numbers


class Clauses(NamedTuple):
    """The clauses of some texts, in order.

    Attributes:
        row: which text each is of.
        begin: its first character in the text.
        end: the character behind its last.
        cut: LOOSE, TURN or STOP: what it begins behind; STOP for the first of a text.
        texts: what it says, without the word that turns round before it.
    """

    row: Numbers
    begin: Numbers
    end: Numbers
    cut: Numbers
    texts: pa.Array


def clauses_of(texts: pa.Array) -> Clauses:
    """Cut an Arrow array of strings without nulls; a text without a cut is one clause."""
    data, ends = string_buffers(texts)
    found = np.empty((len(texts) * MOST + 1, 4), np.int64)
    bounds = np.empty((len(found), 2), np.int32)
    used = _cut(data, ends, *_words(), found, bounds)
    row, begin, end, cut = found[:used].T
    # clauses and what lies between them are one behind the other in the bytes of the texts
    bounds[used] = bounds[max(used - 1, 0), 1]
    buffers = [None, pa.py_buffer(bounds.ravel()), texts.buffers()[2] or pa.py_buffer(b"")]
    parts = pa.Array.from_buffers(pa.string(), 2 * used, buffers)
    return Clauses(row, begin, end, cut, parts.take(pa.array(np.arange(0, 2 * used, 2))))


@cache
def _words() -> tuple[Hashes, Hashes, Hashes]:
    lists = tomllib.loads(_WORDS.read_text(encoding="utf-8"))
    # a word that turns round at the beginning of a clause does not end one, though it be "근데"
    lists["inside"] += lists["before"]
    before, after, inside = (
        _spread([_hash(word) for word in lists[name]]) for name in ("before", "after", "inside")
    )
    return before, after, inside


def _hash(word: str) -> int:
    value = int(_BASIS)
    for character in word:
        value = ((value ^ ord(character)) * int(_PRIME)) & 0xFFFFFFFFFFFFFFFF
    return value >> 1


def _spread(hashes: list[int]) -> Hashes:
    """Hashes at places of a table that they themselves tell; 0 where it is free."""
    table = np.zeros(_PLACES, np.int64)
    for value in hashes:
        place = value % _PLACES
        while table[place]:
            place = (place + 1) % _PLACES
        table[place] = value
    return table


@compiled
def _is_in(value: Any, hashes: Hashes) -> bool:
    place = value % _PLACES
    while hashes[place] != 0 and hashes[place] != value:
        place = (place + 1) % _PLACES
    return bool(hashes[place] == value)


@compiled
def _is_letter(code: Any) -> Any:
    """Letters and digits, and what stands inside words; no jamo, which are laughter and tears."""
    if code < 0x80:
        lower = code | 32
        return 97 <= lower <= 122 or 48 <= code <= 57 or code == 39
    return (0xAC00 <= code <= 0xD7A3) or (0xC0 <= code < 0x2000) or code == 0x2019


@compiled
def _has_n(code: Any) -> Any:
    """Whether a syllable ends in ㄴ, as adnominals and the stems before -데 do."""
    return 0xAC00 <= code <= 0xD7A3 and (code - 0xAC00) % 28 == 4


@compiled
def _turns(size: int, last: Any, before: Any) -> Any:
    """Whether a word ends in -는데, -지만 or -으나."""
    if size < 2:
        return False
    if last == 0xB370:  # 데
        return _has_n(before)
    return (last == 0xB9CC and before == 0xC9C0) or (last == 0xB098 and before == 0xC73C)


@compiled
def _stops(size: int, last: Any, before: Any) -> Any:
    """Whether a word ends a Korean sentence: -요, -죠, -니다."""
    if size < 2:
        return False
    return last == 0xC694 or last == 0xC8E0 or (last == 0xB2E4 and before == 0xB2C8)


@compiled
def _mark(code: Any, ahead: Any) -> int:
    """What a sign between words says: STOP, LOOSE or nothing (0)."""
    if code == 10 or code == 13 or code == 33 or code == 63:  # line ends, ! ?
        return STOP
    if code == 0x3002 or code == 0xFF01 or code == 0xFF1F or code == 0x2026:  # 。！？…
        return STOP
    if code == 46:  # a point inside a number or an address ends nothing
        return 0 if ahead < 0x80 and _is_letter(ahead) else STOP
    if code == 44:
        return 0 if 48 <= ahead <= 57 else LOOSE
    if code == 59 or code == 126 or code == 0x2013 or code == 0x2014:  # ; ~ dashes
        return LOOSE
    return LOOSE if 0x3131 <= code <= 0x318E else 0


@compiled
def _read(data: npt.NDArray[np.uint8], at: int, stop: int, words: Numbers) -> Any:
    """Write down the words of one text; how many, and where its solid part begins and ends."""
    used = place = solid = first = size = weight = 0
    last = before = np.uint32(0)
    value = _BASIS
    while at < stop and used < len(words):
        code, step = code_at(data, at)
        if _is_letter(code):
            if size == 0:
                words[used, BYTE], words[used, PLACE], words[used, SOLID] = at, place, solid
                weight, last, value = 0, np.uint32(0), _BASIS
            before, last = last, code | np.uint32(32) if 65 <= code <= 90 else code
            value = (value ^ np.uint64(last)) * _PRIME
            size += 1
            weight += 2 if code >= 0xAC00 else 1
        else:
            if size:
                _end(words[used], size, weight, value, last, before)
                used += 1
                size = 0
            if used:
                ahead = code_at(data, at + step)[0] if at + step < stop else np.uint32(32)
                words[used - 1, MARK] = max(words[used - 1, MARK], _mark(code, ahead))
        at += step
        place += 1
        if code > 32 and code != 0x3000:
            first = place - 1 if solid == 0 else first
            solid = place
    if size:
        _end(words[used], size, weight, value, last, before)
        used += 1
    return used, first, solid


@compiled
def _end(word: Numbers, size: int, weight: int, value: Any, last: Any, before: Any) -> None:
    """Write down what is known of a word at its end."""
    word[SIZE], word[WEIGHT], word[MARK] = size, weight, 0
    word[HASH], word[LAST], word[BEFORE] = np.int64(value >> np.uint64(1)), last, before


@compiled
def _says(words: Numbers, one: int, after: Hashes, within: Hashes) -> Any:
    """What stands between a word and the next: the end of the word itself, or signs."""
    size, last, before = words[one, SIZE], words[one, LAST], words[one, BEFORE]
    said = words[one, MARK]
    if _is_in(words[one, HASH], within):
        return said
    if _stops(size, last, before):
        return max(said, STOP)
    behind = one > 0 and _has_n(words[one - 1, LAST]) and _is_in(words[one, HASH], after)
    return max(said, TURN) if behind or _turns(size, last, before) else said


@compiled
def _cut(
    data: npt.NDArray[np.uint8],
    ends: npt.NDArray[np.int32],
    turning: Hashes,
    after: Hashes,
    within: Hashes,
    found: Numbers,
    bounds: npt.NDArray[np.int32],
) -> int:
    words = np.empty((_MOST_WORDS, MARK + 1), np.int64)
    used = 0
    for row in range(len(ends) - 1):
        first = used
        count, begin, end = _read(data, ends[row], ends[row + 1], words)
        found[used, 0], found[used, 1], found[used, 3] = row, begin, STOP
        bounds[used, 0] = ends[row]
        weight = 0
        for one in range(count):
            turns = _is_in(words[one, HASH], turning)
            cut = max(_says(words, one - 1, after, within) if one else 0, TURN if turns else 0)
            if cut and weight >= _FEWEST and used - first < MOST - 1:
                found[used, 2] = words[one, SOLID]
                bounds[used, 1] = words[one, BYTE]
                used += 1
                found[used, 0], found[used, 1] = row, words[one, PLACE]
                found[used, 3] = cut
                bounds[used, 0] = words[one, BYTE]
                weight = 0
            # asked alone, a "but" would make any clause sound mixed
            if turns and weight == 0 and one + 1 < count:
                bounds[used, 0] = words[one + 1, BYTE]
            else:
                weight += words[one, WEIGHT]
        # a rest too short to say something belongs to what stands before it
        used -= used > first and weight < _FEWEST
        found[used, 2], bounds[used, 1] = end, ends[row + 1]
        used += 1
    return used
