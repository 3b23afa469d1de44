"""The language of listening rules: what a person writes to say which voices to hear.

It knows no Django and no text to search in; `sori.listen.matching` finds what it describes.
"""

from sori.errors import LanguageError
from sori.listen.language.expression import (
    And,
    Expression,
    Field,
    Followers,
    Near,
    Not,
    Or,
    Phrase,
    Term,
    Word,
    canonical,
    words,
)
from sori.listen.language.folding import WHITESPACE, fold, squeeze
from sori.listen.language.messages import MESSAGES
from sori.listen.language.parsing import parse

__all__ = [
    "MESSAGES",
    "WHITESPACE",
    "And",
    "Expression",
    "Field",
    "Followers",
    "LanguageError",
    "Near",
    "Not",
    "Or",
    "Phrase",
    "Term",
    "Word",
    "canonical",
    "fold",
    "parse",
    "squeeze",
    "words",
]
