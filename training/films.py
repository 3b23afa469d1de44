"""What ratings of films teach the table about feelings and kinds, without costing customers.

A rating only says which of two feelings is the likelier, and whether praise or complaint. Beside
our labels of feelings the ratings count little, beside those of kinds nothing. What they still have
to say is learned afterwards, by those features alone that hardly occur in our own examples, so that
what customers write is read as before.
"""

from pathlib import Path
from typing import NamedTuple

import numpy as np
from corpus import SETS, UNSEEN_SINCE, read_for_opinions, rows, text_of
from fitting import Floats, Taught, fit
from heads import HEADS, Head
from scipy.sparse import csr_matrix, vstack
from vectors import Hashed, Vocabulary, hashed

BESIDE = 20_000
"""So many reviews are taught beside our labels, each counting LIGHT of a label."""
LIGHT = 0.2
SURE = 0.97
"""The chance that a review of nine or ten is good, and one of up to four bad."""
STRENGTH = 10.0
FEELINGS = next(head for head in HEADS if head.name == "sentiment")
RATED = {"sentiment": ("positive", "negative"), "kind": ("praise", "complaint")}
"""By head, what a good rating and what a bad one says."""


class Reviews(NamedTuple):
    """Film reviews with a decided rating, in random order: features, chances of bad and good."""

    prints: Hashed
    chances: Floats


def read_reviews(data: Path, without: set[str]) -> Reviews:
    """The reviews that teach, without those we measure with."""
    without = without | read_for_opinions()
    every = [row for name in SETS["nsmc"] for row in rows(data, name) if row["id"] not in without]
    early = [row for row in every if row["created_at"] < UNSEEN_SINCE]
    decided = [row for row in early if not 4 < row["rating"] < 9]
    decided = [decided[at] for at in np.random.default_rng(1).permutation(len(decided))]
    good = np.array([SURE if row["rating"] >= 9 else 1 - SURE for row in decided])
    return Reviews(hashed([text_of(row) for row in decided]), np.stack([1 - good, good], axis=1))


class Films:
    """What the reviews teach, in the features of a vocabulary.

    Attributes:
        matrix: reviews by features.
        chances: of being bad and good, reviews by two.
    """

    def __init__(self, reviews: Reviews, vocabulary: Vocabulary) -> None:
        self.matrix = vocabulary.matrix(reviews.prints)
        self.chances = reviews.chances

    @property
    def some(self) -> csr_matrix:
        """The reviews that are taught beside our labels."""
        return self.matrix[:BESIDE]

    def beside(
        self, matrix: csr_matrix, reviews: csr_matrix, lesson: Taught
    ) -> tuple[csr_matrix, list[Taught]]:
        """A lesson about feelings and, below its messages, some reviews as contrasts."""
        chances = np.zeros((BESIDE, len(FEELINGS.classes)))
        good, bad = _classes(FEELINGS)
        chances[:, [bad, good]] = self.chances[:BESIDE]
        numbers = matrix.shape[0] + np.arange(BESIDE)
        light = Taught(numbers, chances, np.full(BESIDE, LIGHT), (good, bad))
        return vstack([matrix, reviews]).tocsr(), [lesson, light]

    def rest(self, head: Head, weights: Floats, bias: Floats, strangers: Floats) -> Floats:
        """Let the features that our examples hardly have learn what is still wrong.

        Args:
            head: about feelings or kinds.
            weights: of the head, columns by features.
            bias: of it.
            strangers: the numbers of those features.

        Returns:
            The weights with what was learned.
        """
        good, bad = _classes(head)
        given = self.matrix @ (weights[good] - weights[bad]) + bias[good] - bias[bad]
        every = np.arange(len(given))
        lesson = Taught(every, self.chances, np.ones(len(every)), given=given[:, None])
        more, _ = fit(self.matrix[:, strangers], 1, [lesson], STRENGTH, level=False)
        amended = weights.copy()
        amended[good, strangers] += more[0] / 2
        amended[bad, strangers] -= more[0] / 2
        return amended


def _classes(head: Head) -> tuple[int, int]:
    good, bad = RATED[head.name]
    return head.classes.index(good), head.classes.index(bad)
