"""The questions asked about every message."""

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

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
