"""Where each letter that the models read came from in the text as it was written.

`letters` makes a plain form of a text and forgets the way; here the same is done for one text, a
piece at a time, remembering it. Slow, and only for showing a person what a model looked at.
"""

import unicodedata
from collections.abc import Iterator
from typing import Final, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

_MEDIAL_AND_FINAL_JAMO: Final = range(0x1160, 0x1200)
_SPACE: Final = ord(" ")


class Traced(NamedTuple):
    """A text as the models read it.

    Attributes:
        codes: its code points, as in `Letters.codes`.
        origins: for each of them where it stands in the written text, as (begin, end).
    """

    codes: list[int]
    origins: list[tuple[int, int]]


def traced(text: str) -> Traced:
    """The letters of one text with their origins."""
    bounds = list(inseparable(text))
    pieces = pa.array([text[begin:end] for begin, end in bounds], pa.string())
    plain = pc.utf8_lower(pc.utf8_normalize(pieces, "NFKC")).to_pylist()
    codes: list[int] = []
    origins: list[tuple[int, int]] = []
    for letters, origin in zip(plain, bounds, strict=True):
        for code in map(ord, letters):
            if _is_space(code):
                if codes and codes[-1] != _SPACE:
                    codes.append(_SPACE)
                    origins.append(origin)
            elif codes[-2:] != [code, code]:
                codes.append(code)
                origins.append(origin)
    if codes and codes[-1] == _SPACE:
        codes.pop()
        origins.pop()
    return Traced(codes, origins)


def inseparable(text: str) -> Iterator[tuple[int, int]]:
    """Cut a text between letters that cannot become one: an accent stays with its letter."""
    start = 0
    for at, letter in enumerate(text):
        if at > start and not _leans_back(letter):
            yield start, at
            start = at
    if text:
        yield start, len(text)


def _leans_back(letter: str) -> bool:
    if letter.isascii():
        return False
    # a jamo that stands alone is another sign than that in a syllable, and becomes it: ㅋㅠ is 큐
    first = unicodedata.normalize("NFKD", letter)[0]
    return unicodedata.combining(first) != 0 or ord(first) in _MEDIAL_AND_FINAL_JAMO


def _is_space(code: int) -> bool:
    return code <= 32 or code in {0x7F, 0xA0, 0x3000} or 0x2000 <= code <= 0x200F
