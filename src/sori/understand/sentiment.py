"""How a customer feels: negative, neutral, positive, or both at once."""

import pyarrow as pa

from sori.understand.contract import Step
from sori.understand.labels import (
    Asked,
    classes,
    confidence_column,
    step_of_labels,
    word_column,
)


def make_sentiment() -> Step:
    """The step that adds `sentiment` and `sentiment_confidence`."""
    return step_of_labels(label_sentiment)


def label_sentiment(asked: Asked) -> dict[str, pa.Array]:
    """The sentiment of every text."""
    answer = asked.answer("sentiment")
    return {
        "sentiment": word_column(answer, classes("sentiment")),
        "sentiment_confidence": confidence_column(answer),
    }
