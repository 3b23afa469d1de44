"""What people write about initiatives, cleaned and held to its limits."""

from typing import Final

from django.utils.translation import gettext as _

from sori.errors import Refused

LONGEST: Final = 4_000
_TITLE: Final = 160


def in_a_line(words: str) -> str:
    """A title: one line.

    Raises:
        Refused: it is empty or too long.
    """
    text = " ".join(words.replace("\0", "").split())
    if not text or len(text) > _TITLE:
        raise Refused(_("Say in one line what should change, in at most 160 characters."))
    return text


def in_words(words: str, *, empty: bool = False) -> str:
    """Words of some length.

    Args:
        words: as somebody wrote them.
        empty: whether there may be none.

    Raises:
        Refused: there are none, or too many.
    """
    text = words.strip().replace("\0", "")
    if (not text and not empty) or len(text) > LONGEST:
        raise Refused(_("Write between 1 and 4,000 characters."))
    return text
