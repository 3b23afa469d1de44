"""What one batch holds: the set of posts of every atom, and which words stand near each other."""

from collections.abc import Mapping, Sequence
from functools import reduce
from itertools import product
from operator import or_

import numpy as np

from sori.listen.matching.bitsets import Numbers, groups, of_members
from sori.listen.matching.scanning import Hits


class Found:
    """What was found in the posts of one batch; title and text count together, but never touch.

    Attributes:
        posts: how many posts there are.
        bits: by number of the atom, the set of posts that have it.
    """

    def __init__(self, posts: int, atoms: int) -> None:
        self.posts = posts
        self.bits = [0] * atoms
        self._hits: list[tuple[Hits, dict[int, slice]]] = []
        self._scratch = np.zeros(posts, bool)

    def add_words(self, hits: Hits) -> None:
        """Take in what a scan of the titles, or of the texts, found."""
        places = dict(groups(hits.number))
        self._hits.append((hits, places))
        for number, place in places.items():
            self.bits[number] |= self._set(hits.text[place])

    def add_filters(self, numbers: Numbers, posts: Numbers) -> None:
        """Take in which filters were met by which posts; in parallel, sorted by filter."""
        for number, place in groups(numbers):
            self.bits[number] |= self._set(posts[place])

    def near(self, left: Sequence[int], right: Sequence[int], distance: int) -> int:
        """The posts where an atom of `left` is within `distance` words of one of `right`.

        Words are what whitespace separates, numbered from 0 in each text. A hit reaches from the
        word it starts in to the word it ends in. Two hits are as far apart as the end of the
        first is from the start of the second; 0 where they overlap or share a word.
        """
        if not self._any_of(left) & self._any_of(right):
            return 0
        bits = 0
        for hits, places in self._hits:
            here = [number for number in left if number in places]
            there = _by_length(hits, places, right)
            for number, (length, starts) in product(here, there.items()):
                bits |= self._set(_meeting(hits, number, places[number], distance, length, starts))
        return bits

    def _set(self, posts: Numbers) -> int:
        return of_members(posts, self._scratch)

    def _any_of(self, numbers: Sequence[int]) -> int:
        return reduce(or_, (self.bits[number] for number in numbers))


def _by_length(
    hits: Hits, places: Mapping[int, slice], numbers: Sequence[int]
) -> dict[int, Numbers]:
    """The words that hits of these literals start in, sorted, by how many words they have.

    So two groups of a thousand words each cost a few thousand look-ups and not a million.
    """
    starts: dict[int, list[Numbers]] = {}
    for number in numbers:
        if number in places:
            starts.setdefault(hits.words[number], []).append(hits.word[places[number]])
    return {length: np.sort(np.concatenate(found)) for length, found in starts.items()}


def _meeting(
    hits: Hits, number: int, place: slice, distance: int, length: int, starts: Numbers
) -> Numbers:
    """The texts where a hit of one literal is near one of others, all `length` words long."""
    word = hits.word[place]
    earliest = word - distance - (length - 1)
    latest = word + (hits.words[number] - 1) + distance
    following = np.searchsorted(starts, earliest)
    meets = following < len(starts)
    meets[meets] = starts[following[meets]] <= latest[meets]
    return hits.text[place][meets]
