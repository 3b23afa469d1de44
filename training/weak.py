"""What public sets with other labels can teach: directions in the space of features.

No public set carries our labels, but each knows something near: a rating knows praise from
complaint, an utterance set questions from statements, a comment set insults. A linear model is
fitted on each; its score becomes one more number the real heads may use. Because everything is
linear, the numbers fold back into the one shipped table and cost nothing at run time. Unlabelled
text adds the main directions of a truncated singular value decomposition (latent semantic
analysis, Deerwester et al. 1990), which lets rare words lean on common ones.
"""

from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from corpus import read_labels, rows, text_of
from scipy.sparse import csr_matrix, vstack
from sklearn.linear_model import SGDClassifier
from sklearn.utils.extmath import randomized_svd
from vectors import Hashed, Vocabulary, hashed

DIRECTIONS = 96
COMMON = 40
BROKEN = (
    "declin", "fail", "not_work", "wrong", "not_recogni", "lost", "stolen", "compromis", "charge",
    "pending", "not_update", "not_received", "swallow", "reverted", "cancelled", "blocked",
    "arrival", "forgotten", "unable", "dispute", "extra", "twice",
)  # fmt: skip
"""Parts of the names of banking intents in which something went wrong."""


class Sets(NamedTuple):
    """The public sets: rows and the hashed features of their texts."""

    rows: dict[str, list[dict]]
    prints: dict[str, Hashed]


def read_sets(data: Path) -> Sets:
    """Read what the directions are fitted on, without the messages we measure with."""
    names = ("ko_nsmc_sentiment", "ko_3i4k_intent", "ko_hate_speech", "ko_petitions",
             "ko_comments_unlabeled", "en_banking77", "en_clinc150")  # fmt: skip
    held = {row["id"] for row in read_labels(data)}
    found = {name: [row for row in rows(data, name) if row["id"] not in held] for name in names}
    prints = {name: hashed([text_of(row) for row in found[name]]) for name in names}
    return Sets(found, prints)


def _linear(
    matrix: csr_matrix, wanted: npt.NDArray | list, alpha: float = 2e-6
) -> tuple[npt.NDArray, npt.NDArray]:
    model = SGDClassifier(
        loss="log_loss", alpha=alpha, max_iter=4, tol=None, average=True, random_state=0
    )
    model.fit(matrix, wanted)
    return model.coef_, model.intercept_


def directions(sets: Sets, vocabulary: Vocabulary) -> tuple[npt.NDArray, npt.NDArray]:
    """The weak models.

    Returns:
        Weights, models by features, and what each starts from.
    """
    matrices = {name: vocabulary.matrix(prints) for name, prints in sets.prints.items()}
    nsmc = matrices["ko_nsmc_sentiment"]
    ratings = np.array([row["rating"] for row in sets.rows["ko_nsmc_sentiment"]])
    strong = (ratings <= 4) | (ratings >= 9)
    intents = [row["intent"] for row in sets.rows["ko_3i4k_intent"]]
    hateful = [row["hate"] != "none" for row in sets.rows["ko_hate_speech"]]
    bank = [row["intent"] for row in sets.rows["en_banking77"]]
    broken = [any(word in intent for word in BROKEN) for intent in bank]
    found = [
        _linear(nsmc[strong], ratings[strong] >= 9),
        _linear(nsmc, (ratings >= 5) & (ratings <= 7)),
        _linear(matrices["ko_3i4k_intent"], intents),
        _linear(matrices["ko_hate_speech"], hateful, 1e-5),
        _linear(matrices["en_banking77"], broken, 1e-5),
    ]
    places = ["ko_petitions", "ko_comments_unlabeled", "ko_3i4k_intent", "ko_nsmc_sentiment",
              "en_banking77", "en_clinc150"]  # fmt: skip
    some = [matrices[name][:8000] for name in places]
    where = np.repeat(np.arange(len(places)), [part.shape[0] for part in some])
    found.append(_linear(vstack(some).tocsr(), where))
    return np.vstack([w for w, _ in found]), np.concatenate([b for _, b in found])


def meanings(sets: Sets, vocabulary: Vocabulary, own: csr_matrix) -> npt.NDArray:
    """The main directions of all text, DIRECTIONS by features; zero for rare features."""
    common = np.flatnonzero(vocabulary.texts >= COMMON)
    every = [vocabulary.matrix(prints)[::3][:, common] for prints in sets.prints.values()]
    stack = vstack([*every, own[:, common]]).tocsr()
    _, _, axes = randomized_svd(stack, DIRECTIONS, n_oversamples=10, n_iter=2, random_state=0)
    result = np.zeros((DIRECTIONS, len(vocabulary.keys)), np.float32)
    result[:, common] = axes
    return result
