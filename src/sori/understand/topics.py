"""What a mention is about: at most three topics of a tree, the weightiest first.

All phrases of the tree are looked for in one pass over the letters of a batch, in a compiled loop
that also decides which of them count. The longest wording wins where one lies inside another
("배송비" is no "배송"), a hint counts only near a phrase of its group, and a group is named only
where none of its topics is.
"""

from collections.abc import Iterator
from functools import lru_cache
from itertools import chain, product
from typing import Final, NamedTuple

import numpy as np
import pyarrow as pa

from sori.understand.contract import Step
from sori.understand.letters import Letters, Reader, letters_of_texts, step_of
from sori.understand.topictree import Topic, Tree, shipped
from sori.understand.topicweighing import (
    CLOSED,
    ENDINGS,
    HINT,
    MOST,
    OPEN,
    PHRASE,
    UNLESS,
    Uses,
    choose,
)
from sori.understand.trie import trie_of

_LISTS: Final = (
    ("phrases", PHRASE),
    ("learned", PHRASE),
    ("hints", HINT),
    ("unless", UNLESS),
)
_MOST_SPACES: Final = 3


class _Use(NamedTuple):
    """One phrase of one topic.

    Attributes:
        topic: number of the topic.
        phrase: number of the phrase; all spellings of a phrase have the same.
        role: PHRASE, HINT or UNLESS.
        begins: whether a word must begin with it.
        behind: OPEN, ENDINGS or CLOSED.
    """

    topic: int
    phrase: int
    role: int
    begins: bool
    behind: int


def make_topics(tree: Tree | None = None) -> Step:
    """The step that adds `topics`, by the tree given or the one that ships."""
    return step_of(topic_reader(tree or shipped()))


@lru_cache(maxsize=2)
def topic_reader(tree: Tree) -> Reader:
    """A reader that fills `topics` by a tree; made once, for it takes a second or two."""
    uses: dict[str, list[_Use]] = {}
    for number, (topic, phrase, role) in enumerate(_phrases(tree)):
        literals, begins, behind = _literals(phrase)
        for literal in literals:
            use = _Use(topic, number, role, begins, behind)
            uses.setdefault(literal, []).append(use)
    trie = trie_of(uses)
    slugs = pa.array([topic.slug for topic in tree.topics], pa.string())
    packed = _packed(list(uses.values()), tree.topics)

    def read(letters: Letters) -> dict[str, pa.Array]:
        chosen = np.zeros((letters.rows, MOST), np.int64)
        counts = np.zeros(letters.rows, np.int64)
        choose(letters.codes, letters.offsets, trie, packed, chosen, counts)
        ends = np.concatenate([[0], np.cumsum(counts)]).astype(np.int32)
        kept = chosen[np.arange(MOST) < counts[:, None]]
        return {"topics": pa.ListArray.from_arrays(pa.array(ends), slugs.take(pa.array(kept)))}

    return read


def folded(phrase: str) -> str:
    """A phrase as the letters of texts are read: lower case, full-width made ordinary."""
    letters = letters_of_texts(pa.array([phrase], pa.string()))
    return letters.codes.tobytes().decode("utf-32-le")


def _phrases(tree: Tree) -> Iterator[tuple[int, str, int]]:
    for number, topic in enumerate(tree.topics):
        for name, role in _LISTS:
            for phrase in getattr(topic, name):
                yield number, phrase, role


def _literals(phrase: str) -> tuple[set[str], bool, int]:
    """All spellings of a phrase, whether a word must begin with it, and how it may go on.

    Korean is written with spaces or without; English is not.
    """
    is_open, is_closed = phrase.endswith("*"), phrase.endswith(" ")
    plain = folded(phrase.strip().rstrip("*"))
    words = plain.split(" ")
    spellings = {plain}
    if not plain.isascii() and len(words) <= _MOST_SPACES + 1:
        for gaps in product(("", " "), repeat=len(words) - 1):
            spellings.add("".join(chain.from_iterable(zip(words, (*gaps, ""), strict=True))))
    begins = phrase.startswith(" ") or plain[0].isascii() or len(plain) == 1
    behind = CLOSED if is_closed else OPEN if is_open or not plain[-1].isascii() else ENDINGS
    return spellings, begins, behind


def _packed(uses: list[list[_Use]], topics: tuple[Topic, ...]) -> Uses:
    places = {topic.slug: number for number, topic in enumerate(topics)}
    return Uses(
        bounds=np.cumsum([0, *map(len, uses)]).astype(np.int64),
        columns=np.array(list(chain.from_iterable(uses)), np.int64).reshape(-1, 5),
        group=np.array([places[topic.group] for topic in topics], np.int64),
    )
