"""Ask the shipped table its questions: what every head says, how sure it is, when to say nothing.

Each label has a module of its own (`kind`, `sentiment`, ...) that turns its head's answer into
columns; here is what they share. The table is asked once for all of them: `step_of_labels` makes
one step out of any number of labels.
"""

from collections.abc import Callable
from functools import cache
from typing import Any, Final, NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from sori.understand.contract import Step
from sori.understand.letters import Letters, Reader, step_of
from sori.understand.linear import Scores, Table, load

LANGUAGES: Final = ("ko", "en")
"""What the model was taught; of a text in another language it says nothing at all."""

_FEWEST_KNOWN: Final = 0.3
_FEWEST_KNOWN_ELSEWHERE: Final = 0.5
"""Of the features of a text, so many must be known, or it is gibberish. Of real Korean comments
0.3 leaves out one in five hundred; of text that is not Korean nearly every feature is known."""

_MORE_THAN_A_WORD: Final = 8
"""A text this long whose language cannot be told is no language (or none of ours)."""


class Answer(NamedTuple):
    """What one head says about every text.

    Attributes:
        best: number of the likeliest class.
        confidence: calibrated chance that it is right; NaN where the text could not be read.
        unsure: where saying nothing is the better answer.
    """

    best: npt.NDArray[np.int64]
    confidence: Scores
    unsure: npt.NDArray[np.bool_]


class Asked(NamedTuple):
    """Some texts and what the table says about them, before anybody decides.

    Attributes:
        letters: the texts.
        scores: texts by columns of the table.
        unread: texts in no language the model was taught.
    """

    letters: Letters
    scores: Scores
    unread: npt.NDArray[np.bool_]

    def chances(self, head: str) -> Scores:
        """Calibrated chances of a head's classes, texts by classes."""
        about = table().card["heads"][head]
        part = self.scores[:, about["first"] : about["first"] + about["columns"]]
        part = part * about["sharpness"]
        if about["columns"] == 1:
            yes = 1 / (1 + np.exp(-part[:, 0]))
            return np.stack([1 - yes, yes], axis=1)
        part = np.exp(part - part.max(axis=1, keepdims=True))
        shares: Scores = part / part.sum(axis=1, keepdims=True)
        return shares

    def answer(self, head: str) -> Answer:
        """The likeliest class of a head for every text."""
        chances = self.chances(head)
        confidence = chances.max(axis=1)
        confidence[self.unread] = np.nan
        unsure = self.unread | (confidence < table().card["heads"][head]["threshold"])
        return Answer(chances.argmax(axis=1), confidence, unsure)


Label: TypeAlias = Callable[[Asked], dict[str, pa.Array]]
"""One label: from what the table says to the columns it fills."""


@cache
def table() -> Table:
    """The shipped table; mapped once a process."""
    return load("labels")


def classes(head: str) -> list[Any]:
    """The classes of a head, in the order of their numbers."""
    found: list[Any] = table().card["heads"][head]["classes"]
    return found


def reader_of(*labels: Label) -> Reader:
    """One reader that asks the table once for all these labels."""

    def read(letters: Letters) -> dict[str, pa.Array]:
        asked = ask(letters)
        columns: dict[str, pa.Array] = {}
        for label in labels:
            columns |= label(asked)
        return columns

    return read


def step_of_labels(*labels: Label) -> Step:
    """One step that adds these labels; the model is loaded now, not at the first batch."""
    table()
    return step_of(reader_of(*labels))


def ask(letters: Letters) -> Asked:
    """Ask the table about some texts."""
    scores, known = table().scores(letters)
    sizes = np.diff(letters.offsets)
    unread = known < _FEWEST_KNOWN
    if letters.langs is not None:
        korean = pc.is_in(letters.langs, pa.array(["ko"])).to_numpy(zero_copy_only=False)
        unread |= ~korean & (known < _FEWEST_KNOWN_ELSEWHERE)
        unknown = pc.is_null(letters.langs).to_numpy(zero_copy_only=False)
        ours = pc.is_in(letters.langs, pa.array(LANGUAGES)).to_numpy(zero_copy_only=False)
        unread |= ~ours & ~(unknown & (sizes <= _MORE_THAN_A_WORD))
    return Asked(letters, scores, unread | (sizes == 0))


def confidence_column(answer: Answer) -> pa.Array:
    """A confidence as a column: null where the text could not be read."""
    return pa.array(answer.confidence, pa.float32(), mask=np.isnan(answer.confidence))


def word_column(answer: Answer, words: list[str]) -> pa.Array:
    """The likeliest class in words: null where the model is unsure."""
    numbers = pa.array(answer.best, pa.int64(), mask=answer.unsure)
    return pc.take(pa.array(words, pa.string()), numbers)
