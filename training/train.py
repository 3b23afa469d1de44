"""Make the table of labels: `python training/train.py --data ../shared/data --work DIR`.

Everything is fitted twice: once without the held eighth of the labelled messages, to measure and
to calibrate, and once with all of them, to ship. What the first says about the held messages is
kept in the work folder for `weigh_deep.py`.
"""

import argparse
import time
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from baselines import char_grams
from calibration import Calibration
from corpus import fold, is_held, read_labels, rows, text_of
from examples import TAUGHT, gather
from films import FEELINGS, RATED, Films, read_reviews
from fitting import Taught, fit
from heads import HEADS, Head
from meanings import Meanings, read_words
from measure import card_heads, film_reviews, measured, print_figures
from scipy.sparse import csr_matrix
from shipping import ship
from vectors import Hashed, Vocabulary, hashed

from sori.understand.linear import MODELS, load

FEATURES = 838_000
"""So many fill a table of 2^20 rows to four fifths."""
LEAST = 3
STRENGTH = 100.0
PUBLIC = ("ko_nsmc_sentiment", "ko_3i4k_intent", "ko_hate_speech", "ko_petitions",
          "ko_comments_unlabeled", "en_banking77", "en_clinc150")  # fmt: skip
"""Sets that tell how rare a feature is, and which to keep beside our own."""
LEAN = {"urgency": np.array([0.0, 0.0, 1.5])}
"""What is added to the scores of a head: an urgent message that is missed costs more than a calm
one that is looked at first, and in reviews that are not ours there are more urgent ones."""
SHARES = (0.25, 0.5, 1.0)
"""Parts of the labelled messages the learning curve is drawn with."""
started = time.monotonic()

Fitted = tuple[npt.NDArray, npt.NDArray]


def say(*words: object) -> None:
    print(f"{time.monotonic() - started:6.1f} s", *words, flush=True)


class Prepared(NamedTuple):
    """All messages as numbers.

    Attributes:
        rows: the messages.
        vocabulary: the features that ship.
        strangers: numbers of those that hardly occur in our own examples.
        meanings: what the transformer says about words.
        numbers: messages by features and meanings.
        films: the reviews that teach about feelings.
        held: which messages are never taught before measuring.
    """

    rows: list[dict[str, Any]]
    vocabulary: Vocabulary
    strangers: npt.NDArray
    meanings: Meanings
    numbers: csr_matrix
    films: Films
    held: npt.NDArray[np.bool_]

    @property
    def plain(self) -> csr_matrix:
        """Messages by features alone, as the shipped table reads them."""
        return self.numbers[:, : len(self.vocabulary.keys)]


def prepare(options: argparse.Namespace) -> Prepared:
    """Choose the features and read the examples in them."""
    found = gather(options.data)
    labelled = {row["id"] for row in read_labels(options.data)}
    prints = hashed([row["text"] for row in found])
    authored = [row for row in found if row["set"] == "authored"]
    words = read_words(options.data, authored, options.out, options.work / "words.npy")
    vocabulary = Vocabulary([prints, *_public(options.data, labelled)], LEAST, words.keys)
    held = np.array([row["set"] not in TAUGHT and is_held(row["text"]) for row in found])
    # petitions are long: their features would crowd out those of ordinary messages
    ours = ~held & np.array([row["set"] not in (*TAUGHT, "ko_petitions") for row in found])
    reviews = read_reviews(options.data, labelled)
    strangers = choose_features(
        vocabulary,
        vocabulary.matrix(prints)[ours],
        vocabulary.columns(words.keys),
        vocabulary.matrix(reviews.prints),
    )
    say(len(found), "examples;", len(vocabulary.keys) - len(strangers), "features of our own")
    meanings = Meanings(words, vocabulary)
    films = Films(reviews, vocabulary)
    numbers = meanings.beside(vocabulary.matrix(prints))
    return Prepared(found, vocabulary, strangers, meanings, numbers, films, held)


def _public(data: Path, without: set[str]) -> list[Hashed]:
    return [
        hashed([text_of(row) for row in rows(data, name) if row["id"] not in without])
        for name in PUBLIC
    ]


def choose_features(
    vocabulary: Vocabulary, ours: csr_matrix, words: npt.NDArray, films: csr_matrix
) -> npt.NDArray:
    """Keep what two of our own examples have, and words of known meaning; then what films have.

    Args:
        vocabulary: narrowed to what is kept.
        ours: our own examples, messages by features.
        words: numbers of the words.
        films: reviews, by features.

    Returns:
        The numbers of those that hardly occur in our own examples.
    """
    later = ours.getnnz(axis=0) < 2
    named = np.zeros(len(later), bool)
    named[words[words >= 0]] = True
    order = np.lexsort([-vocabulary.texts, -films.getnnz(axis=0), ~named & later, later])
    vocabulary.narrow(order[:FEATURES])
    return np.arange((~later).sum(), len(vocabulary.keys))


def fit_heads(made: Prepared, seen: npt.NDArray[np.bool_]) -> list[Fitted]:
    """Fit every head on the seen messages."""
    return [fit_head(head, made, seen) for head in HEADS]


def fit_head(head: Head, made: Prepared, seen: npt.NDArray[np.bool_]) -> Fitted:
    """Fit one head on those of the seen messages that answer its question."""
    use = np.array([at for at in np.flatnonzero(seen) if head.knows(made.rows[at])])
    some = [made.rows[at] for at in use]
    weights = np.array([row["weight"] for row in some])
    lesson = Taught(use, np.eye(len(head.classes))[head.wanted(some)], weights)
    matrix, lessons = made.numbers, [lesson]
    if head == FEELINGS:
        reviews = made.meanings.beside(made.films.some)
        matrix, lessons = made.films.beside(matrix, reviews, lesson)
    coef, bias = fit(matrix, head.columns, lessons, STRENGTH)
    coef = made.meanings.fold(coef)
    if head.name in RATED:
        coef = made.films.rest(head, coef, bias, made.strangers)
    return coef, bias + LEAN.get(head.name, 0.0)


def curve(made: Prepared) -> dict[str, Any]:
    """Accuracy of kind on the held messages of our own, by the share of messages taught."""
    draw = np.array([fold(f"curve {row['text']}", 100) / 100 for row in made.rows])
    kind, found = HEADS[0], {}
    for share in SHARES:
        coef, bias = fit_head(kind, made, ~made.held & (draw < share))
        for lang in ("ko", "en"):
            use = [
                at for at in np.flatnonzero(made.held)
                if made.rows[at]["set"] == "authored" and made.rows[at]["lang"] == lang
            ]  # fmt: skip
            chances = Calibration((1.0,)).chances([made.plain[use] @ coef.T + bias])
            right = chances.argmax(1) == kind.wanted([made.rows[at] for at in use])
            by_share = found.setdefault(lang, {}).setdefault("kind", {})
            by_share[str(share)] = round(float(right.mean()), 4)
    return found


def ship_labels(options: argparse.Namespace, made: Prepared, card: dict[str, Any]) -> None:
    """Fit every head on everything and write the table."""
    fitted = fit_heads(made, np.ones(len(made.rows), bool))
    coef, bias = np.vstack([c for c, _ in fitted]), np.concatenate([b for _, b in fitted])
    keys, rarity = made.vocabulary.keys, made.vocabulary.rarity
    for _ in range(2):  # the second time with what the shipped table itself is worth
        ship(options.out, "labels", keys=keys, rarity=rarity, weights=coef.T, bias=bias, card=card)
        card["film_reviews"] = film_reviews(options.data, load("labels", options.out))
    say("shipped to", options.out, "film reviews", card["film_reviews"])


def main() -> None:
    """Read, choose features, fit and calibrate every head, measure, ship."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--data", type=Path, required=True)
    arguments.add_argument("--out", type=Path, default=MODELS)
    arguments.add_argument("--work", type=Path, required=True)
    arguments.add_argument("--name", default="labels-7")
    arguments.add_argument("--measure-only", action="store_true")
    options = arguments.parse_args()

    made = prepare(options)
    messages = [row for row, is_out in zip(made.rows, made.held, strict=True) if is_out]
    numbers = made.plain[made.held]
    said = [numbers @ coef.T + bias for coef, bias in fit_heads(made, ~made.held)]
    table = {head.name: scores for head, scores in zip(HEADS, said, strict=True)}
    np.savez(options.work / "held.npz", **table)
    say("fitted without the held messages")
    figures, calibrations = measured(messages, [table])
    print_figures(figures)
    if options.measure_only:
        return
    card = {
        "name": options.name,
        "heads": card_heads(calibrations, ("sharpness",)),
        "examples": {
            "own": sum(row["set"] == "authored" for row in made.rows),
            "real": sum(row["set"] not in {"authored", *TAUGHT} for row in made.rows),
            "weak": sum(row["set"] in TAUGHT for row in made.rows),
        },
        "figures": figures,
        "curve": curve(made),
        "baseline": char_grams([r for r in made.rows if r["set"] not in TAUGHT]),
    }
    ship_labels(options, made, card)


if __name__ == "__main__":
    main()
