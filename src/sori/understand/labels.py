"""Ask the shipped models their questions: what every head says, how sure it is, when to be silent.

Each label has a module of its own (`kind`, `sentiment`, ...) that turns its head's answer into
columns; here is what they share. The table is asked once for all of them: `step_of_labels` makes
one step out of any number of labels. Rows chosen for the deep tier (`tiers`) are read by the
transformer too, and what both say is added up before anybody decides.
"""

from collections.abc import Callable
from functools import cache
from typing import Any, Final, NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from sori.understand.company import Added, Company, read
from sori.understand.contract import Step
from sori.understand.deep import Deep
from sori.understand.letters import Letters, Reader, step_of
from sori.understand.linear import Scores, Table, load

LANGUAGES: Final = ("ko", "en")
"""What the model was taught; of a text in another language it says nothing at all."""

LABELLED: Final = ("kind", "sentiment", "urgency", "answer", "abuse", "irony", "spam")
"""What is told of every text, each with a confidence."""

_FEWEST_KNOWN: Final = 0.38
_FEWEST_KNOWN_ELSEWHERE: Final = 0.5
"""Of the features of a text, so many must be known, or it is gibberish. Of real Korean comments
0.38 leaves out one in 750; of text that is not Korean nearly every feature is known."""

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
    """Some texts and what the models say about them, before anybody decides.

    Attributes:
        letters: the texts.
        scores: texts by columns of the table, sharpened: the softmax of a head's are its chances.
        least: by head, the confidence below which a text is not judged.
        unread: texts in no language the model was taught.
        models: number of the models that spoke about each text, in `names`.
        names: `labels-7`, `labels-7+deep-6`, either with the company's own behind it.
        own: what the company's own heads add, if it has any.
    """

    letters: Letters
    scores: Scores
    least: dict[str, Scores]
    unread: npt.NDArray[np.bool_]
    models: npt.NDArray[np.int64]
    names: list[str]
    own: Added | None = None

    def chances(self, head: str) -> Scores:
        """Calibrated chances of a head's classes, texts by classes; the company's own included."""
        shipped = self.shipped(head)
        return shipped if self.own is None else self.own.amend(head, shipped)

    def shipped(self, head: str) -> Scores:
        """The chances that the shipped model gives alone."""
        about = table().card["heads"][head]
        part = self.scores[:, about["first"] : about["first"] + about["columns"]]
        if about["columns"] == 1:
            yes = 1 / (1 + np.exp(-part[:, 0]))
            return np.stack([1 - yes, yes], axis=1)
        part = np.exp(part - part.max(axis=1, keepdims=True))
        shares: Scores = part / part.sum(axis=1, keepdims=True)
        return shares

    def answer(self, head: str) -> Answer:
        """The likeliest class of a head for every text."""
        chances = self.chances(head)
        best = chances.argmax(axis=1)
        confidence = chances[np.arange(len(best)), best]
        confidence[self.unread] = np.nan
        unsure = self.unread | (confidence < self.least[head])
        return Answer(best, confidence, unsure)


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


def reader_of(*labels: Label, company: Company | None = None, deep: Deep | None = None) -> Reader:
    """One reader that asks the models once for all these labels.

    Args:
        labels: what to tell.
        company: the company's own heads, added to what the shipped models say.
        deep: asked beside the table about the texts that are chosen for it.
    """

    def tell(letters: Letters) -> dict[str, pa.Array]:
        asked = ask(letters, company, deep)
        columns: dict[str, pa.Array] = {}
        for label in labels:
            columns |= label(asked)
        return columns

    return tell


def step_of_labels(*labels: Label) -> Step:
    """One step that adds these labels; the model is loaded now, not at the first batch."""
    table()
    return step_of(reader_of(*labels))


def fitting(own: bytes | None) -> Company | None:
    """The company's own heads, if they were learned on the model that speaks."""
    company = None if own is None else read(own)
    return company if company and company.base == table().card["name"] else None


def ask(letters: Letters, company: Company | None = None, deep: Deep | None = None) -> Asked:
    """Ask the models about some texts.

    Args:
        letters: the texts.
        company: the company's own heads, if it has any.
        deep: the transformer, asked about those that are chosen for it.
    """
    scores, known = table().scores(letters)
    unread = _unread(letters, known)
    heads = table().card["heads"]
    chosen = np.empty(0, np.int64)
    if deep is not None and letters.chosen is not None:
        chosen = np.flatnonzero(letters.chosen & ~unread)
    both = _both(letters, scores, chosen, deep) if deep is not None and len(chosen) else None
    least = {}
    for name, about in heads.items():
        columns = slice(about["first"], about["first"] + about["columns"])
        scores[:, columns] *= about["sharpness"]
        scores[:, columns] += about["level"]
        least[name] = np.full(letters.rows, about["threshold"], np.float32)
        if both is not None and deep is not None:
            scores[chosen, columns] = both[:, columns]
            least[name][chosen] = deep.card["heads"][name]["threshold"]
    spoke = np.zeros(letters.rows, np.int64)
    spoke[chosen] = 1
    own = None if company is None else company.added(letters)
    return Asked(letters, scores, least, unread, spoke, _names(deep, company), own)


def label_model(asked: Asked) -> dict[str, pa.Array]:
    """The versions of the models that spoke about every text."""
    return {"model": pc.take(pa.array(asked.names, pa.string()), pa.array(asked.models))}


def _names(deep: Deep | None, company: Company | None) -> list[str]:
    name = str(table().card["name"])
    names = [name] if deep is None else [name, f"{name}+{deep.card['name']}"]
    return names if company is None else [f"{one}+{company.name}" for one in names]


def _both(letters: Letters, scores: Scores, chosen: npt.NDArray[np.int64], deep: Deep) -> Scores:
    """What table and transformer say together about the chosen texts, sharpened."""
    said = deep.scores(letters.take(chosen))
    found = np.empty_like(said)
    for name, about in table().card["heads"].items():
        columns = slice(about["first"], about["first"] + about["columns"])
        weigh = deep.card["heads"][name]
        found[:, columns] = weigh["table"] * scores[chosen, columns]
        found[:, columns] += weigh["deep"] * said[:, columns] + weigh["level"]
    return found


def _unread(letters: Letters, known: Scores) -> npt.NDArray[np.bool_]:
    """Texts that are empty, gibberish, or in a language the model was not taught."""
    sizes = np.diff(letters.offsets)
    unread: npt.NDArray[np.bool_] = known < _FEWEST_KNOWN
    if letters.langs is not None:
        korean = pc.is_in(letters.langs, pa.array(["ko"])).to_numpy(zero_copy_only=False)
        unread |= ~korean & (known < _FEWEST_KNOWN_ELSEWHERE)
        unknown = pc.is_null(letters.langs).to_numpy(zero_copy_only=False)
        ours = pc.is_in(letters.langs, pa.array(LANGUAGES)).to_numpy(zero_copy_only=False)
        unread |= ~ours & ~(unknown & (sizes <= _MORE_THAN_A_WORD))
    unread |= sizes == 0
    return unread


def confidence_column(answer: Answer) -> pa.Array:
    """A confidence as a column: null where the text could not be read."""
    return pa.array(answer.confidence, pa.float32(), mask=np.isnan(answer.confidence))


def word_column(answer: Answer, words: list[str]) -> pa.Array:
    """The likeliest class in words: null where the model is unsure."""
    numbers = pa.array(answer.best, pa.int64(), mask=answer.unsure)
    return pc.take(pa.array(words, pa.string()), numbers)
