"""Look many phrases up in letters at once: a tree of letters that compiled loops can walk.

Aho-Corasick automata find the same, but hand every hit over as Python objects; where phrases are
asked about every text, and begin at words, walking from each beginning costs a third of that.
"""

from collections.abc import Iterable
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from sori.understand.compiled import compiled

NONE: Final = -1
_FIRSTS: Final = 1 << 16
_SPREAD = np.uint64(0x9E3779B97F4A7C15)


class Trie(NamedTuple):
    """A tree of letters.

    Attributes:
        first: the node of every letter a phrase may begin with, NONE for the others.
        keys: node and next letter as one number, in a hash table; 0 where it is free.
        nodes: the node that follows each.
        phrases: the number of the phrase that ends at each node, or NONE.
    """

    first: npt.NDArray[np.int32]
    keys: npt.NDArray[np.uint64]
    nodes: npt.NDArray[np.int32]
    phrases: npt.NDArray[np.int32]


def trie_of(phrases: Iterable[str]) -> Trie:
    """The tree of some phrases, which are numbered in their order; no two may be the same.

    Letters beyond the basic plane (emoji) cannot begin a phrase.
    """
    steps: dict[tuple[int, str], int] = {}
    ends = [NONE]
    for number, phrase in enumerate(phrases):
        node = 0
        for letter in phrase:
            node = steps.setdefault((node, letter), len(ends))
            if node == len(ends):
                ends.append(NONE)
        ends[node] = number
    first = np.full(_FIRSTS, NONE, np.int32)
    size = 1 << max(4, (2 * len(steps)).bit_length())
    keys, nodes = np.zeros(size, np.uint64), np.zeros(size, np.int32)
    for (node, letter), following in steps.items():
        if node:
            _insert(keys, nodes, _key(node, ord(letter)), following)
        elif ord(letter) < _FIRSTS:
            first[ord(letter)] = following
    return Trie(first, keys, nodes, np.array(ends, np.int32))


@compiled
def step(trie: Trie, node: Any, code: Any) -> Any:
    """The node behind another one and a letter, NONE where no phrase goes on so."""
    key = _key(node, code)
    mask = np.uint64(len(trie.keys) - 1)
    slot = _slot(key) & mask
    while trie.keys[slot] != 0:
        if trie.keys[slot] == key:
            return trie.nodes[slot]
        slot = (slot + np.uint64(1)) & mask
    return NONE


@compiled
def begin(trie: Trie, code: Any) -> Any:
    """The node of a first letter, NONE where no phrase begins so."""
    return trie.first[code] if code < _FIRSTS else NONE


@compiled
def _key(node: Any, code: Any) -> Any:
    return (np.uint64(node) << np.uint64(21)) | np.uint64(code)


@compiled
def _slot(key: Any) -> Any:
    return (key * _SPREAD) >> np.uint64(40)


@compiled
def _insert(
    keys: npt.NDArray[np.uint64], nodes: npt.NDArray[np.int32], key: Any, node: int
) -> None:
    mask = np.uint64(len(keys) - 1)
    slot = _slot(key) & mask
    while keys[slot] != 0:
        slot = (slot + np.uint64(1)) & mask
    keys[slot], nodes[slot] = key, node
