"""How much a theme weighs: what speaks for changing something about it, each with its points.

Pure: nothing here reads a clock or a database. Every word gives a share, 0 to 1, of the points the
company gives it; a share only ever grows with what speaks for it, and never beyond 1. Only effort
takes points away. The weight is the sum, so it can be told in one sentence why a theme is first.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import log, sqrt
from types import MappingProxyType
from typing import Final, NamedTuple

WORDS: Final = ("volume", "people", "growth", "mood", "urgency", "reach", "value", "effort")
"""Everything that is weighed, in the order in which it is told."""

BOUNDS: Final = ("many_voices", "many_people", "far_reach", "high_value")
"""From where on a word has all of its points."""

EFFORTS: Final = ("", "small", "medium", "large")
"""How much work a change would be, as people said; "" when nobody did."""

CHANCE: Final = 2.0
"""So many units of its own chance a theme may grow by without any points."""

STEEP: Final = 10.0
"""From so many units of chance on growth has all of its points."""

FEW: Final = 5
"""So many calm voices are counted with every theme, so that one angry voice is not everybody."""

_TAKEN: Final[Mapping[str, float]] = MappingProxyType({"medium": 0.5, "large": 1.0})


@dataclass(frozen=True)
class Weights:
    """How many points the company gives at most; 0 says that a word does not matter here.

    Attributes:
        volume: for how often it was said.
        people: for how many different people said it.
        growth: for growing more than chance allows.
        mood: when all who said it were unhappy.
        urgency: when half of them could not wait.
        reach: for how many followers heard it.
        value: for what those who said it are worth in a year.
        effort: what a large change takes away; a medium one takes half of it.
        many_voices, many_people: so many have all points.
        far_reach: in followers.
        high_value: in the currency of the installation, a year.
    """

    volume: int = 20
    people: int = 20
    growth: int = 20
    mood: int = 10
    urgency: int = 15
    reach: int = 10
    value: int = 15
    effort: int = 10
    many_voices: int = 500
    many_people: int = 300
    far_reach: int = 1_000_000
    high_value: int = 100_000_000


DEFAULT: Final = Weights()


class Facts(NamedTuple):
    """What is known of a theme, in the days the newest run has read.

    Attributes:
        voices: how many said it; what one author repeats counts once.
        people: different accounts.
        last: voices in the last seven days.
        before: in the seven before.
        judged: voices whose mood is known.
        negative: those of them that are unhappy.
        urgent: voices of the highest urgency.
        reach: followers of all who said it, each account once.
        worth: what the known people among them are worth in a year, together, in whole units.
        effort: one of EFFORTS.
    """

    voices: int = 0
    people: int = 0
    last: int = 0
    before: int = 0
    judged: int = 0
    negative: int = 0
    urgent: int = 0
    reach: int = 0
    worth: int = 0
    effort: str = ""

    @property
    def rise(self) -> float:
        """The growth in units of its own chance, so that one more than one is no news."""
        return (self.last - self.before) / sqrt(self.last + self.before + 1)


class Part(NamedTuple):
    """What one word brings.

    Attributes:
        word: one of WORDS.
        share: how much of it holds, 0 to 1.
        points: what that brings; negative for effort.
        most: what it can bring.
    """

    word: str
    share: float
    points: float
    most: int


class Weight(NamedTuple):
    """How much a theme weighs, and what it is made of, in order of WORDS."""

    points: float
    parts: tuple[Part, ...]

    @property
    def reasons(self) -> list[Part]:
        """What speaks for it, the strongest first; only what makes a point when rounded."""
        speaking = [part for part in self.parts if part.points >= _SEEN]
        return sorted(speaking, key=lambda part: -part.points)


_SEEN: Final = 0.5


def weigh(facts: Facts, weights: Weights) -> Weight:
    """What speaks for a theme, and how much."""
    parts = tuple(_part(word, _SHARES[word](facts, weights), weights) for word in WORDS)
    return Weight(sum(part.points for part in parts), parts)


def total(facts: Facts, weights: Weights) -> float:
    """The points of `weigh` without what they are made of: for thousands of themes at once."""
    points = 0.0
    for word, share in _SPEAKING:
        points += share(facts, weights) * getattr(weights, word)
    return points - _taken(facts, weights) * weights.effort


def most(weights: Weights) -> int:
    """More than this no theme can weigh."""
    return sum(getattr(weights, word) for word in WORDS if word != "effort")


def _part(word: str, share: float, weights: Weights) -> Part:
    points: int = getattr(weights, word)
    return Part(word, share, -share * points if word == "effort" else share * points, points)


def _many(count: int, full: int) -> float:
    """Ten more matter much where there were ten, and little where there were a thousand."""
    return min(1.0, log(1 + count) / log(1 + max(full, 1)))


def _often(some: float, judged: int) -> float:
    return some / (judged + FEW)


def _growth(facts: Facts, _weights: Weights) -> float:
    return min(1.0, max(0.0, (facts.rise - CHANCE) / (STEEP - CHANCE)))


def _urgency(facts: Facts, _weights: Weights) -> float:
    return min(1.0, 2 * _often(facts.urgent, facts.voices))


def _taken(facts: Facts, _weights: Weights) -> float:
    return _TAKEN.get(facts.effort, 0.0)


def _value(facts: Facts, weights: Weights) -> float:
    return min(1.0, facts.worth / max(weights.high_value, 1))


_SHARES: Final[Mapping[str, Callable[[Facts, Weights], float]]] = MappingProxyType(
    {
        "volume": lambda facts, weights: _many(facts.voices, weights.many_voices),
        "people": lambda facts, weights: _many(facts.people, weights.many_people),
        "growth": _growth,
        "mood": lambda facts, _weights: _often(facts.negative, facts.judged),
        "urgency": _urgency,
        "reach": lambda facts, weights: _many(facts.reach, weights.far_reach),
        "value": _value,
        "effort": _taken,
    }
)
_SPEAKING: Final = tuple((word, share) for word, share in _SHARES.items() if word != "effort")
