"""Whether the words seem to mean their opposite: a suspicion, for which a person should read it."""

import pyarrow as pa

from sori.understand.contract import Step
from sori.understand.labels import Asked, confidence_column, step_of_labels


def make_irony() -> Step:
    """The step that adds `irony` and `irony_confidence`."""
    return step_of_labels(label_irony)


def label_irony(asked: Asked) -> dict[str, pa.Array]:
    """For every text, whether it is suspected of irony."""
    said = asked.answer("irony")
    return {
        "irony": pa.array(said.best == 1, pa.bool_(), mask=said.unsure),
        "irony_confidence": confidence_column(said),
    }
