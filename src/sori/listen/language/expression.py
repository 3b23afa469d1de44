"""A listening rule as data, and how it is written down again."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final, TypeAlias


@dataclass(frozen=True, slots=True)
class Term:
    """One bare word, folded. `open_end`: written with a trailing `*`, so the word may go on."""

    text: str
    open_end: bool = False


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words in quotes, folded, with single spaces between them."""

    text: str


Word: TypeAlias = Term | Phrase


@dataclass(frozen=True, slots=True)
class Field:
    """`lang:`, `channel:` or `author:`; the value is folded."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class Followers:
    """How many follow the author; `sign` is one of `>=`, `<=`, `>`, `<`, `=`."""

    sign: str
    number: int


@dataclass(frozen=True, slots=True)
class Near:
    """Any of `left` at most `distance` words away from any of `right`, in either order."""

    left: tuple[Word, ...]
    right: tuple[Word, ...]
    distance: int


@dataclass(frozen=True, slots=True)
class And:
    """Every part holds."""

    parts: "tuple[Expression, ...]"


@dataclass(frozen=True, slots=True)
class Or:
    """At least one part holds."""

    parts: "tuple[Expression, ...]"


@dataclass(frozen=True, slots=True)
class Not:
    """The part does not hold; it is never a Not itself. `position`: where it was written."""

    part: "Expression"
    position: int = field(default=0, compare=False)


Expression: TypeAlias = Term | Phrase | Field | Followers | Near | And | Or | Not

BARE_VALUE: Final = re.compile(r"[^\s\"()&|*]+")
LOOSE, JOINED, DENIED, TIGHT = range(4)


def canonical(expression: Expression) -> str:
    """Write an expression so that reading it gives the same expression.

    Every AND is spelled out, and there are no parentheses but the needed ones.
    """
    return _written(expression, LOOSE)


def words(expression: Expression) -> Iterator[Word]:
    """The words and phrases a reader should see marked: all but those under a NOT."""
    match expression:
        case Term() | Phrase():
            yield expression
        case Near(left, right):
            yield from left
            yield from right
        case And(parts) | Or(parts):
            for part in parts:
                yield from words(part)
        case _:
            return


def _written(expression: Expression, binding: int) -> str:
    text, own = _spelled(expression)
    return f"({text})" if own < binding else text


def _spelled(expression: Expression) -> tuple[str, int]:
    match expression:
        case Or(parts):
            return " OR ".join(_written(part, JOINED) for part in parts), LOOSE
        case And(parts):
            return " AND ".join(_written(part, DENIED) for part in parts), JOINED
        case Not(part):
            return f"NOT {_written(part, DENIED)}", DENIED
        case Near(left, right, distance):
            return f"{_side(left)} NEAR/{distance} {_side(right)}", DENIED
        case _:
            return _leaf(expression), TIGHT


def _side(side: tuple[Word, ...]) -> str:
    return _written(Or(side), TIGHT) if len(side) > 1 else _leaf(side[0])


def _leaf(leaf: Term | Phrase | Field | Followers) -> str:
    match leaf:
        case Term(text, open_end):
            return f"{text}*" if open_end else text
        case Phrase(text):
            return f'"{text}"'
        case Field(name, value):
            return f"{name}:{value}" if BARE_VALUE.fullmatch(value) else f'{name}:"{value}"'
        case Followers(sign, number):
            return f"followers{sign}{number}"
