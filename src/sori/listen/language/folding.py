"""When two spellings are the same word: what folding keeps and what it forgets.

Folding is lower case, then Unicode NFKC, then lower case again, letter by letter (so that the
same letter folds alike wherever it stands). Lower case comes first because some letters compose
with their accent only when small, and again last because NFKC unpacks signs such as U+2121 into
capitals. `sori.listen.matching.texts` does the same to whole Arrow columns; a test holds the two
together for every code point.
"""

import re
import unicodedata
from typing import Final

WHITESPACE: Final = " \t\n\v\f\r"
"""What separates words once text is folded; NFKC has made a space of nearly every other blank."""

_RUNS: Final = re.compile(f"[{WHITESPACE}]+")


def fold(text: str) -> str:
    """Forget case and compatibility forms.

    >>> fold("ＩＰｈｏｎｅ")
    'iphone'
    """
    if text.isascii():
        return text.lower()
    return _lower(unicodedata.normalize("NFKC", _lower(text)))


def squeeze(text: str) -> str:
    """Make one space of every run of whitespace."""
    return _RUNS.sub(" ", text)


def _lower(text: str) -> str:
    # The only letters whose small form depends on their neighbours, or is more than one letter.
    return text.replace("Σ", "σ").replace("İ", "i").lower()
