"""Make a confidence mean what it says, and decide below which it is better to say nothing."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

WORTH_SAYING = 0.36
"""A label is said when, among held-out messages this unsure, at least this share was right."""


class Calibration(NamedTuple):
    """How a head's scores become confidences.

    Attributes:
        sharpness: what scores are multiplied with (1 / temperature: Guo et al. 2017).
        threshold: a confidence below this is "unknown".
    """

    sharpness: float
    threshold: float


def probabilities(columns: int, scores: npt.NDArray, sharpness: float) -> npt.NDArray:
    """Scores as chances, texts by classes."""
    if columns == 1:
        yes = 1 / (1 + np.exp(-scores[:, 0] * sharpness))
        return np.stack([1 - yes, yes], axis=1)
    shifted = scores * sharpness
    shifted = np.exp(shifted - shifted.max(axis=1, keepdims=True))
    return shifted / shifted.sum(axis=1, keepdims=True)


def calibrate(columns: int, scores: npt.NDArray, wanted: npt.NDArray) -> Calibration:
    """Fit one head's sharpness (by log loss) and threshold on out-of-fold scores."""
    index = np.arange(len(wanted))
    grid = np.exp(np.linspace(np.log(0.2), np.log(5), 65))
    losses = [
        -np.log(np.maximum(probabilities(columns, scores, s)[index, wanted], 1e-9)).mean()
        for s in grid
    ]
    sharpness = float(grid[int(np.argmin(losses))])
    chances = probabilities(columns, scores, sharpness)
    sure, right = chances.max(axis=1), chances.argmax(axis=1) == wanted
    threshold = 0.0
    for limit in np.arange(1 / chances.shape[1], 0.6, 0.01):
        unsure = sure < limit
        if unsure.sum() >= 8 and right[unsure].mean() < WORTH_SAYING:
            threshold = float(limit)
    return Calibration(round(sharpness, 4), round(threshold, 3))


def expected_error(sure: npt.NDArray, right: npt.NDArray, bins: int = 10) -> float:
    """Expected calibration error: mean gap between confidence and accuracy over equal bins."""
    edges = np.clip((sure * bins).astype(int), 0, bins - 1)
    gaps = [
        (edges == b).mean() * abs(sure[edges == b].mean() - right[edges == b].mean())
        for b in range(bins)
        if (edges == b).any()
    ]
    return float(sum(gaps))
