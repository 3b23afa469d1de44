"""From an expression to a function over sets of posts, and what must be found for it to be tried.

The functions are closures over small integers. Nothing a person wrote is ever compiled as Python.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, TypeAlias

from sori.listen.language import (
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
from sori.listen.matching.finding import Found
from sori.listen.matching.scanning import Literal

Atom: TypeAlias = Literal | Field | Followers


Evaluate: TypeAlias = Callable[[Found], int]
"""Gives the set of posts where it holds; that of a NOT is a negative integer, all but some."""

NEVER_RARE: Final = 1_000
"""What a filter by language, channel or followers costs as a trigger, in words."""


@dataclass(frozen=True)
class Rule:
    """A compiled listening rule; without one of its `triggers` in the batch it cannot hold."""

    evaluate: Evaluate
    triggers: frozenset[int]


class Compiler:
    """Compiles expressions, giving equal atoms of all of them one number.

    Attributes:
        atoms: every atom met so far, with its number.
    """

    def __init__(self) -> None:
        self.atoms: dict[Atom, int] = {}
        self._costs: list[float] = []

    def compile(self, expression: Expression) -> Rule:
        """Compile one expression that says what to look for (`language.parse` sees to that)."""
        triggers = self._triggers(expression, holds=True)
        assert triggers is not None, expression
        return Rule(self._evaluate(expression), triggers)

    def _number(self, leaf: Word | Field | Followers) -> int:
        match leaf:
            case Term(text, open_end):
                atom: Atom = Literal(text, open_end)
            case Phrase(text):
                atom = Literal(text, open_end=False)
            case _:
                atom = leaf
        number = self.atoms.setdefault(atom, len(self.atoms))
        if number == len(self._costs):
            self._costs.append(_cost(atom))
        return number

    def _evaluate(self, expression: Expression) -> Evaluate:
        match expression:
            case And(parts):
                # What says yes first: it is what leaves nothing to do for the rest.
                ordered = sorted(parts, key=lambda part: isinstance(part, Not))
                return _all_of([self._evaluate(part) for part in ordered])
            case Or(parts):
                return _any_of([self._evaluate(part) for part in parts])
            case Not(part):
                return _none_of(self._evaluate(part))
            case Near(left, right, distance):
                ones = [self._number(word) for word in left]
                others = [self._number(word) for word in right]
                return lambda found: found.near(ones, others, distance)
            case _:
                number = self._number(expression)
                return lambda found: found.bits[number]

    def _triggers(self, expression: Expression, *, holds: bool) -> frozenset[int] | None:
        """Atoms of which one must be there for the expression to hold (or not to hold).

        None where it may without any.
        """
        match expression:
            case Not(part):
                return self._triggers(part, holds=not holds)
            case And(parts) | Or(parts):
                choices = [self._triggers(part, holds=holds) for part in parts]
                if isinstance(expression, And) is holds:
                    return min(filter(None, choices), key=self._cost_of, default=None)
                known = [choice for choice in choices if choice is not None]
                return frozenset().union(*known) if len(known) == len(choices) else None
            case Near(left, right):
                sides = (frozenset(map(self._number, side)) for side in (left, right))
                return min(sides, key=self._cost_of) if holds else None
            case _:
                return frozenset((self._number(expression),)) if holds else None

    def _cost_of(self, triggers: frozenset[int]) -> float:
        return sum(self._costs[number] for number in triggers)


def _cost(atom: Atom) -> float:
    """A guess at how often it is found: a longer word is a rarer one."""
    match atom:
        case Literal(text, _):
            return 1 / len(text.encode())
        case Field("author", _):
            return 0
        case _:
            return NEVER_RARE


def _all_of(parts: list[Evaluate]) -> Evaluate:
    def evaluate(found: Found) -> int:
        bits = -1
        for part in parts:
            bits &= part(found)
            if not bits:
                break
        return bits

    return evaluate


def _any_of(parts: list[Evaluate]) -> Evaluate:
    def evaluate(found: Found) -> int:
        bits = 0
        for part in parts:
            bits |= part(found)
        return bits

    return evaluate


def _none_of(part: Evaluate) -> Evaluate:
    return lambda found: ~part(found)
