"""Group vectors that lie close together: average linkage on a graph of nearest neighbours.

Two groups are merged while the mean likeness of their members (the dot product of their mean
vectors) is at least a threshold. Pairs of groups that are each other's best partner are merged all
at once; for average linkage this gives the very groups that merging one best pair at a time would
give (reducibility: Bruynooghe 1978, Murtagh 1983), in a few dozen rounds instead of thousands.
Only pairs joined by an edge of the neighbour graph are candidates, but what is compared is the
whole of both groups, so large groups do not fall apart because their members have more neighbours
than the graph has edges.
"""

from collections.abc import Callable
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

Vectors = npt.NDArray[np.float32]
Numbers = npt.NDArray[np.int64]

NEIGHBOURS: Final = 32
_BLOCK: Final = 512
_EDGES: Final = 8192


class _Graph(NamedTuple):
    """Pairs of groups and how alike they are: `one` < `other`, each pair once."""

    one: Numbers
    other: Numbers
    alike: Vectors


def group(
    vectors: Vectors,
    weights: Numbers,
    threshold: float,
    *,
    neighbours: int = NEIGHBOURS,
    progress: Callable[[float], None] | None = None,
) -> Numbers:
    """The number of the group of every vector.

    Args:
        vectors: of length 1 (or 0), a row each.
        weights: how many voices a vector stands for.
        threshold: mean likeness down to which groups are merged, above 0 and below 1.
        neighbours: edges a vector in the graph.
        progress: told the share of the work that is done.

    Returns:
        Group numbers from 0 without gaps, in order of first appearance.
    """
    labels = np.arange(len(vectors))
    sums = vectors * weights[:, None].astype(np.float32)
    sizes = weights.astype(np.float32)
    graph = nearest(vectors, threshold, neighbours, progress)
    while len(graph.alike):
        target, merged = _partners(graph, len(sums))
        if not merged.any():
            break
        labels = target[labels]
        for one in np.flatnonzero(target != np.arange(len(target))):
            sums[target[one]] += sums[one]
            sizes[target[one]] += sizes[one]
        graph = _contracted(graph, target, merged, sums, sizes, threshold)
    _, first, numbers = np.unique(labels, return_index=True, return_inverse=True)
    order = np.empty(len(first), np.int64)
    order[np.argsort(first)] = np.arange(len(first))
    return order[numbers]


def nearest(
    vectors: Vectors,
    threshold: float,
    neighbours: int,
    progress: Callable[[float], None] | None = None,
) -> _Graph:
    """The pairs of vectors at least as alike as the threshold, of each vector the best ones."""
    ones, others, alikes = [], [], []
    for start in range(0, len(vectors), _BLOCK):
        alike = vectors[start : start + _BLOCK] @ vectors.T
        rows = np.arange(len(alike))
        alike[rows, start + rows] = -1
        if alike.shape[1] > neighbours:
            best = np.argpartition(alike, -neighbours, axis=1)[:, -neighbours:]
        else:
            best = np.broadcast_to(np.arange(alike.shape[1]), alike.shape)
        near = np.take_along_axis(alike, best, 1)
        row, column = np.nonzero(near >= threshold)
        ones.append(row + start)
        others.append(best[row, column])
        alikes.append(near[row, column])
        if progress:
            progress(min(1.0, (start + _BLOCK) / len(vectors)))
    if not ones:
        return _Graph(np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0, np.float32))
    return _once(np.concatenate(ones), np.concatenate(others), np.concatenate(alikes), len(vectors))


def _once(one: Numbers, other: Numbers, alike: Vectors, count: int) -> _Graph:
    """Every pair once and the right way round."""
    low, high = np.minimum(one, other), np.maximum(one, other)
    _, kept = np.unique(low * count + high, return_index=True)
    return _Graph(low[kept], high[kept], alike[kept])


def _partners(graph: _Graph, count: int) -> tuple[Numbers, npt.NDArray[np.bool_]]:
    """Where every group goes: those who are each other's best partner to the one, others stay.

    Returns:
        The new number of each group, and which groups changed.
    """
    # both directions of every pair; of equally alike partners the lower number is the best
    ours = np.concatenate([graph.one, graph.other])
    theirs = np.concatenate([graph.other, graph.one])
    order = np.lexsort((theirs, -np.concatenate([graph.alike, graph.alike]), ours))
    who, first = np.unique(ours[order], return_index=True)
    best = np.full(count, -1, np.int64)
    best[who] = theirs[order][first]
    mutual = np.zeros(count, np.bool_)
    mutual[who] = best[best[who]] == who
    numbers = np.arange(count)
    target = np.where(mutual, np.minimum(numbers, best), numbers)
    return target, mutual


def _contracted(
    graph: _Graph,
    target: Numbers,
    changed: npt.NDArray[np.bool_],
    sums: Vectors,
    sizes: Vectors,
    threshold: float,
) -> _Graph:
    """The graph between the groups as they are now, without pairs below the threshold.

    Leaving those out loses nothing: a mean reaches the threshold only if one of its parts does.
    """
    one, other = target[graph.one], target[graph.other]
    apart = one != other
    moved = changed[graph.one] | changed[graph.other]
    graph = _once(one[apart], other[apart], np.where(moved, -1, graph.alike)[apart], len(sums))
    again = np.flatnonzero(graph.alike < 0)
    for start in range(0, len(again), _EDGES):
        edges = again[start : start + _EDGES]
        ours, theirs = graph.one[edges], graph.other[edges]
        together = np.einsum("ij,ij->i", sums[ours], sums[theirs])
        graph.alike[edges] = together / (sizes[ours] * sizes[theirs])
    near = graph.alike >= threshold
    return _Graph(graph.one[near], graph.other[near], graph.alike[near])
