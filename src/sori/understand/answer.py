"""Whether a company that cares would reply to a message."""

import pyarrow as pa

from sori.understand.contract import Step
from sori.understand.labels import Asked, confidence_column, step_of_labels


def make_answer() -> Step:
    """The step that adds `answer` and `answer_confidence`."""
    return step_of_labels(label_answer)


def label_answer(asked: Asked) -> dict[str, pa.Array]:
    """For every text, whether a reply is due."""
    said = asked.answer("answer")
    return {
        "answer": pa.array(said.best == 1, pa.bool_(), mask=said.unsure),
        "answer_confidence": confidence_column(said),
    }
