"""Tell the language of a text, or say honestly that it cannot be told.

The script decides wherever it can: Hangul is Korean, kana Japanese, Thai Thai. Only where many
languages share a script (Latin, Cyrillic) a small table of character runs decides, and only when
it is sure. Very short, mixed and romanised texts have no language rather than a wrong one.
"""

from functools import cache
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from sori.understand.compiled import compiled
from sori.understand.contract import Step
from sori.understand.letters import Codes, Letters, Offsets, step_of
from sori.understand.linear import Scores, Table, load

SCRIPTS: Final = (
    "hangul", "jamo", "kana", "han", "latin", "cyrillic",
    "arabic", "thai", "devanagari", "bengali", "greek", "hebrew",
)  # fmt: skip
HANGUL, JAMO, KANA, HAN, LATIN, CYRILLIC, ARABIC, THAI, DEVANAGARI, BENGALI, GREEK, HEBREW = range(
    12
)

# One syllable block or ideograph says about as much as two letters of an alphabet.
_WEIGHTS: Final = np.array([2, 1, 2, 2, 1, 1, 1, 1, 1, 1, 1, 1], np.float32)
# Scripts that only one language of customers uses. Arabic script is Arabic only without the
# letters that Persian and Urdu add, which are not counted.
_SINGLE: Final = {
    ARABIC: "ar",
    THAI: "th",
    DEVANAGARI: "hi",
    BENGALI: "bn",
    GREEK: "el",
    HEBREW: "he",
}

# Korean messages are full of product names in Latin letters; a third of Hangul is enough, and less
# of it where the sentence ends in Hangul: the end of a Korean sentence is where its verb stands.
_KOREAN_SHARE: Final = 0.34
_KOREAN_END_SHARE: Final = 0.15
_MAIN_SHARE: Final = 0.6
_KANA_SHARE: Final = 0.08
_FEWEST_HAN: Final = 4
_FEWEST_LETTERS: Final = 4

MOST_READ: Final = 48
"""Of a text in an alphabet so many letters are read: who has not said by then, will not."""


def make_language() -> Step:
    """The step that adds `lang` (ISO 639-1, null when unsure) and `lang_confidence`."""
    return step_of(read_language)


def read_language(letters: Letters) -> dict[str, pa.Array]:
    """The language of every text."""
    counts = np.zeros((letters.rows, len(SCRIPTS)), np.int32)
    ends = np.full(letters.rows, -1, np.int32)
    _count_scripts(letters.codes, letters.offsets, counts, ends)
    weighted = counts * _WEIGHTS
    total = weighted.sum(axis=1)
    share = weighted / np.maximum(total, 1)[:, None]
    lang = np.full(letters.rows, None, object)
    confidence = np.zeros(letters.rows, np.float32)
    _by_script(counts, share, ends, lang, confidence)
    alphabet = share[:, LATIN] + share[:, CYRILLIC]
    rows = np.flatnonzero((alphabet >= _MAIN_SHARE) & (lang == None) & (total > 0))  # noqa: E711
    if len(rows):
        _by_table(letters, rows, counts, lang, confidence)
    return {
        "lang": pa.array(lang, pa.string()),
        "lang_confidence": pa.array(confidence, pa.float32(), mask=total == 0),
    }


def _by_script(
    counts: npt.NDArray[np.int32],
    share: Scores,
    ends: npt.NDArray[np.int32],
    lang: npt.NDArray[np.object_],
    confidence: Scores,
) -> None:
    korean = share[:, HANGUL] + share[:, JAMO]
    eastern = share[:, KANA] + share[:, HAN]
    kana = share[:, KANA] >= np.maximum(_KANA_SHARE * eastern, 1e-6)
    many = counts[:, HAN] >= _FEWEST_HAN
    certain = np.clip(0.7 + 0.5 * (korean - _KOREAN_SHARE), 0, 0.999)
    enough = np.where((ends == HANGUL) & (counts[:, HANGUL] >= 2), _KOREAN_END_SHARE, _KOREAN_SHARE)
    _say(korean >= np.maximum(enough, eastern), "ko", certain, lang, confidence)
    _say((eastern >= _MAIN_SHARE) & kana, "ja", 0.6 + 0.399 * eastern, lang, confidence)
    chinese = (eastern >= _MAIN_SHARE) & ~kana
    _say(chinese & many, "zh", 0.6 + 0.38 * eastern, lang, confidence)
    # a few ideographs alone can be Chinese, Japanese or Korean
    confidence[chinese & ~many] = 0.5
    for script, name in _SINGLE.items():
        main = (share[:, script] >= _MAIN_SHARE) & (counts[:, script] >= 2)
        _say(main, name, 0.6 + 0.38 * share[:, script], lang, confidence)


def _say(
    where: npt.NDArray[np.bool_],
    name: str,
    certain: Scores,
    lang: npt.NDArray[np.object_],
    confidence: Scores,
) -> None:
    lang[where] = name
    confidence[where] = certain[where]


@cache
def _table() -> Table:
    return load("language")


def _by_table(
    letters: Letters,
    rows: npt.NDArray[np.int64],
    counts: npt.NDArray[np.int32],
    lang: npt.NDArray[np.object_],
    confidence: Scores,
) -> None:
    table = _table()
    scores, known = table.scores(letters.take(rows, MOST_READ))
    scores *= table.card["sharpness"]
    scores -= scores.max(axis=1, keepdims=True)
    chances = np.exp(scores)
    chances /= chances.sum(axis=1, keepdims=True)
    # the first column is "no language of ours": gibberish and Korean in Latin letters
    best = chances[:, 1:].argmax(axis=1) + 1
    sure = chances[np.arange(len(rows)), best]
    size = counts[rows, LATIN] + counts[rows, CYRILLIC]
    names = np.array(table.card["languages"], object)[best]
    names[(sure < table.card["threshold"]) | (known < table.card["fewest_known"])] = None
    names[size < _FEWEST_LETTERS] = None
    lang[rows] = names
    confidence[rows] = sure


@compiled
def _script_of(code: int) -> int:  # noqa: C901 - a table of ranges, not logic
    if code < 0x80:
        return LATIN if 97 <= code <= 122 else -1
    if code < 0x250 or 0x1E00 <= code < 0x1F00:
        return LATIN if code >= 0xC0 and code != 0xD7 and code != 0xF7 else -1
    if 0xAC00 <= code <= 0xD7A3:
        return HANGUL
    if 0x1100 <= code < 0x1200 or 0x3131 <= code <= 0x318E:
        return JAMO
    if 0x3041 <= code <= 0x30FF:
        return -1 if code == 0x30FB or code == 0x30FC else KANA
    if 0x3400 <= code <= 0x9FFF or 0x20000 <= code < 0x30000:
        return HAN
    if 0x370 <= code < 0x400:
        return GREEK
    if 0x400 <= code < 0x530:
        return CYRILLIC
    if 0x590 <= code < 0x600:
        return HEBREW
    if 0x620 <= code <= 0x64A:
        return ARABIC
    if 0x900 <= code < 0x980:
        return DEVANAGARI
    if 0x980 <= code < 0xA00:
        return BENGALI
    if 0xE00 <= code < 0xE80:
        return THAI
    return -1


@compiled
def _count_scripts(
    codes: Codes, offsets: Offsets, counts: npt.NDArray[np.int32], ends: npt.NDArray[np.int32]
) -> None:
    """Count the letters of every script, and note that of the last letter."""
    for row in range(len(offsets) - 1):
        for at in range(offsets[row], offsets[row + 1]):
            script = _script_of(codes[at])
            if script >= 0:
                counts[row, script] += 1
                ends[row] = script
