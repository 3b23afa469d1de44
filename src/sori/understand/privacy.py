"""Find personal data in what customers write, and blot out what must never be stored.

Two groups, by what the desk may keep. Numbers that name or pay for a person (resident, foreigner,
passport, driving licence, card and bank account numbers) are blotted out before the first durable
write: Korean law wants them encrypted or not kept at all, and no reply needs them. Phone numbers,
mail and street addresses are what the desk needs to help; they are found and listed, and stay.

A resident number is known by its date and century digit, never by its check digit: numbers given
out since October 2020 have none. Blotting replaces letters and digits by asterisks and nothing
else, so a text keeps its length and every index into it stays right.
"""

import re
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from sori.understand.compiled import compiled
from sori.understand.contract import Step, with_columns
from sori.understand.identifiers import ADDRESS_HINT, Finding, candidates
from sori.understand.letters import string_buffers
from sori.understand.travelling import mask_travelling

MASKED: Final = frozenset(
    {
        "resident_number",
        "foreigner_number",
        "passport",
        "driving_licence",
        "card",
        "account",
        "social_security",
    }
)
"""Blotted out wherever they are found."""

CONTACTS: Final = frozenset({"phone", "email", "address"})
"""Found and listed, and left in place unless the caller asks."""

_DIGIT_WORDS: Final = dict(zip("공영일이삼사오육륙칠팔구", "001234566789", strict=True))
_PLAIN: Final = str.maketrans(
    {chr(zero + digit): str(digit) for zero in (0xFF10, 0x0660, 0x0966) for digit in range(10)}
    | dict.fromkeys("‐‑‒–—―−－﹣ー", "-")
    | dict.fromkeys("\u00a0\u2002\u2003\u2009\u3000\u200a\u202f", " ")
    | dict.fromkeys("＠﹫", "@")
    | dict.fromkeys("．。", ".")
    | {"＋": "+", "＊": "*", "（": "(", "）": ")"}
)
# A syllable that is a digit; "이" is no 2 where it begins an ending ("...이에요", "...이 맞아요").
_ENDINGS: Final = "에요|예요|고요|구요|야|요|네|라|며|었|거든|잖|니| 맞| 아니| 제| 내"
_SAID: Final = rf"(?!이(?:{_ENDINGS}))[{''.join(_DIGIT_WORDS)}0-9]"
_SPOKEN: Final = re.compile(rf"{_SAID}(?:[ \-.)(/·]{{0,3}}{_SAID}){{7,24}}")
_FEWEST_SPOKEN: Final = 6
_BLOT: Final = re.compile(r"[^\W_]|[●○■*]")


def mask(text: str, *, also: frozenset[str] = frozenset()) -> tuple[str, list[str]]:
    """Blot out what must not be stored.

    Args:
        text: what somebody wrote.
        also: further sorts to blot out, such as CONTACTS where strangers will read the text.

    Returns:
        The text, of the same length, and the sorts of personal data found in it, in order of
        their names, also those that were left in place.

    >>> mask("제 주민번호는 900101-1234567 입니다")
    ('제 주민번호는 ******-******* 입니다', ['resident_number'])
    """
    findings = find(text)
    for found in findings:
        if found.sort in MASKED or found.sort in also:
            hidden = _BLOT.sub("*", text[found.start : found.end])
            text = text[: found.start] + hidden + text[found.end :]
    return text, sorted({found.sort for found in findings})


def find(text: str) -> list[Finding]:
    """All personal data in a text, in order; where two findings overlap, the surer one."""
    taken: list[Finding] = []
    for one in candidates(_shadow(text)):
        if all(one.end <= other.start or other.end <= one.start for other in taken):
            taken.append(one)
    return sorted(taken, key=lambda found: found.start)


def make_privacy() -> Step:
    """The step that masks `title` and `text` and adds `masked`, the sorts of data found in them.

    The JSON that travels along (`extra`, `reply_address`) is masked as well.
    """

    def step(batch: pa.RecordBatch) -> pa.RecordBatch:
        sorts: dict[int, set[str]] = {}
        columns = {
            name: _mask_column(batch.column(name), sorts)
            for name in ("title", "text")
            if name in batch.schema.names
        }
        columns["masked"] = _listed(batch.num_rows, sorts)
        return with_columns(batch, columns | mask_travelling(batch, mask))

    return step


def _listed(rows: int, sorts: dict[int, set[str]]) -> pa.Array:
    if not sorts:
        return pa.ListArray.from_arrays(np.zeros(rows + 1, np.int32), pa.array([], pa.string()))
    lists = [sorted(sorts.get(row, ())) for row in range(rows)]
    return pa.array(lists, pa.list_(pa.string()))


def _mask_column(column: pa.Array, sorts: dict[int, set[str]]) -> pa.Array:
    if column.null_count == len(column):
        return column
    texts = column.cast(pa.string())
    rows = _suspects(pc.fill_null(texts, ""))
    changed: dict[int, str] = {}
    for row in rows:
        text = texts[row].as_py()
        masked, found = mask(text)
        if found:
            sorts.setdefault(row, set()).update(found)
        if masked != text:
            changed[row] = masked
    return _replaced(texts, changed) if changed else texts


def _replaced(texts: pa.Array, changed: dict[int, str]) -> pa.Array:
    where = np.zeros(len(texts), np.bool_)
    where[list(changed)] = True
    values = pa.array([changed[row] for row in sorted(changed)], pa.string())
    return pc.replace_with_mask(texts, pa.array(where), values)


def _suspects(texts: pa.Array) -> list[int]:
    """The rows that may hold personal data: many digits close together, an @ or a street."""
    data, ends = string_buffers(texts)
    found = np.zeros(len(texts), np.bool_)
    _crowded(data, ends, found)
    streets = pc.match_substring_regex(texts, ADDRESS_HINT).to_numpy(zero_copy_only=False)
    rows: list[int] = np.flatnonzero(found | streets).tolist()
    return rows


def _shadow(text: str) -> str:
    plain = text.translate(_PLAIN)
    return plain if plain.isascii() else _SPOKEN.sub(_numbers, plain)


def _numbers(spoken: "re.Match[str]") -> str:
    """Digits written as words, as digits; a run with few of them is only a sentence."""
    run = spoken.group()
    words = sum(character in _DIGIT_WORDS for character in run)
    if words < _FEWEST_SPOKEN:
        return run
    return "".join(_DIGIT_WORDS.get(character, character) for character in run)


_FEWEST_DIGITS: Final = 7
_DIGIT_SYLLABLES: Final = tuple(ord(syllable) for syllable in _DIGIT_WORDS)
_WIDEST_GAP: Final = 12
"""In bytes; a full-width space takes three."""


@compiled
def _is_digit(data: npt.NDArray[np.uint8], at: Any, end: Any) -> int:
    """How many bytes a digit takes here: 1 in ASCII, 2 or 3 elsewhere; 0 where there is none.

    Every Hangul syllable that can be a digit counts; whether it is one, the patterns decide.
    """
    first = data[at]
    if first < 0x80:
        return 1 if 48 <= first <= 57 else 0
    if first == 0xD9 and at + 1 < end and data[at + 1] >= 0xA0:
        return 2
    if at + 2 >= end:
        return 0
    second, third = data[at + 1], data[at + 2]
    if first == 0xEF and second == 0xBC and 0x90 <= third <= 0x99:
        return 3
    if first == 0xE0 and second == 0xA5 and 0xA6 <= third <= 0xAF:
        return 3
    if first < 0xEA or first > 0xED:
        return 0
    code = ((first & 0x0F) << 12) | (np.int64(second & 0x3F) << 6) | (third & 0x3F)
    for digit in _DIGIT_SYLLABLES:
        if code == digit:
            return 3
    return 0


@compiled
def _crowded(
    data: npt.NDArray[np.uint8], ends: npt.NDArray[np.int32], found: npt.NDArray[np.bool_]
) -> None:
    for row in range(len(ends) - 1):
        at = np.int64(ends[row])
        end = np.int64(ends[row + 1])
        run = 0
        last = at
        while at < end:
            if data[at] == 64:
                found[row] = True
                break
            size = _is_digit(data, at, end)
            if size == 0:
                at += 1
                continue
            run = run + 1 if at - last <= _WIDEST_GAP else 1
            at += size
            last = at
            if run >= _FEWEST_DIGITS:
                found[row] = True
                break
