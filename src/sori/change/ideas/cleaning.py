"""Make what a stranger typed fit to be shown to others: nothing hidden, no numbers of theirs."""

import re
import unicodedata
from typing import Final

from sori.understand.privacy import CONTACTS, mask

_MANY_LINES: Final = re.compile(r"\n{3,}")
_ASKING: Final = re.compile(
    r"\s*(게\s*)?(해\s*)?(주세요|주시면 좋겠어요|주셨으면 좋겠어요|주셨으면 해요|싶어요|싶습니다"
    r"|좋겠어요|좋겠습니다|바랍니다|부탁해요|부탁드려요|부탁드립니다)[.!~ ]*$"
    r"|^(please|i (want|wish|would like)( to)?)\s+|\s*,?\s*please[.! ]*$",
    re.IGNORECASE,
)
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


def bare(title: str) -> str:
    """What a title wishes for, without the words of asking at its end.

    >>> bare("앱에 어두운 화면을 넣어 주세요!"), bare("Dark mode please")
    ('앱에 어두운 화면을 넣어', 'Dark mode')
    >>> bare("주세요")
    '주세요'
    """
    rest = _ASKING.sub("", title).strip()
    return rest if len(rest) > 1 else title


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
