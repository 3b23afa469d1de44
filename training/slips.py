"""Write a message as another person might have typed it: in haste, by ear, without spaces.

What is taught besides the messages themselves, so that a model reads people who spell as they
speak. A slip never changes what a message says: no word of feeling is added or taken away.
"""

import tomllib
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import Final

_FIRST: Final = 0xAC00
_VOWELS: Final = 21
_FINALS: Final = 28
_SYLLABLES: Final = 11_172
_SILENT: Final = 11
"""The consonant that is written where a syllable begins with a vowel."""

_OFTEN: Final = 0.35
"""The chance of each slip at each place where it could happen."""

_SOUND_ALIKE: Final = {1: 5, 5: 1, 10: 11, 11: 10, 15: 10, 3: 7, 7: 3}
"""Vowels that are mistaken for another, by number: ㅐ ㅔ, ㅙ ㅚ ㅞ, ㅒ ㅖ."""

_LAZY_FINALS: Final = {20: 19, 6: 4, 18: 17, 15: 8, 9: 1, 27: 0}
"""Finals and what is typed for them: ㅆ as ㅅ, ㄶ as ㄴ, ㅄ as ㅂ, ㅀ as ㄹ, ㄺ as ㄱ, ㅎ not."""

_SPOKEN_ON: Final = {6: (0, 2), 15: (0, 5), 20: (0, 10), 27: (0, 11), 19: (0, 9), 18: (17, 9)}
"""Finals before a vowel, and how they are heard: what stays, and what begins the next syllable."""

_WORDS: Final[dict[str, list[str]]] = tomllib.loads(
    Path(__file__).with_suffix(".toml").read_text(encoding="utf-8")
)
"""Words and how some people type them."""


def slipped(text: str, chance: Random) -> str:
    """The text with the slips of one writer, who makes some sorts of them and others not."""
    for sort in (_words, _heard, _misspelt, _spaces, _capitals):
        if chance.random() < 0.5:
            text = sort(text, chance)
    return text


def _words(text: str, chance: Random) -> str:
    for word, typed in _WORDS.items():
        if word in text and chance.random() < _OFTEN:
            text = text.replace(word, chance.choice(typed))
    return text


def _spaces(text: str, chance: Random) -> str:
    return "".join(letter for letter in text if letter != " " or chance.random() > _OFTEN)


def _capitals(text: str, _chance: Random) -> str:
    return text.lower()


def _misspelt(text: str, chance: Random) -> str:
    """Some syllables with a vowel or a final that sounds nearly the same."""

    def typed(first: int, vowel: int, final: int) -> tuple[int, int, int]:
        if vowel in _SOUND_ALIKE and chance.random() < _OFTEN / 2:
            vowel = _SOUND_ALIKE[vowel]
        if final in _LAZY_FINALS and chance.random() < _OFTEN:
            final = _LAZY_FINALS[final]
        return first, vowel, final

    return _by_syllable(text, typed)


def _by_syllable(text: str, typed: Callable[[int, int, int], tuple[int, int, int]]) -> str:
    return "".join(
        _syllable(*typed(*_parts(letter))) if _is_syllable(letter) else letter for letter in text
    )


def _heard(text: str, chance: Random) -> str:
    """Some finals written where they are heard, at the beginning of the next syllable."""
    letters = list(text)
    for at, (letter, following) in enumerate(pairwise(text)):
        if not (_is_syllable(letter) and _is_syllable(following)):
            continue
        first, vowel, final = _parts(letters[at])
        begin, *rest = _parts(following)
        if final in _SPOKEN_ON and begin == _SILENT and chance.random() < _OFTEN / 2:
            stays, begins = _SPOKEN_ON[final]
            letters[at] = _syllable(first, vowel, stays)
            letters[at + 1] = _syllable(begins, *rest)
    return "".join(letters)


def _is_syllable(letter: str) -> bool:
    return 0 <= ord(letter) - _FIRST < _SYLLABLES


def _parts(syllable: str) -> tuple[int, int, int]:
    """Numbers of the first consonant, the vowel and the final of a syllable (Unicode, 3.12)."""
    rest, final = divmod(ord(syllable) - _FIRST, _FINALS)
    first, vowel = divmod(rest, _VOWELS)
    return first, vowel, final


def _syllable(first: int, vowel: int, final: int) -> str:
    return chr(_FIRST + (first * _VOWELS + vowel) * _FINALS + final)
