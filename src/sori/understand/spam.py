"""Whether a message is advertising rather than a customer's voice, by its words alone.

Waves of copies are seen elsewhere, over many messages (`copies`); this looks at one.
"""

import pyarrow as pa

from sori.understand.contract import Step
from sori.understand.labels import Asked, confidence_column, step_of_labels


def make_spam() -> Step:
    """The step that adds `spam` and `spam_confidence`."""
    return step_of_labels(label_spam)


def label_spam(asked: Asked) -> dict[str, pa.Array]:
    """For every text, whether it advertises."""
    said = asked.answer("spam")
    return {
        "spam": pa.array(said.best == 1, pa.bool_(), mask=said.unsure),
        "spam_confidence": confidence_column(said),
    }
