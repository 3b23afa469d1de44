"""How soon somebody must react: 0 not at all, 1 in ordinary time, 2 now; and why now.

How urgent a message is, the model says; the reason is looked up in word lists, only for messages
that are urgent, so a harmless "fire" in "fire sale" is never asked. One thing is not left to the
model alone: a complaint with two words of danger ("폭발", "화상") cannot wait.
"""

import tomllib
from functools import cache
from pathlib import Path
from typing import Final

import ahocorasick_rs
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from sori.understand.contract import Step
from sori.understand.labels import Answer, Asked, classes, confidence_column, step_of_labels
from sori.understand.letters import Letters

NOW: Final = 2
SAFETY: Final = "safety"
_WORDS: Final = Path(__file__).parent / "words" / "urgency.toml"


def make_urgency() -> Step:
    """The step that adds `urgency`, `urgency_confidence` and, where it is 2, `urgency_reason`."""
    return step_of_labels(label_urgency)


def label_urgency(asked: Asked) -> dict[str, pa.Array]:
    """The urgency of every text."""
    answer = _alarmed(asked, asked.answer("urgency"))
    urgent = np.flatnonzero((answer.best == NOW) & ~answer.unsure)
    return {
        "urgency": pa.array(answer.best, pa.int8(), mask=answer.unsure),
        "urgency_confidence": confidence_column(answer),
        "urgency_reason": _reasons(asked.letters, urgent),
    }


def is_alarming(text: str) -> bool:
    """Whether two different words of danger are in a text, in lower case."""
    words, reasons = _words()
    found = {word for word, _, _ in words.find_matches_as_indexes(text) if reasons[word] == SAFETY}
    return len(found) > 1


def reason_of(text: str) -> str | None:
    """Why a message cannot wait, or None when no telling word is in it.

    Args:
        text: in lower case.

    Returns:
        The reason with most telling words; of equals the one that stands first in the list.
    """
    words, reasons = _words()
    counts = dict.fromkeys(reasons, 0)
    for word, _, _ in words.find_matches_as_indexes(text):
        counts[reasons[word]] += 1
    best = max(counts, key=lambda reason: counts[reason])
    return best if counts[best] else None


@cache
def _words() -> tuple[ahocorasick_rs.AhoCorasick, list[str]]:
    lists = tomllib.loads(_WORDS.read_text(encoding="utf-8"))
    pairs = [(word, reason) for reason, words in lists.items() for word in words]
    return ahocorasick_rs.AhoCorasick([word for word, _ in pairs]), [reason for _, reason in pairs]


def _reasons(letters: Letters, rows: npt.NDArray[np.int64]) -> pa.Array:
    found: list[str | None] = [None] * letters.rows
    for row in rows:
        found[row] = reason_of(letters.text(row))
    return pa.array(found, pa.string())


def _alarmed(asked: Asked, answer: Answer) -> Answer:
    """The answer, with complaints of danger made urgent; their confidence is what the model gives
    to that."""
    kind = asked.answer("kind")
    complaints = (kind.best == classes("kind").index("complaint")) & ~kind.unsure
    rows = np.flatnonzero(complaints & ((answer.best != NOW) | answer.unsure))
    alarming = [row for row in rows if is_alarming(asked.letters.text(row))]
    answer.best[alarming] = NOW
    answer.confidence[alarming] = asked.chances("urgency")[alarming, NOW]
    answer.unsure[alarming] = False
    return answer
