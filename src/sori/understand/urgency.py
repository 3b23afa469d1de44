"""How soon somebody must react: 0 not at all, 1 in ordinary time, 2 now; and why now.

How urgent a message is, the model says; the reason is looked up in word lists, only for messages
that are urgent, so a harmless "fire" in "fire sale" is never asked.
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
from sori.understand.labels import Asked, confidence_column, step_of_labels
from sori.understand.letters import Letters

NOW: Final = 2
_WORDS: Final = Path(__file__).parent / "words" / "urgency.toml"


def make_urgency() -> Step:
    """The step that adds `urgency`, `urgency_confidence` and, where it is 2, `urgency_reason`."""
    return step_of_labels(label_urgency)


def label_urgency(asked: Asked) -> dict[str, pa.Array]:
    """The urgency of every text."""
    answer = asked.answer("urgency")
    urgent = np.flatnonzero((answer.best == NOW) & ~answer.unsure)
    return {
        "urgency": pa.array(answer.best, pa.int8(), mask=answer.unsure),
        "urgency_confidence": confidence_column(answer),
        "urgency_reason": _reasons(asked.letters, urgent),
    }


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
        codes = letters.codes[letters.offsets[row] : letters.offsets[row + 1]]
        found[row] = reason_of(codes.tobytes().decode("utf-32-le"))
    return pa.array(found, pa.string())
