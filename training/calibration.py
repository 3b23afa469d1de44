"""Make a confidence mean what it says, and decide below which it is better to say nothing.

One or two models have scored a message. Their scores are added up, each with a weight (for one
model that is temperature scaling: Guo et al. 2017; for two it also says whom to believe how much),
and the weights are those under which held-out labels are likeliest. Where the answer is yes or no a
level is added (Platt 1999): a fitted head is too shy of what is rare.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize

WORTH_SAYING = 0.36
"""A label is said when, among held-out messages this unsure, at least this share was right."""

Scores = list[npt.NDArray]
"""What each model says: texts by columns."""


class Calibration(NamedTuple):
    """How the scores of a head become confidences.

    Attributes:
        weights: what each model's scores are multiplied with.
        level: what is added to the score of yes; nothing for other heads.
        threshold: a confidence below this is "unknown".
    """

    weights: tuple[float, ...]
    level: float = 0.0
    threshold: float = 0.0

    def chances(self, scores: Scores) -> npt.NDArray:
        """Texts by classes."""
        return probabilities(scores, self.weights, self.level)


def probabilities(scores: Scores, weights: tuple[float, ...], level: float) -> npt.NDArray:
    """Weighed scores as chances, texts by classes."""
    total = sum(weight * part for weight, part in zip(weights, scores, strict=True))
    total = np.asarray(total, np.float64) + level
    if total.shape[1] == 1:
        yes = 1 / (1 + np.exp(-total[:, 0]))
        return np.stack([1 - yes, yes], axis=1)
    powers = np.exp(total - total.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


def calibrate(scores: Scores, wanted: npt.NDArray, trust: float = 1.0) -> Calibration:
    """Fit the weights (by log loss) and the threshold on held-out messages.

    Args:
        scores: of every message, by each model.
        wanted: the right classes.
        trust: what the weights are multiplied with in the end: below 1, what is said is said less
            surely.
    """
    index = np.arange(len(wanted))
    models = len(scores)

    def loss(found: npt.NDArray) -> float:
        chances = probabilities(scores, tuple(found[:models]), found[models:].sum())
        return float(-np.log(np.maximum(chances[index, wanted], 1e-9)).mean())

    start = np.full(models, 0.8 / models)
    if scores[0].shape[1] == 1:
        start = np.append(start, 0.1)
    found = minimize(loss, start, method="Nelder-Mead", options={"xatol": 1e-3, "fatol": 1e-6}).x
    weights = tuple(round(float(max(weight, 0.0)) * trust, 4) for weight in found[:models])
    level = round(float(found[models:].sum()) * trust, 4)
    return Calibration(weights, level, _threshold(probabilities(scores, weights, level), wanted))


def _threshold(chances: npt.NDArray, wanted: npt.NDArray) -> float:
    sure, right = chances.max(axis=1), chances.argmax(axis=1) == wanted
    threshold = 0.0
    for limit in np.arange(1 / chances.shape[1], 0.6, 0.01):
        unsure = sure < limit
        if unsure.sum() >= 8 and right[unsure].mean() < WORTH_SAYING:
            threshold = float(limit)
    return round(threshold, 3)


def crossed(
    scores: Scores, wanted: npt.NDArray, half: npt.NDArray, trust: float
) -> tuple[npt.NDArray, ...]:
    """Chances of held-out messages, each half calibrated on the other.

    Args:
        scores: of every message, by each model.
        wanted: the right classes.
        half: whether a message is in the first half.
        trust: as `calibrate` takes it.

    Returns:
        Chances, texts by classes, and the threshold that holds for each text.
    """
    chances = np.zeros((len(wanted), max(scores[0].shape[1], 2)))
    least = np.zeros(len(wanted))
    for here in (half, ~half):
        other = ~here
        fitted = calibrate([part[other] for part in scores], wanted[other], trust)
        chances[here] = fitted.chances([part[here] for part in scores])
        least[here] = fitted.threshold
    return chances, least


def expected_error(sure: npt.NDArray, right: npt.NDArray, bins: int = 10) -> float:
    """Expected calibration error: mean gap between confidence and accuracy over equal bins."""
    edges = np.clip((sure * bins).astype(int), 0, bins - 1)
    gaps = [
        (edges == b).mean() * abs(sure[edges == b].mean() - right[edges == b].mean())
        for b in range(bins)
        if (edges == b).any()
    ]
    return float(sum(gaps))
