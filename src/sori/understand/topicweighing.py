"""Decide which of the phrases found in a text count, and which topics they make the weightiest."""

from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from sori.understand.compiled import compiled
from sori.understand.letters import Codes, Offsets
from sori.understand.trie import NONE, Trie, begin, step

Numbers = npt.NDArray[np.int64]

MOST: Final = 3
NEAR: Final = 24
"""So many characters at most lie between a hint and the phrase that makes it count."""

PHRASE, HINT, UNLESS = 1, 2, 3
OPEN, ENDINGS, CLOSED = 0, 1, 2
"""How a word may go on behind a phrase: anyhow, by an English ending, not at all."""

_STRUCK: Final = 0
_ROOM: Final = 256
"""More phrases than this of one text are not looked at."""


class Uses(NamedTuple):
    """What every phrase found stands for: phrase i has uses bounds[i] to bounds[i + 1].

    Attributes:
        bounds: where the uses of each begin.
        columns: topic, number of the phrase as it was written, role, whether a word must begin
            with it, how it may go on.
        group: the group of every topic.
    """

    bounds: Numbers
    columns: Numbers
    group: Numbers


@compiled
def _is_letter(code: Any) -> Any:
    return 97 <= code <= 122 or 48 <= code <= 57 or code >= 0xC0


@compiled
def _is_latin(code: Any) -> Any:
    return 97 <= code <= 122 or 48 <= code <= 57


@compiled
def _ends(codes: Codes, at: int, stop: int, behind: int) -> Any:
    """Whether the word goes on behind a phrase in a way that it may."""
    if behind == OPEN:
        return True
    if behind == CLOSED:
        return at == stop or not _is_letter(codes[at])
    last = at
    while last < stop and last - at < 4 and _is_latin(codes[last]):
        last += 1
    size = last - at
    if size == 0:
        return True
    if size == 1:  # s; d only behind an e, or "ad" would be found in "add"
        return codes[at] == 115 or (codes[at] == 100 and codes[at - 1] == 101)
    if size == 2:
        return codes[at] == 101 and (codes[at + 1] == 115 or codes[at + 1] == 100)  # es, ed
    return size == 3 and codes[at] == 105 and codes[at + 1] == 110 and codes[at + 2] == 103  # ing


@compiled
def _gather(codes: Codes, first: Any, stop: Any, trie: Trie, uses: Uses, said: Numbers) -> int:
    """Write down all phrases of one text that stand as a word should; how many."""
    bounds, columns = uses.bounds, uses.columns
    used = 0
    for start in range(first, stop):
        inside = start > first and _is_letter(codes[start - 1])
        # a Latin word may begin behind a Korean one, a Korean syllable may not
        if codes[start] < 0x80:
            if inside and _is_latin(codes[start - 1]):
                continue
            inside = False
        node, at = begin(trie, codes[start]), start + 1
        while node != NONE:
            phrase = trie.phrases[node]
            if phrase != NONE:
                # in a function of its own this loop would cost half as much again
                for use in range(bounds[phrase], bounds[phrase + 1]):
                    apart = not (columns[use, 3] and inside)
                    if used < len(said) and apart and _ends(codes, at, stop, columns[use, 4]):
                        said[used, 0], said[used, 1] = start, at
                        for column in range(3):
                            said[used, 2 + column] = columns[use, column]
                        used += 1
            if at == stop:
                break
            node = step(trie, node, codes[at])
            at += 1
    return used


@compiled
def _strike(said: Numbers, used: int) -> None:
    """Strike out what lies inside a longer wording that means something else."""
    for rule in (UNLESS, PHRASE):
        for one in range(used):
            if said[one, 4] == _STRUCK or said[one, 4] == UNLESS:
                continue
            for other in range(used):
                # they stand in the order of their begins: one that begins later holds none of it
                if said[other, 0] > said[one, 0]:
                    break
                inside = said[other, 4] == rule and said[one, 1] <= said[other, 1]
                longer = said[other, 1] - said[other, 0] > said[one, 1] - said[one, 0]
                same = said[other, 2] == said[one, 2]
                if inside and longer and same == (rule == UNLESS):
                    said[one, 4] = _STRUCK
                    break


@compiled
def _heard(said: Numbers, used: int, group: Numbers, one: int) -> bool:
    """Whether a phrase of the hint's group stands near it."""
    for other in range(used):
        if said[other, 4] == PHRASE and group[said[other, 2]] == group[said[one, 2]]:
            gap = max(said[other, 0] - said[one, 1], said[one, 0] - said[other, 1])
            if gap <= NEAR:
                return True
    return False


@compiled
def _weigh(said: Numbers, used: int, group: Numbers, scores: Numbers) -> int:
    """Write down the topics that are spoken of; how many there are.

    A score is a topic, how many different phrases speak for it, and where the first stands.
    """
    topics = 0
    for one in range(used):
        if said[one, 4] != PHRASE and not (said[one, 4] == HINT and _heard(said, used, group, one)):
            continue
        again = 0
        for other in range(one):
            again |= said[other, 3] == said[one, 3] and said[other, 4] == said[one, 4]
        at = 0
        while at < topics and scores[at, 0] != said[one, 2]:
            at += 1
        if at == topics:
            topics += 1
            scores[at, 0], scores[at, 1], scores[at, 2] = said[one, 2], 0, said[one, 0]
        scores[at, 1] += 1 - again
        scores[at, 2] = min(scores[at, 2], said[one, 0])
    return topics


@compiled
def _rank(scores: Numbers, topics: int, group: Numbers, chosen: Numbers) -> int:
    """Write down the weightiest topics; how many they are."""
    for one in range(topics):
        for other in range(topics):
            general = scores[other, 0] == group[scores[one, 0]]
            if general and scores[other, 0] != scores[one, 0]:
                scores[other, 1] = 0
    for place in range(MOST):
        best = 0
        for at in range(1, topics):
            heavier = scores[at, 1] > scores[best, 1]
            earlier = scores[at, 1] == scores[best, 1] and scores[at, 2] < scores[best, 2]
            if heavier or earlier:
                best = at
        # what is said last and in one phrase only is mostly said by the way
        if topics == 0 or scores[best, 1] <= (place == MOST - 1):
            return place
        chosen[place] = scores[best, 0]
        scores[best, 1] = 0
    return MOST


@compiled
def choose(
    codes: Codes, offsets: Offsets, trie: Trie, uses: Uses, chosen: Numbers, counts: Numbers
) -> None:
    """Write the topics of every text.

    Args:
        codes: letters of all texts.
        offsets: text i is `codes[offsets[i]:offsets[i + 1]]`.
        trie: the phrases to find.
        uses: what they stand for.
        chosen: where to write, MOST topics a text.
        counts: where to write how many they are.
    """
    said = np.empty((_ROOM, 5), np.int64)
    scores = np.empty((_ROOM, 3), np.int64)
    for row in range(len(offsets) - 1):
        used = _gather(codes, offsets[row], offsets[row + 1], trie, uses, said)
        _strike(said, used)
        topics = _weigh(said, used, uses.group, scores)
        counts[row] = _rank(scores, topics, uses.group, chosen[row])
