"""The questions asked about every message, and how one linear head is fitted on the examples."""

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix, hstack
from sklearn.linear_model import LogisticRegression

from sori.mention import KINDS, SENTIMENTS

PRESENT = ("complaint", "question", "idea", "praise")


class Head(NamedTuple):
    """One question: its name and its classes; two classes make one column, more one each."""

    name: str
    classes: tuple[Any, ...]

    @property
    def columns(self) -> int:
        """How many columns of the table it takes."""
        return 1 if len(self.classes) == 2 else len(self.classes)

    def wanted(self, rows: list[dict[str, Any]]) -> npt.NDArray:
        """The class of every row, as its number."""
        return np.array([self.classes.index(self._value(row)) for row in rows])

    def knows(self, row: dict[str, Any]) -> bool:
        """Whether the row has an answer to the question; a film review has no urgency."""
        if self.name.startswith("also_"):
            return row["set"] in ("authored", "ko_petitions")
        return row.get(self.name) is not None

    def _value(self, row: dict[str, Any]) -> Any:
        if self.name.startswith("also_"):
            kind = self.name.removeprefix("also_")
            return row["kind"] == kind or kind in row.get("also", ())
        return row[self.name]


HEADS = (
    Head("kind", KINDS),
    *(Head(f"also_{kind}", (False, True)) for kind in PRESENT),
    Head("sentiment", SENTIMENTS),
    Head("urgency", (0, 1, 2)),
    Head("answer", (False, True)),
    Head("abuse", (False, True)),
)


class Space(NamedTuple):
    """What a head may use: single features, and the dense numbers that fold back into them."""

    features: npt.NDArray
    dense: npt.NDArray
    mean: npt.NDArray
    weight: npt.NDArray

    def of(self, matrix: csr_matrix) -> csr_matrix:
        """The numbers of some texts."""
        dense = (np.asarray(matrix @ self.dense.T) - self.mean) * self.weight
        return hstack([matrix[:, self.features], csr_matrix(dense.astype(np.float32))]).tocsr()

    def fold(self, weights: npt.NDArray, bias: npt.NDArray) -> tuple[npt.NDArray, npt.NDArray]:
        """A head over these numbers as a head over plain features: columns by features, bias."""
        single, dense = weights[:, : len(self.features)], weights[:, len(self.features) :]
        dense = dense * self.weight
        plain = dense @ self.dense
        plain[:, self.features] += single
        return plain, bias - dense @ self.mean


def fit(
    head: Head, numbers: csr_matrix, wanted: npt.NDArray, weights: npt.NDArray, strength: float
) -> tuple[npt.NDArray, npt.NDArray]:
    """Fit one head.

    Returns:
        Weights, columns by numbers, and bias.
    """
    model = LogisticRegression(C=strength, max_iter=80, tol=2e-3)
    model.fit(numbers, wanted, sample_weight=weights)
    coef = np.zeros((head.columns, numbers.shape[1]))
    bias = np.full(head.columns, -30.0)
    if head.columns == 1:
        return model.coef_, model.intercept_
    coef[model.classes_], bias[model.classes_] = model.coef_, model.intercept_
    return coef, bias


def chances(head: Head, scores: npt.NDArray) -> npt.NDArray:
    """Scores (texts by columns) as chances (texts by classes)."""
    if head.columns == 1:
        yes = 1 / (1 + np.exp(-scores[:, 0]))
        return np.stack([1 - yes, yes], axis=1)
    shifted = np.exp(scores - scores.max(axis=1, keepdims=True))
    return shifted / shifted.sum(axis=1, keepdims=True)
