"""Choose sentences that stand for many: those whose letters most of the others share."""

from collections import Counter
from collections.abc import Sequence
from typing import Final, NamedTuple

_SHORT: Final = 12
_LONG: Final = 140
_SAME: Final = 0.6


class Candidate(NamedTuple):
    """An opinion that could be shown: where it stands, who said it, and its words."""

    mention: str
    begin: int
    end: int
    kind: str
    person: int
    words: str


def typical(
    candidates: Sequence[Candidate], most: int, beside: Sequence[Candidate] = ()
) -> list[Candidate]:
    """Some that stand for many, no two alike, and each by somebody else.

    Args:
        candidates: to choose from.
        most: so many at most.
        beside: what is chosen already; none is like one of these.
    """
    grams = [_grams(one.words) for one in candidates]
    spread = Counter(gram for some in grams for gram in some)
    order = sorted(
        range(len(candidates)),
        key=lambda at: (-_weight(candidates[at].words, grams[at], spread), candidates[at].mention),
    )
    chosen: list[int] = []
    people = {one.person for one in beside}
    taken = [_grams(one.words) for one in beside]
    for at in order:
        if len(chosen) == most:
            break
        alike = any(_likeness(grams[at], other) > _SAME for other in taken)
        if not alike and candidates[at].person not in people:
            chosen.append(at)
            taken.append(grams[at])
            people.add(candidates[at].person)
    return [candidates[at] for at in chosen]


def _grams(words: str) -> frozenset[str]:
    letters = "".join(words.casefold().split())
    return frozenset(letters[at : at + 2] for at in range(len(letters) - 1)) or frozenset([letters])


def _weight(words: str, grams: frozenset[str], spread: Counter[str]) -> float:
    """How much of it others say too; very short and very long ones count less."""
    shared = sum(spread[gram] - 1 for gram in grams) / len(grams)
    fair = min(len(words) / _SHORT, 1.0) * min(_LONG / len(words), 1.0)
    return (shared + 0.1) * fair


def _likeness(one: frozenset[str], other: frozenset[str]) -> float:
    return len(one & other) / len(one | other)
