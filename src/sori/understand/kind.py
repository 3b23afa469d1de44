"""What a customer wants with a message: complaint, question, idea, praise or something else."""

import numpy as np
import pyarrow as pa

from sori.mention import KINDS
from sori.understand.contract import Step
from sori.understand.labels import (
    Asked,
    classes,
    confidence_column,
    step_of_labels,
    word_column,
)

_ALSO = KINDS[:4]
_CLEARLY = 0.5


def make_kind() -> Step:
    """The step that adds `kind`, `kind_confidence` and `also` (further kinds clearly present)."""
    return step_of_labels(label_kind)


def label_kind(asked: Asked) -> dict[str, pa.Array]:
    """The kind of every text."""
    answer = asked.answer("kind")
    kinds = classes("kind")
    present = np.stack([asked.chances(f"also_{kind}")[:, 1] for kind in _ALSO], axis=1) >= _CLEARLY
    for number, kind in enumerate(_ALSO):
        present[:, number] &= answer.best != kinds.index(kind)
    present[answer.best == kinds.index("other")] = False
    present[answer.unsure] = False
    ends = np.concatenate([[0], np.cumsum(present.sum(axis=1))]).astype(np.int32)
    words = pa.array(_ALSO, pa.string()).take(pa.array(np.nonzero(present)[1]))
    return {
        "kind": word_column(answer, kinds),
        "kind_confidence": confidence_column(answer),
        "also": pa.ListArray.from_arrays(
            pa.array(ends), words, mask=pa.array(answer.unsure, pa.bool_())
        ),
    }
