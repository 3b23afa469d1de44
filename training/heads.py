"""The questions asked about every message, and what numbers a linear head may use."""

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix, hstack

from sori.mention import KINDS, SENTIMENTS

PRESENT = ("complaint", "question", "idea", "praise")
FLAGS = ("irony", "spam")
"""Rare; written down in our own examples only where true."""


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
        if self.name in FLAGS:
            return row["set"] == "authored"
        return row.get(self.name) is not None

    def _value(self, row: dict[str, Any]) -> Any:
        if self.name.startswith("also_"):
            kind = self.name.removeprefix("also_")
            return row["kind"] == kind or kind in row.get("also", ())
        return row.get(self.name, False) if self.name in FLAGS else row[self.name]


HEADS = (
    Head("kind", KINDS),
    *(Head(f"also_{kind}", (False, True)) for kind in PRESENT),
    Head("sentiment", SENTIMENTS),
    Head("urgency", (0, 1, 2)),
    Head("answer", (False, True)),
    Head("abuse", (False, True)),
    Head("irony", (False, True)),
    Head("spam", (False, True)),
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
