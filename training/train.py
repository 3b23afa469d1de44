"""Make the shipped model of understanding: `python training/train.py --data ../shared/data`."""

import argparse
import time
import warnings
from pathlib import Path

import numpy as np
import numpy.typing as npt
from calibration import Calibration, calibrate
from corpus import fold
from examples import gather
from heads import HEADS, Head, Space, fit
from measure import figures_of, film_reviews, print_figures
from scipy.sparse import csr_matrix
from shipping import ship
from sklearn.exceptions import ConvergenceWarning
from vectors import Vocabulary, hashed
from weak import Sets, directions, meanings, read_sets

from sori.understand.linear import MODELS, load

FOLDS = 5
FEATURES = 200_000
LEAST = 4
STRENGTH = {"kind": 20.0, "sentiment": 10.0, "urgency": 10.0, "answer": 10.0, "abuse": 30.0}
WEAK_ROWS_OF = {"sentiment": 2.5}
"""How much heavier weak rows weigh for a head: a rating says more about feeling than about kind."""
WEAK_WEIGHT = 0.3
TAUGHT = {"weak", "made"}
"""Sets that only teach; nothing is measured on them."""
MEANING_WEIGHT = 0.05
started = time.monotonic()


def say(*words: object) -> None:
    print(f"{time.monotonic() - started:6.1f} s", *words, flush=True)


def strength(head: Head) -> float:
    return STRENGTH.get(head.name, 10.0)


def choose_features(
    vocabulary: Vocabulary, own: csr_matrix, weak: npt.NDArray, most: int
) -> npt.NDArray:
    """The features worth shipping: those of our own examples, then the most telling weak ones."""
    ours = np.diff(own.tocsc().indptr) >= 2
    telling = (np.abs(weak) / np.abs(weak).std(axis=1, keepdims=True)).max(axis=0)
    worth = telling * np.sqrt(vocabulary.texts)
    worth[ours] = np.inf
    return np.sort(np.argsort(-worth, kind="stable")[:most])


def make_space(sets: Sets, vocabulary: Vocabulary, own: csr_matrix) -> Space:
    """The dense numbers: weak models and main directions, each of unit spread on our examples."""
    weak, _ = directions(sets, vocabulary)
    meaning = meanings(sets, vocabulary, own)
    dense = np.vstack([weak, meaning])
    values = np.asarray(own @ dense.T)
    weight = np.r_[np.full(len(weak), WEAK_WEIGHT), np.full(len(meaning), MEANING_WEIGHT)]
    features = np.flatnonzero(np.diff(own.tocsc().indptr) >= 2)
    return Space(features, dense, values.mean(axis=0), weight / (values.std(axis=0) + 1e-9))


def fit_known(
    head: Head, numbers: csr_matrix, rows: list[dict], seen: npt.NDArray
) -> tuple[npt.NDArray, npt.NDArray]:
    """Fit one head on those of the seen rows that answer its question."""
    use = [at for at in np.flatnonzero(seen) if head.knows(rows[at])]
    some = [rows[at] for at in use]
    heavier = WEAK_ROWS_OF.get(head.name, 1.0)
    weights = np.array([r["weight"] * (heavier if r["set"] == "weak" else 1.0) for r in some])
    return fit(head, numbers[use], head.wanted(some), weights, strength(head))


def out_of_fold(
    numbers: csr_matrix, rows: list[dict], folds: npt.NDArray
) -> dict[str, npt.NDArray]:
    """The scores every measured row gets from models that have not seen it."""
    found = {}
    for head in HEADS:
        scores = np.zeros((len(rows), head.columns))
        for number in range(FOLDS):
            coef, bias = fit_known(head, numbers, rows, folds != number)
            held = folds == number
            scores[held] = numbers[held] @ coef.T + bias
        found[head.name] = scores
    return found


def calibrate_head(head: Head, scores: npt.NDArray, rows: list[dict]) -> Calibration:
    """Calibrate on the measured rows, all sets together."""
    use = [at for at, row in enumerate(rows) if row["set"] not in TAUGHT and head.knows(row)]
    return calibrate(head.columns, scores[use], head.wanted([rows[at] for at in use]))


def prepare(sets: Sets, rows: list[dict]) -> tuple[Vocabulary, Space, csr_matrix]:
    """Choose the features, find the dense numbers, read the examples in them."""
    prints = hashed([row["text"] for row in rows])
    vocabulary = Vocabulary([prints, *sets.prints.values()], LEAST)
    say(len(rows), "examples;", len(vocabulary.keys), "features")
    weak, _ = directions(sets, vocabulary)
    own = vocabulary.matrix(prints)
    # petitions are long: their features would crowd out those of ordinary messages
    ours = np.array([row["set"] not in ("weak", "ko_petitions") for row in rows])
    vocabulary.narrow(choose_features(vocabulary, own[ours], weak, FEATURES))
    own = vocabulary.matrix(prints)
    space = make_space(sets, vocabulary, own[ours])
    say("kept", len(vocabulary.keys), "features,", len(space.features), "of them our own")
    return vocabulary, space, own


def ship_labels(
    options: argparse.Namespace,
    vocabulary: Vocabulary,
    fitted: tuple[npt.NDArray, npt.NDArray],
    calibrations: dict[str, Calibration],
    card: dict,
) -> None:
    """Write the table, with its heads and whatever else stands on the card."""
    heads, at = {}, 0
    for head in HEADS:
        heads[head.name] = {
            "first": at,
            "columns": head.columns,
            "classes": list(head.classes),
            "sharpness": calibrations[head.name].sharpness,
            "threshold": calibrations[head.name].threshold,
        }
        at += head.columns
    coef, bias = fitted
    ship(
        options.out,
        "labels",
        keys=vocabulary.keys,
        rarity=vocabulary.rarity,
        weights=coef.T,
        bias=bias,
        card={"name": options.name, "heads": heads} | card,
    )


def main() -> None:
    """Read, choose features, fit and calibrate every head, measure, ship."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--data", type=Path, required=True)
    arguments.add_argument("--out", type=Path, default=MODELS)
    arguments.add_argument("--name", default="labels-1")
    options = arguments.parse_args()
    warnings.simplefilter("ignore", ConvergenceWarning)

    sets = read_sets(options.data)
    rows = gather(sets, options.data)
    vocabulary, space, own = prepare(sets, rows)
    numbers = space.of(own)
    folds = np.array([fold(r["text"], FOLDS) if r["set"] not in TAUGHT else FOLDS for r in rows])
    scores = out_of_fold(numbers, rows, folds)
    say("fitted out of fold")
    calibrations = {head.name: calibrate_head(head, scores[head.name], rows) for head in HEADS}
    figures = {}
    for name in sorted({row["set"] for row in rows} - TAUGHT):
        here = np.array([row["set"] == name for row in rows])
        some = [row for row in rows if row["set"] == name]
        figures[name] = figures_of(some, {h: v[here] for h, v in scores.items()}, calibrations)

    everything = np.ones(len(rows), bool)
    plain = [space.fold(*fit_known(head, numbers, rows, everything)) for head in HEADS]
    coef, bias = np.vstack([c for c, _ in plain]), np.concatenate([b for _, b in plain])
    print_figures(figures)
    examples = {
        "own": sum(row["set"] == "authored" for row in rows),
        "real": sum(row["set"] not in {"authored", *TAUGHT} for row in rows),
        "weak": sum(row["set"] in TAUGHT for row in rows),
    }
    card = {"examples": examples, "figures": figures}
    ship_labels(options, vocabulary, (coef, bias), calibrations, card)
    card["film_reviews"] = film_reviews(options.data, load("labels", options.out))
    ship_labels(options, vocabulary, (coef, bias), calibrations, card)
    say("shipped to", options.out, "film reviews", card["film_reviews"])


if __name__ == "__main__":
    main()
