"""Fit a small correction on top of chances that somebody else has given.

Multinomial logistic regression whose every text starts from given chances: only what has to be
added to their logarithms is learned, and a penalty on its size keeps it small where the examples
do not insist. It is convex, starts from nothing and draws no random number, so the same examples
give the same correction. The method of finding the minimum is L-BFGS (Nocedal 1980).
"""

from collections import deque
from collections.abc import Callable
from typing import Final, NamedTuple

import numpy as np

from sori.understand.sparse import Matrix, Numbers

ROUNDS: Final = 60
_MEMORY: Final = 8
_ENOUGH: Final = 1e-3
_SMALLEST: Final = 1e-6


class Correction(NamedTuple):
    """What is added to the logarithms of the chances.

    Attributes:
        weights: features by columns.
        bias: a number a column.
    """

    weights: Numbers
    bias: Numbers

    def added(self, matrix: Matrix) -> Numbers:
        """What it adds for these texts."""
        return matrix.times(self.weights) + self.bias


def amended(chances: Numbers, added: Numbers) -> Numbers:
    """Chances after something was added to their logarithms.

    Args:
        chances: texts by classes.
        added: texts by classes, or by one column for a question of yes (the second class) or no.
    """
    logs = np.log(np.maximum(chances, _SMALLEST))
    if added.shape[1] == 1:
        logs[:, 1] += added[:, 0]
    else:
        logs += added
    logs -= logs.max(axis=1, keepdims=True)
    shares: Numbers = np.exp(logs)
    shares /= shares.sum(axis=1, keepdims=True)
    return shares


def fit(
    matrix: Matrix, chances: Numbers, wanted: Numbers, weights: Numbers, *, penalty: float
) -> Correction:
    """Learn a correction.

    Args:
        matrix: the texts.
        chances: what is said of them so far, texts by classes.
        wanted: what should have been said, texts by classes; rows add up to 1.
        weights: how much each text counts.
        penalty: how strongly weights are drawn to nothing.
    """
    columns = 1 if chances.shape[1] == 2 else chances.shape[1]
    size = matrix.width * columns

    def parts(point: Numbers) -> Correction:
        return Correction(point[:size].reshape(matrix.width, columns), point[size:])

    def loss(point: Numbers) -> tuple[float, Numbers]:
        said = amended(chances, parts(point).added(matrix))
        missed = -np.log(np.maximum(said, _SMALLEST)) * wanted
        value = _dot(weights, missed.sum(axis=1)) + penalty / 2 * _dot(point, point)
        wrong = (said - wanted)[:, 1:] if columns == 1 else said - wanted
        wrong = wrong * weights[:, None]
        slope = np.concatenate([matrix.back(wrong).ravel(), wrong.sum(axis=0)])
        return value, slope + penalty * point

    return parts(_minimum(loss, np.zeros(size + columns)))


def _minimum(loss: Callable[[Numbers], tuple[float, Numbers]], point: Numbers) -> Numbers:
    """The place where a smooth convex function is smallest."""
    value, slope = loss(point)
    steps: deque[tuple[Numbers, Numbers]] = deque(maxlen=_MEMORY)
    first = float(np.abs(slope).max())
    for _ in range(ROUNDS):
        if np.abs(slope).max() <= _ENOUGH * max(first, 1.0):
            break
        way = -_curved(slope, steps)
        size = 1.0 if steps else 1.0 / max(1.0, _dot(slope, slope) ** 0.5)
        while True:
            there = point + size * way
            value_there, slope_there = loss(there)
            if value_there <= value + 1e-4 * size * _dot(slope, way) or size < 1e-10:
                break
            size /= 2
        moved, bent = there - point, slope_there - slope
        if _dot(moved, bent) > 1e-12:
            steps.append((moved, bent))
        point, value, slope = there, value_there, slope_there
    return point


def _curved(slope: Numbers, steps: deque[tuple[Numbers, Numbers]]) -> Numbers:
    """The slope times an estimate of the inverse of the curvature, from the last steps."""
    way = slope.copy()
    shares = []
    for moved, bent in reversed(steps):
        share = _dot(moved, way) / _dot(moved, bent)
        way -= share * bent
        shares.append(share)
    if steps:
        moved, bent = steps[-1]
        way *= _dot(moved, bent) / _dot(bent, bent)
    for (moved, bent), share in zip(steps, reversed(shares), strict=True):
        way += (share - _dot(bent, way) / _dot(moved, bent)) * moved
    return way


def _dot(one: Numbers, other: Numbers) -> float:
    # not BLAS: its threads fight for busy cores, and how they share the sum changes the last digit
    return float((one * other).sum())
