"""How good the labels are: accuracy with its confidence interval, coverage, calibration."""

from collections.abc import Mapping
from math import sqrt
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from calibration import Calibration, calibrate, crossed, expected_error
from corpus import UNSEEN_SINCE, fold, read_labels, rows, text_of
from heads import HEADS

from sori.mention import SENTIMENTS
from sori.understand.deep import Deep
from sori.understand.letters import letters_of_texts
from sori.understand.linear import Table

MIXED = SENTIMENTS.index("mixed")
ALL_TRUST: Mapping[str, float] = MappingProxyType({})


def interval(right: int, of: int) -> tuple[float, float]:
    """Wilson's 95 % interval of a share (Wilson 1927)."""
    z = 1.96
    share = right / of
    middle = (share + z * z / (2 * of)) / (1 + z * z / of)
    half = z / (1 + z * z / of) * sqrt(share * (1 - share) / of + z * z / (4 * of * of))
    return round(middle - half, 3), round(middle + half, 3)


def figures_of(
    messages: list[dict[str, Any]],
    scores: list[dict[str, npt.NDArray]],
    trust: Mapping[str, float],
) -> dict[str, Any]:
    """Figures of held-out messages, by set, language and head.

    Confidences are calibrated on one half of the messages and judged on the other.

    Args:
        messages: none of which any of the models has seen.
        scores: of every message by head, one dictionary a model.
        trust: in what is fitted, by head, where it is not 1; see `calibrate`.
    """
    half = np.array([fold(f"half {row['text']}", 2) == 0 for row in messages])
    found: dict[str, Any] = {}
    for head in HEADS:
        use = np.array([at for at, row in enumerate(messages) if head.knows(row)])
        if head.name.startswith("also_"):
            continue
        some = [messages[at] for at in use]
        wanted = head.wanted(some)
        ours = [part[head.name][use] for part in scores]
        chances, least = crossed(ours, wanted, half[use], trust.get(head.name, 1.0))
        groups = np.array([f"{row['set']} {row['lang']}" for row in some])
        for group in np.unique(groups):
            here = groups == group
            name, lang = group.split()
            by_lang = found.setdefault(name, {}).setdefault(lang, {})
            by_lang |= judged(head.name, chances[here], least[here], wanted[here])
    return found


def judged(
    name: str, chances: npt.NDArray, least: npt.NDArray, wanted: npt.NDArray
) -> dict[str, dict[str, Any]]:
    """Figures of one question; of sentiment also without the mixed, told apart into three.

    Args:
        name: of the head.
        chances: messages by classes.
        least: by message, the confidence below which nothing is said.
        wanted: the right classes.
    """
    found = {name: _figures(chances, least, wanted)}
    if name == "sentiment":
        three = wanted != MIXED
        plain = chances[three, :MIXED] / chances[three, :MIXED].sum(axis=1, keepdims=True)
        found["sentiment3"] = _figures(plain, least[three], wanted[three])
    return found


def measured(
    messages: list[dict[str, Any]],
    scores: list[dict[str, npt.NDArray]],
    trust: Mapping[str, float] = ALL_TRUST,
) -> tuple[dict[str, Any], dict[str, Calibration]]:
    """Figures of the held messages by set, and the calibrations that ship; see `figures_of`."""
    figures, calibrations = figures_of(messages, scores, trust), {}
    for head in HEADS:
        use = [at for at, row in enumerate(messages) if head.knows(row)]
        wanted = head.wanted([messages[at] for at in use])
        ours = [part[head.name][use] for part in scores]
        calibrations[head.name] = calibrate(ours, wanted, trust.get(head.name, 1.0))
    return figures, calibrations


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
            "level": known.level,
            "threshold": known.threshold,
        }
        at += head.columns
    return heads


def _figures(chances: npt.NDArray, least: npt.NDArray, wanted: npt.NDArray) -> dict[str, Any]:
    said, sure = chances.argmax(1), chances.max(1)
    right = said == wanted
    surest = np.argsort(-sure, kind="stable")[: max(1, int(0.8 * len(sure)))]
    spoken = sure >= least
    return {
        "n": len(wanted),
        **_rare(said, wanted, chances.shape[1]),
        "accuracy": round(float(right.mean()), 4),
        "interval": interval(int(right.sum()), len(wanted)),
        "f1": round(_macro_f1(wanted, said), 4),
        "at_80": round(float(right[surest].mean()), 4),
        "coverage": round(float(spoken.mean()), 4),
        "accuracy_said": round(float(right[spoken].mean()), 4),
        "ece": round(expected_error(sure, right), 4),
    }


def film_reviews(
    data: Path, table: Table, deep: Deep | None = None, most: int = 1_000_000
) -> dict[str, Any]:
    """How well what ships, 8 bits and all, tells good from bad in film reviews it never saw.

    Ratings of 1 to 4 are bad, 9 and 10 good, as many of each; the rest is left out.

    Args:
        data: the folder of the public sets.
        table: of labels.
        deep: asked beside it, if given; its card says whom to believe how much.
        most: reviews of each sort at most.
    """
    taught = {row["id"] for row in read_labels(data)}
    unseen = [
        row
        for row in rows(data, "ko_nsmc_stream")
        if row["created_at"] >= UNSEEN_SINCE and row["id"] not in taught
    ]
    good = [text_of(row) for row in unseen if row["rating"] >= 9]
    bad = [text_of(row) for row in unseen if row["rating"] <= 4]
    size = min(len(good), len(bad), most)
    letters = letters_of_texts(pa.array(good[:size] + bad[:size]))
    scores, _ = table.scores(letters)
    if deep is not None:
        weigh = deep.card["heads"]["sentiment"]
        scores = weigh["table"] * scores + weigh["deep"] * deep.scores(letters)
    about = table.card["heads"]["sentiment"]
    at = {name: about["first"] + number for number, name in enumerate(about["classes"])}
    said = scores[:, at["positive"]] > scores[:, at["negative"]]
    right = int(said[:size].sum() + (~said[size:]).sum())
    return {
        "n": 2 * size,
        "accuracy": round(right / (2 * size), 4),
        "interval": interval(right, 2 * size),
    }


def _rare(said: npt.NDArray, wanted: npt.NDArray, classes: int) -> dict[str, Any]:
    """Of a yes or no: how many are there, how many were found, how many of those rightly."""
    if classes > 2:
        return {}
    hit = int((said & wanted).sum())
    return {"there": int(wanted.sum()), "found": int(said.sum()), "hit": hit}


def _macro_f1(wanted: np.ndarray, said: np.ndarray) -> float:
    scores = []
    for label in np.unique(wanted):
        hit = ((said == label) & (wanted == label)).sum()
        scores.append(2 * hit / ((said == label).sum() + (wanted == label).sum()))
    return float(np.mean(scores))


def print_figures(figures: dict[str, Any]) -> None:
    """One line a set and question."""
    for name, by_lang in figures.items():
        for lang, heads in by_lang.items():
            for head, v in heads.items():
                low, high = v["interval"]
                print(
                    f"{name:22} {lang} {head:10} n {v['n']:5} accuracy {v['accuracy']:.3f}"
                    f" ({low:.3f}-{high:.3f}) f1 {v['f1']:.3f} at80 {v['at_80']:.3f}"
                    f" said {v['coverage']:.3f} {v['accuracy_said']:.3f} ece {v['ece']:.3f}"
                )
