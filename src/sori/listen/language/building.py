"""From what the grammar recognises to an expression, checking what a grammar cannot."""

import re
from typing import Final

from lark import Token, Transformer, v_args

from sori.errors import LanguageError
from sori.listen.language import messages
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
)
from sori.listen.language.folding import fold, squeeze

FIELDS: Final = ("lang", "channel", "author")
FILTERS: Final = ("lang:ko", "channel:email", "author:kim", "followers>=1000")
SIGNS: Final = {"≥": ">=", "≤": "<="}

_BARE: Final = re.compile(r'[^\s"()&|!:<>=≥≤*-][^\s"()&|:<>=≥≤*]*(?<!,)')
_COMPARISON: Final = re.compile(r"(\w+?)(\s*)(>=|<=|[><=≥≤])(\s*)(.*)", re.DOTALL)
_NUMBER: Final = re.compile(r"[0-9]{1,15}|[0-9]{1,3}(,[0-9]{3}){1,4}")
_LANGUAGE: Final = re.compile(r"[a-z]{2}")


@v_args(inline=True)
class Builder(Transformer[Token, Expression]):
    """Makes one expression of each piece of the grammar, from the leaves up."""

    def word(self, token: Token) -> Word:
        """A bare word, perhaps with a wildcard at its end."""
        start = _start(token)
        star = token.find("*")
        if star >= 0 and (star == 0 or star != len(token) - 1):
            raise LanguageError(messages.WILDCARD, start + star)
        if token.endswith(","):
            raise LanguageError(messages.COMMA, start + len(token) - 1, ("AND", "OR"))
        folded = squeeze(fold(token.removesuffix("*"))).strip()
        if _BARE.fullmatch(folded):
            return Term(folded, open_end=star > 0)
        # NFKC unpacks some signs into several, such as U+2474 into "(1)": no longer a bare word.
        if star > 0:
            raise LanguageError(messages.WILDCARD, start + star)
        return Phrase(folded)

    def phrase(self, token: Token) -> Phrase:
        """Words in quotes."""
        folded = squeeze(fold(token[1:-1])).strip()
        if not folded:
            raise LanguageError(messages.EMPTY_PHRASE, _start(token))
        return Phrase(folded)

    def field(self, token: Token) -> Field:
        """A filter with a colon."""
        name, _, value = token.partition(":")
        name, start = fold(name), _start(token)
        at_value = start + len(name) + 1
        if name == "followers":
            raise LanguageError(messages.FILTER_SIGN, at_value - 1, (">=", "<="))
        if name not in FIELDS:
            raise LanguageError(messages.UNKNOWN_FILTER, start, FILTERS)
        quoted = value.startswith('"')
        value = fold(value.strip('"'))
        if not value.strip() or ("*" in value and not quoted):
            raise LanguageError(messages.FILTER_VALUE, at_value)
        if name == "lang" and not _LANGUAGE.fullmatch(value):
            raise LanguageError(messages.LANGUAGE_CODE, at_value, ("lang:ko", "lang:en"))
        return Field(name, value)

    def followers(self, token: Token) -> Followers:
        """A filter with a comparison."""
        found = _COMPARISON.fullmatch(token)
        assert found, token
        name, sign, number = fold(found[1]), found[3], found[5]
        start = _start(token)
        if name in FIELDS:
            raise LanguageError(messages.FILTER_SIGN, start + found.start(3), (":",))
        if name != "followers":
            raise LanguageError(messages.UNKNOWN_FILTER, start, FILTERS)
        if not _NUMBER.fullmatch(number):
            raise LanguageError(messages.BAD_NUMBER, start + found.start(5), ("followers>=1000",))
        return Followers(SIGNS.get(sign, sign), int(number.replace(",", "")))

    def nearby(self, left: Expression, token: Token, right: Expression) -> Near:
        """Two words near each other."""
        start = _start(token)
        number = token[len("near/") :]
        if not re.fullmatch("[0-9]{1,3}", number) or int(number) > messages.FARTHEST:
            raise LanguageError(messages.NEAR_NUMBER, start, ("NEAR/5",))
        sides = _alternatives(left), _alternatives(right)
        if not all(sides):
            raise LanguageError(messages.NEAR_OPERANDS, start)
        return Near(*sides, int(number))

    def denied(self, token: Token, part: Expression) -> Expression:
        """NOT; two of them cancel out."""
        return part.part if isinstance(part, Not) else Not(part, _start(token))

    def every(self, *parts: Expression) -> And:
        """Parts side by side."""
        return And(parts)

    def either(self, *parts: Expression) -> Or:
        """Parts joined by OR."""
        return Or(parts)


def loose_at(expression: Expression) -> int | None:
    """Where the NOT stands that leaves a rule without anything to look for; None if none does."""
    match expression:
        case Not(part, position):
            return None if _binds_denied(part) else position
        case And(parts):
            loose = [loose_at(part) for part in parts]
            return None if None in loose else loose[0]
        case Or(parts):
            return next((at for at in map(loose_at, parts) if at is not None), None)
        case _:
            return None


def _binds_denied(expression: Expression) -> bool:
    """Whether NOT of it says what to look for: NOT (NOT a OR b) is a AND NOT b."""
    match expression:
        case Not(part):
            return loose_at(part) is None
        case And(parts):
            return all(map(_binds_denied, parts))
        case Or(parts):
            return any(map(_binds_denied, parts))
        case _:
            return False


def _alternatives(side: Expression) -> tuple[Word, ...]:
    """The words of one side of NEAR; empty where it is something else."""
    match side:
        case Term() | Phrase():
            return (side,)
        case Or(parts):
            groups = [_alternatives(part) for part in parts]
            return tuple(word for group in groups for word in group) if all(groups) else ()
        case _:
            return ()


def _start(token: Token) -> int:
    return token.start_pos or 0
