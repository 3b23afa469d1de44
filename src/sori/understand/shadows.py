"""Shadows of a text in which numbers stand the way patterns can find them.

In the plain shadow every digit of any script is an ordinary digit, every dash a hyphen and every
space a space; it has the length of the text. Where numbers may be written in words ("공일공
일이삼사...") or with words between ("010에 1234에 5678") there is a second, shorter one, with a
list of where its characters came from.
"""

import re
from collections.abc import Iterator
from typing import Final

from sori.understand.identifiers import Place
from sori.understand.spots import BANK, DIGIT_WORDS, FEWEST_DIGITS, HIDDEN, ZERO

_PLAIN: Final = str.maketrans(
    {chr(zero + digit): str(digit) for zero in (0xFF10, 0x0660, 0x0966) for digit in range(10)}
    | dict.fromkeys("‐‑‒–—―−－﹣ーㅡ", "-")
    | dict.fromkeys("\u00a0\u2002\u2003\u2009\u3000\u200a\u202f", " ")
    | dict.fromkeys("＠﹫", "@")
    | dict.fromkeys("．。", ".")
    | {"＋": "+", "＊": "*", "（": "(", "）": ")"}
)
# translating a text costs ten times as much as seeing that there is nothing to translate
_TO_PLAIN: Final = re.compile(f"[{''.join(map(re.escape, map(chr, _PLAIN)))}]")
# A syllable that is a digit; "이" is no 2 where it begins an ending ("...이에요", "...이 맞아요").
_ENDINGS: Final = "에요|예요|고요|구요|야|요|네|라|며|었|거든|잖|니|걸| 맞| 아니| 제| 내| 걸"
_SAID: Final = rf"(?!이(?:{_ENDINGS}))[{''.join(DIGIT_WORDS)}0-9]"
_GAP: Final = r"[ \-.)(/·_]{0,3}"
_GLUE: Final = r" {0,2}(?:에|의|다시|대시|하이픈) {0,2}"
_RUN: Final = re.compile(rf"{_SAID}(?:(?:{_GLUE}|{_GAP}){_SAID}){{{FEWEST_DIGITS - 1},24}}")
_CONTEXT: Final = 40
_GLUED: Final = re.compile(_GLUE)


def shadow(text: str) -> str:
    """The plain shadow of a text."""
    return text if text.isascii() or not _TO_PLAIN.search(text) else text.translate(_PLAIN)


def respelled(plain: str, place: Place) -> Iterator[tuple[str, Place, list[int]]]:
    """Shadows around a spot with its words turned into digits and hyphens.

    Args:
        plain: the plain shadow.
        place: the spot in it.

    Yields:
        A shadow, the spot in it, and for every character of it where it stood in `plain`.
    """
    for run in _RUN.finditer(plain, max(0, place.begin - 2), place.end + 2):
        low = max(0, run.start() - _CONTEXT)
        spelled, origin = list(plain[low : run.start()]), list(range(low, run.start()))
        begin, at, digits = len(spelled), run.start(), 0
        while at < run.end():
            glue = _GLUED.match(plain, at, run.end())
            character = "-" if glue else DIGIT_WORDS.get(plain[at], plain[at])
            digits += character.isdigit()
            spelled.append(character)
            origin.append(at)
            at = glue.end() if glue else at + 1
        there = Place(begin, len(spelled), place.what, digits, 5, ZERO | HIDDEN | BANK)
        spelled += plain[run.end() : run.end() + _CONTEXT]
        origin += range(run.end(), min(len(plain), run.end() + _CONTEXT))
        yield "".join(spelled), there, origin
