"""Let the transformer read public text and write down what it thinks: lessons for the table.

The table can only add up what runs of characters say; from thirty thousand texts that the
transformer has read it learns which runs go with which opinion, also those that none of our
examples has (distillation: Hinton et al. 2015).
"""

from pathlib import Path
from random import Random

import numpy as np
import pyarrow as pa
from corpus import rows, text_of

from sori.understand import deep
from sori.understand.letters import letters_of_texts

READ = {
    "ko_nsmc_sentiment": 16_000,
    "ko_comments_unlabeled": 6_000,
    "ko_3i4k_intent": 4_000,
    "ko_hate_speech": 2_000,
    "en_banking77": 3_000,
    "en_clinc150": 2_000,
}
"""How many texts of each set the teacher reads."""


def texts_read(data: Path, without: set[str]) -> list[str]:
    """The texts the teacher reads; never one of the messages that were labelled by hand."""
    found = []
    for name, most in READ.items():
        some = sorted({text_of(r) for r in rows(data, name) if r["id"] not in without})
        found += Random(name).sample(some, min(most, len(some)))
    return found


def opinions(texts: list[str], folder: Path, kept: Path) -> np.ndarray:
    """What the transformer in a folder says about the texts, texts by columns; kept in a file."""
    if kept.exists():
        known = np.load(kept)
        if len(known) == len(texts):
            return known
    scores = deep.load(folder).scores(letters_of_texts(pa.array(texts)))
    np.save(kept, scores)
    return scores
