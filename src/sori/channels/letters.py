"""Letters as people see them: what a place that limits the length of a text counts as one.

The borders are those of Unicode's extended grapheme clusters (UAX 29) as far as its properties can
be told with the standard library; where they cannot, two are counted rather than one.
"""

import unicodedata
from collections.abc import Iterator
from typing import Final

JOINER: Final = "\u200d"
MARKS: Final = frozenset({"Mn", "Me", "Mc"})
SIGNS: Final = frozenset({"So", "Sk", "Sm"})


def letters(text: str) -> Iterator[str]:
    """Each letter with what belongs to it: marks, jamo, the second half of a flag, joined emoji.

    >>> [*letters("가족👨‍👩‍👧🇰🇷e\u0301")] == ["가", "족", "👨‍👩‍👧", "🇰🇷", "é"]
    True
    """
    held, flags = "", 0
    for each in unicodedata.normalize("NFC", text):
        flags = flags + 1 if "\U0001f1e6" <= each <= "\U0001f1ff" else 0
        if held and _belongs(each, held, flags):
            held += each
            continue
        if held:
            yield held
        held = each
    if held:
        yield held


def _belongs(each: str, held: str, flags: int) -> bool:
    if flags and flags % 2 == 0:
        return True
    if held[-1] == JOINER and len(held) > 1 and unicodedata.category(each) in SIGNS:
        return True
    return (
        each == JOINER
        or unicodedata.category(each) in MARKS
        or "\U0001f3fb" <= each <= "\U0001f3ff"
        or "\U000e0020" <= each <= "\U000e007f"
        or (held == "\r" and each == "\n")
    )
