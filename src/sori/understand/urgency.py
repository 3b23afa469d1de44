"""How soon somebody must react: 0 not at all, 1 in ordinary time, 2 now; and why now.

How urgent a message is, the model says; the reason is looked up in word lists, only for messages
that are urgent, so a harmless "fire" in "fire sale" is never asked. One thing is not left to the
model alone: a complaint with two words of danger ("폭발", "화상") cannot wait.
"""

import tomllib
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

import ahocorasick_rs
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from sori.understand.contract import Step
from sori.understand.labels import Asked, classes, confidence_column, step_of_labels
from sori.understand.letters import Letters, letters_of_texts

Numbers = npt.NDArray[np.int64]

NOW: Final = 2
SAFETY: Final = "safety"
_WORDS: Final = Path(__file__).parent / "words" / "urgency.toml"


def make_urgency() -> Step:
    """The step that adds `urgency`, `urgency_confidence` and, where it is 2, `urgency_reason`."""
    return step_of_labels(label_urgency)


def label_urgency(asked: Asked) -> dict[str, pa.Array]:
    """The urgency of every text."""
    answer = asked.answer("urgency")
    kind = asked.answer("kind")
    complaints = (kind.best == classes("kind").index("complaint")) & ~kind.unsure
    urgent = (answer.best == NOW) & ~answer.unsure
    told = _told(asked.letters, complaints | urgent)
    alarmed = np.flatnonzero(complaints & ~urgent & _alarming(told))
    # the confidence of what the words alone make urgent is what the model gives to that
    answer.best[alarmed] = NOW
    answer.confidence[alarmed] = asked.chances("urgency")[alarmed, NOW]
    answer.unsure[alarmed] = False
    urgent[alarmed] = True
    return {
        "urgency": pa.array(answer.best, pa.int8(), mask=answer.unsure),
        "urgency_confidence": confidence_column(answer),
        "urgency_reason": _reasons(told, urgent),
    }


class _Told(NamedTuple):
    """Telling words in some texts: in which row each stands, and which word it is."""

    row: Numbers
    word: Numbers
    rows: int


def _told(letters: Letters, where: npt.NDArray[np.bool_]) -> _Told:
    """The telling words of some of the texts, looked for in all of them at once."""
    rows = np.flatnonzero(where)
    text, begins = letters.together(rows)
    words, _, _ = _words()
    found = np.array(words.find_matches_as_indexes(text), np.int64).reshape(-1, 3)
    stands = np.searchsorted(begins, found[:, 1], "right") - 1
    return _Told(rows[stands], found[:, 0], letters.rows)


def _alarming(told: _Told) -> npt.NDArray[np.bool_]:
    """In which texts two different words of danger stand."""
    _, reasons, order = _words()
    danger = reasons[told.word] == order.index(SAFETY)
    different = np.unique(told.row[danger] * len(reasons) + told.word[danger])
    alarming: npt.NDArray[np.bool_] = (
        np.bincount(different // len(reasons), minlength=told.rows) > 1
    )
    return alarming


def _reasons(told: _Told, urgent: npt.NDArray[np.bool_]) -> pa.Array:
    """Why each urgent text cannot wait: of equals the reason that stands first in the list."""
    _, reasons, order = _words()
    size = told.rows * len(order)
    counts = np.bincount(told.row * len(order) + reasons[told.word], minlength=size)
    counts = counts.reshape(told.rows, len(order))
    best = counts.argmax(axis=1)
    known = urgent & (counts.max(axis=1) > 0)
    return pa.array(order, pa.string()).take(pa.array(best, pa.int64(), mask=~known))


def reason_of(text: str) -> str | None:
    """Why a message cannot wait, or None when no telling word is in it.

    Args:
        text: in lower case.

    Returns:
        The reason with most telling words; of equals the one that stands first in the list.
    """
    letters = letters_of_texts(pa.array([text], pa.string()))
    every = np.ones(1, np.bool_)
    reason: str | None = _reasons(_told(letters, every), every)[0].as_py()
    return reason


@cache
def _words() -> tuple[ahocorasick_rs.AhoCorasick, Numbers, list[str]]:
    """What finds the words; the number of each word's reason; the reasons."""
    lists = tomllib.loads(_WORDS.read_text(encoding="utf-8"))
    words = [word for listed in lists.values() for word in listed]
    reasons = np.repeat(np.arange(len(lists)), [len(listed) for listed in lists.values()])
    return ahocorasick_rs.AhoCorasick(words), reasons, list(lists)
