"""Make the table of labels, and weigh it against the transformer: `python training/train.py`.

Everything is fitted twice: once without the held eighth of the labelled messages, to measure and
to calibrate, and once with all of them, to ship.
"""

import argparse
import json
import time
import warnings
from multiprocessing import get_context
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from baselines import char_grams
from calibration import Calibration, calibrate
from corpus import fold, is_held
from examples import gather
from fitting import Taught, fit
from heads import HEADS, Head, Space
from measure import figures_of, film_reviews, print_figures
from scipy.sparse import csr_matrix
from shipping import ship
from sklearn.exceptions import ConvergenceWarning
from teacher import opinions, texts_read
from vectors import Vocabulary, hashed
from weak import Sets, directions, meanings, read_sets

from sori.understand import deep
from sori.understand.letters import letters_of_texts
from sori.understand.linear import MODELS, load

FEATURES = 200_000
LEAST = 4
STRENGTH = {"kind": 20.0, "sentiment": 10.0, "urgency": 10.0, "answer": 10.0, "abuse": 30.0}
WEAK_ROWS_OF = {"sentiment": 2.5}
"""How much heavier weak rows weigh for a head: a rating says more about feeling than about kind."""
WEAK_WEIGHT, TEACHER_WEIGHT, MEANING_WEIGHT = 0.3, 0.3, 0.05
"""How readily a head leans on the scores of weak models, of the teacher, on main directions."""
TEACHER_STRENGTH = 2.0
MEANINGS = False
OWN_SHARE = 0.7
"""Of the features that ship, so many may be chosen for what they tell in our own examples."""
CHOOSING = ("kind", "sentiment", "urgency", "answer")
TAUGHT = {"weak", "made"}
"""Sets that only teach; nothing is measured on them."""
SHARES = (0.25, 0.5)
"""Parts of the labelled messages the learning curve is drawn with."""
started = time.monotonic()


def say(*words: object) -> None:
    print(f"{time.monotonic() - started:6.1f} s", *words, flush=True)


class Prepared(NamedTuple):
    """All messages as numbers.

    Attributes:
        rows: the messages.
        vocabulary: the features that ship.
        space: the numbers a head may use.
        numbers: of every message.
        held: which are never taught before measuring.
    """

    rows: list[dict[str, Any]]
    vocabulary: Vocabulary
    space: Space
    numbers: csr_matrix
    held: npt.NDArray[np.bool_]


def fit_heads(made: Prepared, seen: npt.NDArray[np.bool_]) -> list[tuple[npt.NDArray, npt.NDArray]]:
    """Fit every head on the seen messages, two at a time."""
    with get_context("fork").Pool(2) as pool:
        return pool.starmap(fit_known, [(head, made, seen) for head in HEADS], chunksize=1)


def choose_features(
    vocabulary: Vocabulary, own: csr_matrix, rows: list[dict], weak: npt.NDArray, most: int
) -> npt.NDArray:
    """The features worth shipping: those telling in our own examples, then in the public sets.

    A feature tells as much as a model leans on it times how often it occurs.
    """
    seen = np.array([at for at, row in enumerate(rows) if not is_held(row["text"])])
    times = np.diff(own.tocsc().indptr)
    common, found = np.flatnonzero(times >= 2), []
    own = own[:, common]
    for head in HEADS:
        if head.name in CHOOSING:
            use = np.array([at for at in seen if head.knows(rows[at])])
            chances = np.eye(len(head.classes))[head.wanted([rows[at] for at in use])]
            lesson = Taught(use, chances, np.ones(len(use)))
            found.append(fit(own, head.columns, [lesson], 10.0, 25)[0])
    telling = _telling(np.vstack(found), times[common])
    ours = common[np.argsort(-telling, kind="stable")][: int(most * OWN_SHARE)]
    others = np.argsort(-_telling(weak, vocabulary.texts), kind="stable")
    others = others[~np.isin(others, ours)][: most - len(ours)]
    return np.sort(np.concatenate([ours, others]))


def _telling(weights: npt.NDArray, times: npt.NDArray) -> npt.NDArray:
    return (np.abs(weights) / weights.std(axis=1, keepdims=True)).max(axis=0) * np.sqrt(times)


def taught_by_teacher(matrix: csr_matrix, scores: npt.NDArray) -> npt.NDArray:
    """The teacher's opinions as directions in the space of features: columns by features."""
    every, found, first = np.arange(matrix.shape[0]), [], 0
    for head in HEADS:
        part = scores[:, first : first + head.columns]
        first += head.columns
        chances = Calibration((1.0,), 0.0).chances([part])
        lesson = Taught(every, chances, np.ones(len(every)))
        found.append(fit(matrix, head.columns, [lesson], TEACHER_STRENGTH, 40)[0])
    return np.vstack(found)


def make_space(
    sets: Sets, vocabulary: Vocabulary, own: csr_matrix, taught: npt.NDArray | None
) -> Space:
    """The dense numbers: weak models, the teacher, main directions; each of unit spread."""
    weak, _ = directions(sets, vocabulary)
    parts = [(weak, WEAK_WEIGHT)]
    if MEANINGS:
        parts.append((meanings(sets, vocabulary, own), MEANING_WEIGHT))
    if taught is not None:
        parts.append((taught, TEACHER_WEIGHT))
    dense = np.vstack([part for part, _ in parts])
    values = np.asarray(own @ dense.T)
    weight = np.concatenate([np.full(len(part), light) for part, light in parts])
    features = np.flatnonzero(np.diff(own.tocsc().indptr) >= 2)
    return Space(features, dense, values.mean(axis=0), weight / (values.std(axis=0) + 1e-9))


def prepare(options: argparse.Namespace) -> Prepared:
    """Choose the features, find the dense numbers, read the examples in them."""
    sets = read_sets(options.data)
    rows = gather(sets, options.data)
    prints = hashed([row["text"] for row in rows])
    vocabulary = Vocabulary([prints, *sets.prints.values()], LEAST)
    say(len(rows), "examples;", len(vocabulary.keys), "features")
    weak, _ = directions(sets, vocabulary)
    own = vocabulary.matrix(prints)
    # petitions are long: their features would crowd out those of ordinary messages
    ours = np.array([row["set"] not in (*TAUGHT, "ko_petitions") for row in rows])
    some = [row for row, is_ours in zip(rows, ours, strict=True) if is_ours]
    vocabulary.narrow(choose_features(vocabulary, own[ours], some, weak, options.features))
    say("chose the features")
    own = vocabulary.matrix(prints)
    taught = None
    if options.teacher:
        texts = texts_read(options.data, {row["id"] for row in rows if "id" in row})
        scores = opinions(texts, options.out, options.work / "opinions.npy")
        say("the teacher read", len(texts), "texts")
        taught = taught_by_teacher(vocabulary.matrix(hashed(texts)), scores)
    space = make_space(sets, vocabulary, own[ours], taught)
    say("kept", len(vocabulary.keys), "features,", len(space.features), "of them our own")
    held = np.array([row["set"] not in TAUGHT and is_held(row["text"]) for row in rows])
    return Prepared(rows, vocabulary, space, space.of(own), held)


def fit_known(
    head: Head, made: Prepared, seen: npt.NDArray[np.bool_]
) -> tuple[npt.NDArray, npt.NDArray]:
    """Fit one head on those of the seen messages that answer its question."""
    use = np.array([at for at in np.flatnonzero(seen) if head.knows(made.rows[at])])
    some = [made.rows[at] for at in use]
    heavier = WEAK_ROWS_OF.get(head.name, 1.0)
    weights = np.array([r["weight"] * (heavier if r["set"] == "weak" else 1.0) for r in some])
    lesson = Taught(use, np.eye(len(head.classes))[head.wanted(some)], weights)
    return fit(made.numbers, head.columns, [lesson], STRENGTH.get(head.name, 10.0))


def curve(made: Prepared) -> dict[str, Any]:
    """Accuracy on the held messages of our own, by the share of labelled messages taught."""
    draw = np.array([fold(f"curve {row['text']}", 100) / 100 for row in made.rows])
    weak = np.array([row["set"] in TAUGHT for row in made.rows])
    found: dict[str, Any] = {}
    for share in (*SHARES, 1.0):
        seen = ~made.held & (weak | (draw < share))
        for head in HEADS:
            if head.name != "kind":
                continue
            coef, bias = fit_known(head, made, seen)
            for lang in ("ko", "en"):
                use = [
                    at for at in np.flatnonzero(made.held)
                    if made.rows[at]["set"] == "authored" and made.rows[at]["lang"] == lang
                ]  # fmt: skip
                chances = Calibration((1.0,), 0.0).chances([made.numbers[use] @ coef.T + bias])
                right = chances.argmax(1) == head.wanted([made.rows[at] for at in use])
                found.setdefault(lang, {}).setdefault(head.name, {})[str(share)] = round(
                    float(right.mean()), 4
                )
    return found


def measured(
    messages: list[dict[str, Any]], scores: list[dict[str, npt.NDArray]]
) -> tuple[dict[str, Any], dict[str, Calibration]]:
    """Figures of the held messages by set, and the calibrations that ship."""
    figures, calibrations = figures_of(messages, scores), {}
    for head in HEADS:
        use = [at for at, row in enumerate(messages) if head.knows(row)]
        wanted = head.wanted([messages[at] for at in use])
        calibrations[head.name] = calibrate([part[head.name][use] for part in scores], wanted)
    return figures, calibrations


def deep_scores(folder: Path, texts: list[str]) -> dict[str, npt.NDArray]:
    """What the transformer in a folder says about some texts, by head."""
    scores, found, first = deep.load(folder).scores(letters_of_texts(pa.array(texts))), {}, 0
    for head in HEADS:
        found[head.name] = scores[:, first : first + head.columns]
        first += head.columns
    return found


def card_heads(calibrations: dict[str, Calibration], names: tuple[str, ...]) -> dict[str, Any]:
    """The heads as a card tells of them: where they stand and how their scores are weighed."""
    heads, at = {}, 0
    for head in HEADS:
        known = calibrations[head.name]
        heads[head.name] = {
            "first": at,
            "columns": head.columns,
            "classes": list(head.classes),
            **dict(zip(names, known.weights, strict=True)),
            "threshold": known.threshold,
        }
        at += head.columns
    return heads


def ship_labels(options: argparse.Namespace, made: Prepared, card: dict[str, Any]) -> None:
    """Fit every head on everything and write the table."""
    everything = np.ones(len(made.rows), bool)
    plain = [made.space.fold(*fitted) for fitted in fit_heads(made, everything)]
    coef, bias = np.vstack([c for c, _ in plain]), np.concatenate([b for _, b in plain])
    keys, rarity = made.vocabulary.keys, made.vocabulary.rarity
    for _ in range(2):  # the second time with what the shipped table itself is worth
        ship(options.out, "labels", keys=keys, rarity=rarity, weights=coef.T, bias=bias, card=card)
        card["film_reviews"] = film_reviews(options.data, load("labels", options.out))
    say("shipped to", options.out, "film reviews", card["film_reviews"])


def ship_deep_card(
    options: argparse.Namespace, messages: list[dict[str, Any]], table: dict[str, npt.NDArray]
) -> None:
    """Weigh the transformer against the table and write its card."""
    said = deep_scores(options.out, [row["text"] for row in messages])
    figures, calibrations = measured(messages, [table, said])
    alone, _ = measured(messages, [said])
    print_figures(figures)
    path = options.out / "deep.json"
    card = json.loads(path.read_text(encoding="utf-8"))
    card |= {"heads": card_heads(calibrations, ("table", "deep"))}
    card |= {"figures": figures, "alone": alone}
    path.write_text(json.dumps(card) + "\n", encoding="utf-8")
    films = film_reviews(options.data, load("labels", options.out), deep.load(options.out), 1_500)
    card |= {"film_reviews": films}
    path.write_text(json.dumps(card, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def main() -> None:
    """Read, choose features, fit and calibrate every head, measure, ship."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--data", type=Path, required=True)
    arguments.add_argument("--out", type=Path, default=MODELS)
    arguments.add_argument("--work", type=Path, default=Path("/tmp"))
    arguments.add_argument("--name", default="labels-2")
    arguments.add_argument("--features", type=int, default=FEATURES)
    arguments.add_argument("--no-teacher", dest="teacher", action="store_false")
    arguments.add_argument("--measure-only", action="store_true")
    options = arguments.parse_args()
    warnings.simplefilter("ignore", ConvergenceWarning)

    made = prepare(options)
    messages = [row for row, is_out in zip(made.rows, made.held, strict=True) if is_out]
    table = {}
    for head, (coef, bias) in zip(HEADS, fit_heads(made, ~made.held), strict=True):
        table[head.name] = made.numbers[made.held] @ coef.T + bias
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
    if options.teacher:
        ship_deep_card(options, messages, table)


if __name__ == "__main__":
    main()
