"""How good the labels are: accuracy with its confidence interval, coverage, calibration."""

from math import sqrt
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from calibration import Calibration, expected_error, probabilities
from corpus import read_labels, rows, text_of
from heads import HEADS

from sori.understand.letters import letters_of_texts
from sori.understand.linear import Table


def interval(right: int, of: int) -> tuple[float, float]:
    """Wilson's 95 % interval of a share (Wilson 1927)."""
    z = 1.96
    share = right / of
    middle = (share + z * z / (2 * of)) / (1 + z * z / of)
    half = z / (1 + z * z / of) * sqrt(share * (1 - share) / of + z * z / (4 * of * of))
    return round(middle - half, 3), round(middle + half, 3)


def figures_of(
    messages: list[dict[str, Any]], scores: dict[str, Any], calibrations: dict[str, Calibration]
) -> dict[str, Any]:
    """Figures by language and head."""
    found: dict[str, Any] = {}
    for lang in sorted({row["lang"] for row in messages}):
        found[lang] = {}
        for head in HEADS:
            here = np.array([row["lang"] == lang and head.knows(row) for row in messages])
            some = [row for row, is_here in zip(messages, here, strict=True) if is_here]
            if head.name.startswith("also_") or not some:
                continue
            wanted = head.wanted(some)
            chances = probabilities(
                head.columns, scores[head.name][here], calibrations[head.name].sharpness
            )
            said, sure = chances.argmax(1), chances.max(1)
            right = said == wanted
            surest = np.argsort(-sure, kind="stable")[: int(0.8 * len(sure))]
            spoken = sure >= calibrations[head.name].threshold
            found[lang][head.name] = {
                "n": len(some),
                "accuracy": round(float(right.mean()), 4),
                "interval": interval(int(right.sum()), len(some)),
                "f1": round(_macro_f1(wanted, said), 4),
                "at_80": round(float(right[surest].mean()), 4),
                "coverage": round(float(spoken.mean()), 4),
                "accuracy_said": round(float(right[spoken].mean()), 4),
                "ece": round(expected_error(sure, right), 4),
            }
    return found


def film_reviews(data: Path, table: Table) -> dict[str, Any]:
    """How the shipped table, 8 bits and all, tells good from bad in film reviews it never saw.

    Ratings of 1 to 4 are bad, 9 and 10 good, as many of each; the rest is left out.
    """
    taught = {row["id"] for row in read_labels(data)}
    unseen = [row for row in rows(data, "ko_nsmc_stream") if row["id"] not in taught]
    good = [text_of(row) for row in unseen if row["rating"] >= 9]
    bad = [text_of(row) for row in unseen if row["rating"] <= 4]
    size = min(len(good), len(bad))
    scores, _ = table.scores(letters_of_texts(pa.array(good[:size] + bad[:size])))
    about = table.card["heads"]["sentiment"]
    at = {name: about["first"] + number for number, name in enumerate(about["classes"])}
    said = scores[:, at["positive"]] > scores[:, at["negative"]]
    right = int(said[:size].sum() + (~said[size:]).sum())
    return {
        "n": 2 * size,
        "accuracy": round(right / (2 * size), 4),
        "interval": interval(right, 2 * size),
    }


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
