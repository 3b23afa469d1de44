"""Make what a stranger typed fit to be shown to others: nothing hidden, no numbers of theirs."""

import re
import unicodedata
from typing import Final

from sori.understand.privacy import CONTACTS, mask

_MANY_LINES: Final = re.compile(r"\n{3,}")
_JOINER: Final = "\u200d"
"""Holds the parts of an emoji together."""


def one_line(text: str, longest: int) -> str:
    """A title: one line without control characters and personal data.

    >>> one_line("  앱에\\n어두운\\x00 화면을  ", 60)
    '앱에 어두운 화면을'
    """
    return _masked(" ".join(_visible(text).split()))[:longest].rstrip()


def paragraphs(text: str, longest: int) -> str:
    """Words of any number of lines without control characters and personal data."""
    lines = (line.rstrip() for line in _visible(text).splitlines())
    return _masked(_MANY_LINES.sub("\n\n", "\n".join(lines)).strip())[:longest].rstrip()


def _visible(text: str) -> str:
    """Without characters that cannot be seen or that turn the direction of writing around."""
    kept = (
        letter
        for letter in unicodedata.normalize("NFC", text)
        if letter in "\n\t" + _JOINER or unicodedata.category(letter) not in _HIDDEN
    )
    return "".join(kept)


_HIDDEN: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})


def _masked(text: str) -> str:
    masked, _sorts = mask(text, also=CONTACTS)
    return masked
