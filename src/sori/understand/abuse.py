"""Whether a message insults or threatens people, and whom; swearing at a product alone is none.

That it does, the model says. At whom, words say that are looked for only then: those who serve
customers have a right to be protected, quarrels among others are none of theirs.
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

_WORDS: Final = Path(__file__).parent / "words" / "abuse.toml"


def make_abuse() -> Step:
    """The step that adds `abuse`, `abuse_confidence` and, where it is true, `abuse_at`."""
    return step_of_labels(label_abuse)


def label_abuse(asked: Asked) -> dict[str, pa.Array]:
    """For every text, whether people are insulted or threatened, and whom."""
    said = asked.answer("abuse")
    abusive = np.flatnonzero((said.best == 1) & ~said.unsure)
    return {
        "abuse": pa.array(said.best == 1, pa.bool_(), mask=said.unsure),
        "abuse_confidence": confidence_column(said),
        "abuse_at": _targets(asked.letters, abusive),
    }


def target_of(text: str) -> str:
    """At whom an abusive message is aimed: "staff" where it speaks of or to them, else "others".

    Args:
        text: in lower case.
    """
    return "staff" if _staff().find_matches_as_indexes(text) else "others"


@cache
def _staff() -> ahocorasick_rs.AhoCorasick:
    return ahocorasick_rs.AhoCorasick(tomllib.loads(_WORDS.read_text(encoding="utf-8"))["staff"])


def _targets(letters: Letters, rows: npt.NDArray[np.int64]) -> pa.Array:
    found: list[str | None] = [None] * letters.rows
    for row in rows:
        found[row] = target_of(letters.text(row))
    return pa.array(found, pa.string())
