"""Whether a message insults or threatens people; swearing at a product alone does not count."""

import pyarrow as pa

from sori.understand.contract import Step
from sori.understand.labels import Asked, confidence_column, step_of_labels


def make_abuse() -> Step:
    """The step that adds `abuse` and `abuse_confidence`."""
    return step_of_labels(label_abuse)


def label_abuse(asked: Asked) -> dict[str, pa.Array]:
    """For every text, whether people are insulted or threatened."""
    said = asked.answer("abuse")
    return {
        "abuse": pa.array(said.best == 1, pa.bool_(), mask=said.unsure),
        "abuse_confidence": confidence_column(said),
    }
