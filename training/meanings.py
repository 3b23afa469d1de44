"""What the transformer says about single English words: a number the table's heads may lean on.

Most words of a new message occur in none of our few thousand English examples, but the transformer
knows what they mean. It reads every word alone, once; the sum of what it said about the words of a
text is a handful of numbers beside the text's features. Because everything is linear they fold back
into the one table and cost nothing at run time (after Hinton et al. 2015: the table learns from
opinions, not from labels). Korean runs of characters gained nothing from it.
"""

from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from corpus import is_held, rows, text_of
from scipy.sparse import csr_matrix, hstack
from vectors import Vocabulary, hashed

from sori.understand import deep
from sori.understand.letters import letters_of_texts

ENGLISH = ("en_banking77", "en_clinc150")
READILY = 0.1
"""How readily a head leans on these numbers rather than on single features."""


class Words(NamedTuple):
    """English words: the keys of their features, and what is said, words by columns."""

    keys: npt.NDArray[np.uint32]
    said: npt.NDArray[np.float32]


def read_words(data: Path, labelled: list[dict[str, Any]], folder: Path, kept: Path) -> Words:
    """Let the transformer in a folder read the words of public sets and of our own messages.

    Args:
        data: the folder of the public sets.
        labelled: our messages; the held ones are left out.
        folder: of the transformer.
        kept: a file with what was read before, or where to write it.
    """
    own = [r["text"] for r in labelled if r["lang"] == "en" and not is_held(r["text"])]
    texts = own + [text_of(row) for name in ENGLISH for row in rows(data, name)]
    words = sorted({word for text in texts for word in text.lower().split()})
    prints, ends = hashed(words)
    keys = prints[ends[1:] - 2]  # a single word has its key before the last, which is its length
    if not kept.exists():
        np.save(kept, deep.load(folder).scores(letters_of_texts(pa.array(words))))
    said = np.load(kept)
    return Words(keys, said - said.mean(axis=0))


class Meanings:
    """What is said about the words of a vocabulary, features by columns."""

    def __init__(self, words: Words, vocabulary: Vocabulary) -> None:
        found = vocabulary.columns(words.keys)
        known = np.flatnonzero(found >= 0)
        said = (words.said[known] * READILY).ravel()
        columns = words.said.shape[1]
        places = np.repeat(found[known], columns), np.tile(np.arange(columns), len(known))
        self.said = csr_matrix((said, places), shape=(len(vocabulary.keys), columns))

    def beside(self, matrix: csr_matrix) -> csr_matrix:
        """Texts by features, with the sums of what is said about their words beside them."""
        return hstack([matrix, matrix @ self.said]).tocsr()

    def fold(self, weights: npt.NDArray) -> npt.NDArray:
        """A head over both as a head over features alone: columns by features."""
        features = self.said.shape[0]
        return weights[:, :features] + weights[:, features:] @ self.said.T
