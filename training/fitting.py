"""Fit one head on answers that are certain, likely, or only better than another answer.

Logistic regression by stochastic gradient descent whose steps shrink to nothing (Bottou 2010). A
row teaches with chances for all classes (a label is a chance of 1), or with a contrast: how much
likelier one class is than another, silent about the rest.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix

from sori.understand.compiled import compiled

Floats = npt.NDArray[np.float64]

PASSES = 12
DRAWS = 3
"""So many descents, each in another order, are averaged."""
FIRST_STEP = 4.0
RISING = 0.05
"""A bias moves so much less than a weight."""


class Taught(NamedTuple):
    """What some rows of a matrix teach one head.

    Attributes:
        rows: their numbers.
        chances: rows by classes.
        weights: how much each counts.
        only: the two classes a contrast is between, or None where every class counts.
        given: scores that stand already, rows by columns; what is fitted is added to them.
    """

    rows: npt.NDArray[np.int64]
    chances: Floats
    weights: Floats
    only: tuple[int, int] | None = None
    given: Floats | None = None


def fit(
    matrix: csr_matrix, columns: int, lessons: list[Taught], strength: float, *, level: bool = True
) -> tuple[Floats, Floats]:
    """Fit one head; the same lessons give the same head.

    Args:
        matrix: texts by features.
        columns: of the head; one for two classes.
        lessons: what it is taught.
        strength: how far weights may go for one more row explained (C of scikit-learn).
        level: whether a bias is fitted; else it is nothing.

    Returns:
        Weights, columns by features, and bias.
    """
    rows = np.concatenate([taught.rows for taught in lessons])
    chances = np.vstack([taught.chances for taught in lessons])
    counts = np.concatenate([taught.weights for taught in lessons])
    classes = np.vstack([_classes(taught, max(columns, 2)) for taught in lessons])
    given = np.vstack([_given(taught, columns) for taught in lessons])
    numbers = matrix.indptr, matrix.indices, matrix.data.astype(np.float64)
    wanted = chances, counts, classes, given
    share, rising = 1 / (strength * len(rows)), RISING if level else 0.0
    coef, bias = np.zeros((matrix.shape[1], columns)), np.zeros(columns)
    for number in range(DRAWS):
        orders = np.tile(np.arange(len(rows)), (PASSES, 1))
        order = np.random.default_rng(number).permuted(orders, axis=1).ravel()
        weights, begin = np.zeros_like(coef), np.zeros_like(bias)
        _descend(numbers, rows, wanted, order, weights, begin, share, rising)
        coef, bias = coef + weights / DRAWS, bias + begin / DRAWS
    return coef.T, bias


def _classes(taught: Taught, classes: int) -> npt.NDArray[np.bool_]:
    """Which classes each row speaks of."""
    spoken = np.zeros((len(taught.rows), classes), np.bool_)
    spoken[:, list(taught.only) if taught.only else slice(None)] = True
    return spoken


def _given(taught: Taught, columns: int) -> Floats:
    return np.zeros((len(taught.rows), columns)) if taught.given is None else taught.given


@compiled
def _slopes(score, chances, spoken, slope):
    """How the loss of one text grows with each column's score."""
    columns = len(score)
    total = wanted = 0.0
    highest = max(score.max(), 0.0)
    for one in range(len(chances)):
        if spoken[one]:
            said = score[one] if columns > 1 else score[0] * one
            total += np.exp(said - highest)
            wanted += chances[one]
    for column in range(columns):
        one = column if columns > 1 else 1
        chance = np.exp(score[column] - highest) / total
        slope[column] = chance - chances[one] / wanted if spoken[one] else 0.0


@compiled
def _descend(numbers, rows, wanted, order, weights, bias, share, rising):
    """Steps down the loss, a text at a time; meanwhile the weights are kept divided by `scale`."""
    starts, features, values = numbers
    chances, counts, spoken, given = wanted
    score, slope = np.zeros(len(bias)), np.zeros(len(bias))
    scale = 1.0
    for number in range(len(order)):
        step = FIRST_STEP * (1.0 - number / len(order))
        row = order[number]
        score[:] = 0.0
        for at in range(starts[rows[row]], starts[rows[row] + 1]):
            for column in range(len(bias)):
                score[column] += values[at] * weights[features[at], column]
        score[:] = score * scale + bias + given[row]
        _slopes(score, chances[row], spoken[row], slope)
        slope *= step * counts[row]
        bias -= rising * slope
        scale *= 1.0 - step * share
        for at in range(starts[rows[row]], starts[rows[row] + 1]):
            for column in range(len(bias)):
                weights[features[at], column] -= slope[column] * values[at] / scale
    weights *= scale
