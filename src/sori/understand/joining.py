"""Put clauses together that say the same, so that every opinion is told once."""

from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from sori.understand.clauses import LOOSE, TURN
from sori.understand.compiled import compiled

Numbers = npt.NDArray[np.int64]
Shares = npt.NDArray[np.float32]

NOTHING: Final = -1
"""No kind that says something, no sentiment, no topic."""
CHATTER: Final = -2
"""A kind that is no opinion."""

CLEAR: Final = 0.65
"""Two neighbours are told apart by kind or feeling where both are at least so sure."""

_HALF: Final = 0.5
_NEGATIVE, _, _POSITIVE, _MIXED = range(4)
_COMPLAINT, _, _, _PRAISE = range(4)


class Opinions(NamedTuple):
    """Columns of opinions, those of one text together and in order.

    Attributes:
        row: which text each is of.
        kind: number of its kind, NOTHING or CHATTER.
        sentiment: number of its sentiment, or NOTHING.
        topic: number of its topic, or NOTHING.
        sure: how sure its kind is, 0 to 1.
        felt: how sure its sentiment is, 0 to 1.
        begin: its first character in the text.
        end: the character behind its last.
        cut: what it begins behind (see `clauses`).
    """

    row: Numbers
    kind: Numbers
    sentiment: Numbers
    topic: Numbers
    sure: Shares
    felt: Shares
    begin: Numbers
    end: Numbers
    cut: Numbers


def joined(
    whole: Opinions, parts: Opinions, several: npt.NDArray[np.bool_], groups: Numbers
) -> Opinions:
    """The opinions of all texts, in order.

    Args:
        whole: every text as one opinion.
        parts: the clauses of the texts that have several.
        several: which texts these are.
        groups: the group of every topic.
    """
    out = np.empty((len(parts.row) + len(whole.row), 6), np.int64)
    _turn(parts.row, parts.kind, parts.sentiment, parts.sure, parts.felt, parts.cut)
    used = _join(*parts, groups, out)
    found = np.bincount(out[:used, 0], minlength=len(whole.row))
    # what is one opinion after all is best known by the whole text
    kept = several & ((found > 1) | ((found == 1) & (whole.kind < 0)))
    alone = np.flatnonzero((whole.kind >= 0) & ~kept)
    rest = np.stack(
        [whole.row, whole.kind, whole.sentiment, whole.topic, whole.begin, whole.end], axis=1
    )[alone]
    together = np.concatenate([out[:used][kept[out[:used, 0]]], rest])
    together = together[np.argsort(together[:, 0], kind="stable")]
    row, kind, sentiment, topic, begin, end = together.T
    sure = np.ones(len(row), np.float32)
    return Opinions(row, kind, sentiment, topic, sure, sure, begin, end, np.zeros_like(row))


@compiled
def _turn(
    row: Numbers, kind: Numbers, sentiment: Numbers, sure: Shares, felt: Shares, cut: Numbers
) -> None:
    """What sounds mixed before a turn ("맛은 있는데") is the opposite of what stands behind it."""
    for at in range(1, len(row)):
        one = at - 1
        if row[one] != row[at] or cut[at] != TURN or sentiment[one] != _MIXED:
            continue
        if sentiment[at] in (_NEGATIVE, _POSITIVE) and felt[at] >= _HALF:
            liked = sentiment[at] == _NEGATIVE
            sentiment[one] = _POSITIVE if liked else _NEGATIVE
            kind[one] = _PRAISE if liked else _COMPLAINT
            sure[one] = felt[one] = felt[at]


@compiled
def _apart(
    cut: Any, kinds: Any, sure: Any, feelings: Any, felt: Any, topics: Any, groups: Numbers
) -> Any:
    """Whether a clause is an opinion of its own beside the one before it."""
    opposite = min(feelings) == _NEGATIVE and max(feelings) == _POSITIVE
    if opposite and felt >= CLEAR:
        return True
    if cut == LOOSE:
        return False
    if kinds[0] != kinds[1] and sure >= CLEAR:
        return True
    return min(topics) != NOTHING and groups[topics[0]] != groups[topics[1]]


@compiled
def _join(
    row: Numbers,
    kind: Numbers,
    sentiment: Numbers,
    topic: Numbers,
    sure: Shares,
    felt: Shares,
    begin: Numbers,
    end: Numbers,
    cut: Numbers,
    groups: Numbers,
    out: Numbers,
) -> int:
    used = 0
    last = -1  # the clause that the opinion before is known by
    waiting = -1  # where a clause began that says nothing and goes with the next one
    for at in range(len(row)):
        if at == 0 or row[at - 1] != row[at]:
            last = waiting = -1
        if kind[at] == CHATTER:
            waiting = -1
            continue
        if kind[at] == NOTHING:
            if last >= 0:
                out[used - 1, 5] = end[at]
            elif waiting < 0:
                waiting = begin[at]
            continue
        if last < 0 or _apart(
            cut[at],
            (kind[last], kind[at]),
            min(sure[last], sure[at]),
            (sentiment[last], sentiment[at]),
            min(felt[last], felt[at]),
            (out[used - 1, 3], topic[at]),
            groups,
        ):
            used += 1
            out[used - 1, 0], out[used - 1, 3] = row[at], topic[at]
            out[used - 1, 4] = begin[at] if waiting < 0 else waiting
            last = at
        elif sure[at] > sure[last]:
            last = at
        out[used - 1, 1], out[used - 1, 2] = kind[last], sentiment[last]
        if out[used - 1, 3] == NOTHING:
            out[used - 1, 3] = topic[at]
        out[used - 1, 5] = end[at]
        waiting = -1
    return used
