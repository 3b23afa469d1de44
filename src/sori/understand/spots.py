"""Find the spots in a batch of texts where personal data may stand, without reading them twice.

A compiled loop walks over the bytes of all texts and notes where enough digits stand together,
where there is an @ or one of its spellings, and where a street may be. Only these spots are looked
at with patterns (see `identifiers`). A spot is a promise to miss nothing the patterns would find.
"""

from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from sori.understand.compiled import compiled
from sori.understand.letters import code_at

FEWEST_DIGITS: Final = 7
DIGIT_WORDS: Final = dict(zip("공영일이삼사오육륙칠팔구", "001234566789", strict=True))
"""Syllables that say a digit."""

NUMBER, MAIL, STREET = range(3)
"""What a spot may hold."""

ZERO, LETTER, HIDDEN, SPOKEN, BANK = 1, 2, 4, 8, 16
"""Marks of a NUMBER: a group of digits begins like a telephone number; a Latin letter stands right
before a digit; some of it is hidden already (****); it may be written in Korean words; the text
speaks of a bank (the loop does not look for that)."""

_WIDEST: Final = 8
"""So many characters at most stand between two digits of one number."""
_SYLLABLES: Final = tuple(map(ord, DIGIT_WORDS))
_VALUES: Final = tuple(int(digit) for digit in DIGIT_WORDS.values())
_GLUE: Final = tuple(map(ord, "에의다시대하이픈"))
_HIDING: Final = tuple(map(ord, "*xX●○■＊"))
_CITY: Final = tuple(map(ord, "시도구군"))
_ROAD: Final = tuple(map(ord, "동읍면리로길가"))


_LOOK_ALIKE: Final = tuple(map(ord, "oOlI"))
_NEAR_LETTERS: Final = 5

_BEGIN, _LAST, _DIGITS, _GROUPS, _MARKS, _LOOK, _ALIKE = range(7)
"""The number being read: its first and last digit, how many digits and groups there are, its
marks; where the last word ended that could be digits, and such a letter stood."""

Numbers = npt.NDArray[np.int64]


class Spots(NamedTuple):
    """Where personal data may stand, in the order of the texts.

    Attributes:
        row: in which text.
        begin: the first character of the number, of the @ or of the street.
        end: the character behind its last.
        what: NUMBER, MAIL or STREET.
        digits: how many digits a NUMBER has.
        groups: in how many groups they stand.
        marks: ZERO, LETTER, HIDDEN, SPOKEN and BANK, added.
    """

    row: Numbers
    begin: Numbers
    end: Numbers
    what: Numbers
    digits: Numbers
    groups: Numbers
    marks: Numbers


def spots_in(data: npt.NDArray[np.uint8], ends: npt.NDArray[np.int32]) -> Spots:
    """The spots of some texts.

    Args:
        data: their bytes in UTF-8.
        ends: text i is `data[ends[i]:ends[i + 1]]`.
    """
    room = (int(ends[-1] - ends[0]) + 1) // 2 + 1
    out = np.empty((min(room, 1 << 16), 7), np.int64)
    used = _scan(data, ends, out)
    if used > len(out):
        out = np.empty((used, 7), np.int64)
        _scan(data, ends, out)
    return Spots(*out[:used].T)


@compiled
def _digit(code: Any) -> Any:
    """The digit a character says, -1 for none."""
    if code < 0x80:
        return code - 48 if 48 <= code <= 57 else -1
    if 0xAC00 <= code <= 0xD7A3:
        for at in range(len(_SYLLABLES)):
            if code == _SYLLABLES[at]:
                return _VALUES[at]
        return -1
    for zero in (0xFF10, 0x0660, 0x0966):
        if zero <= code < zero + 10:
            return code - zero
    return -1


@compiled
def _is_in(code: Any, codes: Any) -> bool:
    for one in codes:  # noqa: SIM110 - compiled code knows no any()
        if code == one:
            return True
    return False


@compiled
def _separates(code: Any) -> Any:
    """Whether a character may stand between the digits of one number."""
    if code < 0x80:
        return code != 10 and code != 13
    if code == 0xA0 or code == 0xB7 or 0x2000 <= code < 0x2070 or code == 0x2212:
        return True
    if 0x3000 <= code < 0x3100 or code == 0x3161 or code >= 0xFF00 or 0xFE50 <= code < 0xFE70:
        return True
    return _is_in(code, _GLUE) or _is_in(code, _HIDING)


@compiled
def _is_latin(code: Any) -> Any:
    return 65 <= (code & 0xFFDF) <= 90


@compiled
def _street_ends(data: npt.NDArray[np.uint8], at: Any, end: Any) -> int:
    """Behind "구 ": how many characters on a road and a number stand, 0 for none."""
    step = 0
    road = False
    while at < end and step < 13:
        code, size = code_at(data, at)
        at += size
        step += 1
        if road and 48 <= code <= 57:
            return step
        road = _is_in(code, _ROAD) or (road and (code == 32 or code == 9 or code == 10))
        hangul = 0xAC00 <= code <= 0xD7A3 or 48 <= code <= 57
        if not hangul and not road:
            return 0
    return 0


@compiled
def _note(out: Numbers, used: int, row: int, begin: int, end: int, what: int) -> int:
    """Write down a spot, where there is room; how many there would be."""
    if used < len(out):
        out[used, 0], out[used, 1], out[used, 2], out[used, 3] = row, begin, end, what
        out[used, 4:7] = 0
    return used + 1


@compiled
def _close(out: Numbers, used: int, row: int, state: Numbers) -> int:
    """Write down the number read so far, if it has enough digits, and forget it."""
    if state[_DIGITS] >= FEWEST_DIGITS:
        used = _note(out, used, row, state[_BEGIN], state[_LAST] + 1, NUMBER)
        if used <= len(out):
            out[used - 1, 4:7] = state[_DIGITS : _MARKS + 1]
    state[_DIGITS : _MARKS + 1] = 0
    return used


@compiled
def _add(state: Numbers, place: int, digit: int, code: Any, before: Any) -> None:
    """Add a digit to the number being read."""
    if state[_DIGITS] == 0:
        state[_BEGIN] = place
    # "회사010...": the last syllable of a word may read like a digit, and is none of the number
    after_word = code < 0xAC00 and 0xAC00 <= before <= 0xD7A3
    if state[_DIGITS] == 0 or state[_LAST] != place - 1 or after_word:
        state[_GROUPS] += 1
        looks_like = state[_ALIKE] == place - 1 or place - state[_LOOK] <= _NEAR_LETTERS
        if digit == 0 or digit == 8 or before == 43 or looks_like:
            state[_MARKS] |= ZERO
        if _is_latin(before):
            state[_MARKS] |= LETTER
    if code >= 0xAC00 and code <= 0xD7A3:
        state[_MARKS] |= SPOKEN
    state[_DIGITS] += 1
    state[_LAST] = place


@compiled
def _pass(state: Numbers, place: int, code: Any, before: Any) -> bool:
    """Look at what is no digit; whether the number being read ends here."""
    # letters that look like digits count only where nothing but such letters stands together
    if _is_in(code, _LOOK_ALIKE) and (not _is_latin(before) or state[_ALIKE] == place - 1):
        state[_ALIKE] = place
    elif state[_ALIKE] == place - 1 and not _is_latin(code):
        state[_LOOK] = place - 1
    if state[_DIGITS] == 0:
        return False
    if place - state[_LAST] > _WIDEST or not _separates(code):
        return True
    if _is_in(code, _HIDING):
        state[_MARKS] |= HIDDEN
    elif _is_in(code, _GLUE):
        state[_MARKS] |= SPOKEN
    return False


@compiled
def _is_at(code: Any, before: Any, further: Any) -> Any:
    """Whether an @ ends here, or "골뱅이", "(at)", "[at]"."""
    if code == 64 or code == 0xFF20 or code == 0xFE6B:
        return True
    if code == 0xC774:
        return before == 0xBC45 and further == 0xACE8
    return code == 116 and before == 97 and (further == 40 or further == 91)


@compiled
def _is_empty(data: npt.NDArray[np.uint8], at: Any, end: Any) -> bool:
    """Whether a text cannot have a spot: too few digits in all, no @ and no street."""
    digits = 0
    before = further = np.uint32(0)
    while at < end:
        code, size = code_at(data, at)
        at += size
        digits += _digit(code) >= 0
        if digits >= FEWEST_DIGITS or _is_at(code, before, further):
            return False
        if code <= 32 and _is_in(before, _CITY) and _street_ends(data, at, end):
            return False
        further, before = before, code
    return True


@compiled
def _scan(data: npt.NDArray[np.uint8], ends: npt.NDArray[np.int32], out: Numbers) -> int:
    state = np.zeros(7, np.int64)
    used = 0
    for row in range(len(ends) - 1):
        at, end = np.int64(ends[row]), np.int64(ends[row + 1])
        if _is_empty(data, at, end):
            continue
        place = 0
        before = further = np.uint32(0)
        state[:] = 0
        state[_LOOK] = state[_ALIKE] = -100
        while at < end:
            code, size = code_at(data, at)
            at += size
            digit = _digit(code)
            if digit >= 0:
                if state[_DIGITS] and place - state[_LAST] > _WIDEST:
                    used = _close(out, used, row, state)
                _add(state, place, digit, code, before)
            elif _pass(state, place, code, before):
                used = _close(out, used, row, state)
            if _is_at(code, before, further):
                used = _note(out, used, row, place, place + 1, MAIL)
            elif code <= 32 and _is_in(before, _CITY):
                steps = _street_ends(data, at, end)
                if steps:
                    used = _note(out, used, row, place, place + steps, STREET)
            further, before = before, code
            place += 1
        used = _close(out, used, row, state)
    return used
