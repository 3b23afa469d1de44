"""Learn a company's own words for its topics from mentions whose topics people corrected.

A phrase is learned for a topic when it is typical for those mentions of the topic that the tree
missed, and hardly ever stands elsewhere. What people wrote into the tree is never touched: no
phrase is learned that stands in it, be it as a phrase of another topic or under `not`.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final, NamedTuple

import pyarrow as pa

from sori.understand.embedding import arrow_texts
from sori.understand.phrases import Words, telling
from sori.understand.topics import folded, make_topics
from sori.understand.topictree import Topic, Tree

FEWEST: Final = 3
"""So many missed mentions must have a phrase before it is learned."""
SURE: Final = 0.8
"""So much of all mentions with a phrase must be about the topic."""
MOST: Final = 20
"""Phrases learned for a topic at most."""


class Correction(NamedTuple):
    """A mention with what a person says it is about.

    Attributes:
        text: title and text.
        topics: slugs; empty where it is about none of them.
    """

    text: str
    topics: tuple[str, ...]


class _Said(NamedTuple):
    """All mentions as phrases: those of each correction, and in how many mentions each stands."""

    phrases: list[set[str]]
    every: Counter[str]
    total: int


def learn(tree: Tree, corrections: Sequence[Correction], rest: Sequence[str] = ()) -> Tree:
    """The tree with the phrases it should have known.

    The learned phrases are found anew each time: the same corrections give the same tree, and a
    phrase that is not wanted goes away for good by writing it under `not`.

    Args:
        tree: with the edits of people; what it learned before is forgotten.
        corrections: all there are, not only the newest.
        rest: further mentions nobody corrected; the more, the better a common word is known.
    """
    bare = Tree(tuple(replace(topic, learned=()) for topic in tree.topics))
    different = list({one.text: one for one in corrections}.values())
    told = make_topics(bare)(
        pa.record_batch({"text": arrow_texts([one.text for one in different])})
    )
    found = [set(slugs) for slugs in told.column("topics").to_pylist()]
    said = _said([one.text for one in different], rest)
    taken = {folded(phrase) for topic in tree.topics for phrase in _edited(topic)}
    topics = []
    for topic in bare.topics:
        missed = [
            row
            for row, one in enumerate(different)
            if topic.slug in one.topics and topic.slug not in found[row]
        ]
        own = [row for row, one in enumerate(different) if topic.slug in one.topics]
        learned = tuple(_typical(said, missed, own, taken)) if len(missed) >= FEWEST else ()
        taken.update(learned)
        topics.append(replace(topic, learned=learned))
    return Tree(tuple(topics))


def _said(texts: Sequence[str], rest: Sequence[str]) -> _Said:
    words = Words([*texts, *rest])
    phrases = [words.phrases(text) for text in texts]
    every: Counter[str] = Counter()
    for some in phrases:
        every.update(some)
    for text in set(rest) - set(texts):
        every.update(words.phrases(text))
    return _Said(phrases, every, len(texts) + len(set(rest) - set(texts)))


def _edited(topic: Topic) -> Iterator[str]:
    for phrase in (*topic.phrases, *topic.hints, *topic.unless):
        yield phrase.rstrip("*")


def _typical(
    said: _Said, missed: Sequence[int], own: Sequence[int], taken: set[str]
) -> Iterator[str]:
    """Phrases of the missed mentions that hardly stand in any mention of something else."""
    here: Counter[str] = Counter()
    for row in own:
        here.update(said.phrases[row])
    counts: Counter[str] = Counter()
    for row in missed:
        counts.update(
            phrase
            for phrase in said.phrases[row]
            if here[phrase] >= SURE * said.every[phrase] and phrase not in taken
        )
    for phrase in telling(counts, len(missed), said.every, said.total, MOST):
        if counts[phrase] >= FEWEST:
            yield phrase
