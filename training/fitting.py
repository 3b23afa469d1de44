"""Fit one linear head on answers that are certain, likely, or only better than another answer.

Logistic regression by L-BFGS. A row teaches with chances for all classes (a label is a chance of
1; a teacher's opinion is softer), or with a contrast: how much likelier one class is than another,
silent about the rest.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize
from scipy.sparse import csr_matrix

Floats = npt.NDArray[np.float64]


class Taught(NamedTuple):
    """What some rows of a matrix teach one head.

    Attributes:
        rows: their numbers.
        chances: rows by classes; of a contrast only its two classes count.
        weights: how much each counts.
        only: the two classes a contrast is between, or None where every class counts.
    """

    rows: npt.NDArray[np.int64]
    chances: Floats
    weights: Floats
    only: tuple[int, int] | None = None


def costs(scores: Floats, taught: Taught) -> tuple[float, Floats]:
    """What these scores cost, and the slope of it, texts by columns."""
    if scores.shape[1] == 1 or taught.only is not None:
        one, other = taught.only or (1, 0)
        score = scores[:, 0] if scores.shape[1] == 1 else scores[:, one] - scores[:, other]
        wanted = taught.chances[:, one] / (taught.chances[:, one] + taught.chances[:, other])
        cost = np.logaddexp(0, score) - wanted * score
        slope = taught.weights * (1 / (1 + np.exp(-score)) - wanted)
        slopes = np.zeros_like(scores)
        slopes[:, 0 if scores.shape[1] == 1 else one] += slope
        if scores.shape[1] > 1:
            slopes[:, other] -= slope
        return float(taught.weights @ cost), slopes
    highest = scores.max(axis=1, keepdims=True)
    powers = np.exp(scores - highest)
    total = powers.sum(axis=1, keepdims=True)
    logs = scores - highest - np.log(total)
    cost = -(taught.chances * logs).sum(axis=1)
    slopes = (powers / total - taught.chances) * taught.weights[:, None]
    return float(taught.weights @ cost), slopes


def fit(
    matrix: csr_matrix, columns: int, lessons: list[Taught], strength: float, steps: int = 60
) -> tuple[Floats, Floats]:
    """Fit one head.

    Args:
        matrix: texts by features.
        columns: of the head; one for two classes.
        lessons: what it is taught.
        strength: how far weights may go for one more row explained (C of scikit-learn).
        steps: of L-BFGS, at most.

    Returns:
        Weights, columns by features, and bias.
    """
    parts = [matrix[taught.rows] for taught in lessons]
    turned = [part.T.tocsr() for part in parts]
    size = matrix.shape[1] * columns

    def cost(flat: Floats) -> tuple[float, Floats]:
        weights, bias = flat[:size].reshape(-1, columns), flat[size:]
        total, slope = float(flat[:size] @ flat[:size]) / (2 * strength), flat / strength
        slope[size:] = 0
        for part, back, taught in zip(parts, turned, lessons, strict=True):
            here, slopes = costs(part @ weights + bias, taught)
            total += here
            slope[:size] += (back @ slopes).reshape(-1)
            slope[size:] += slopes.sum(axis=0)
        return total, slope

    options = {"maxiter": steps, "maxcor": 8, "ftol": 1e-6}
    found = minimize(cost, np.zeros(size + columns), jac=True, method="L-BFGS-B", options=options)
    return found.x[:size].reshape(-1, columns).T, found.x[size:]
