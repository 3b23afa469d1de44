"""Measure what ships on messages that are not ours: `python training/measure_reviews.py FILE`.

FILE is a JSONL of messages that somebody labelled by docs/reference/labels.md: `text`, `kind`,
`sentiment`, `urgency` and `answer`, `lang` (ko if not given), and `group`, a word for messages to
be measured together; `second` may hold the labels of another reader. Both tiers are asked as they
are installed, 8 bits and all. `--keep` writes the figures, without any text, where `publish.py`
finds them: that is how messages are measured which we may read and not pass on. `--wrong` prints
those the deep tier gets wrong, the surest first.
"""

import argparse
import json
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from agreement import ASKED, kappa, share
from calibration import probabilities
from corpus import HERE, lines_of
from measure import judged

from sori.understand import deep
from sori.understand.letters import letters_of_texts
from sori.understand.linear import load

KEPT = HERE / "readings" / "reviews.json"
TIERS = ("fast", "deep")


def chances(texts: list[str]) -> dict[str, dict[str, npt.NDArray]]:
    """How likely each answer to each question is, by tier: messages by classes."""
    table, both = load("labels"), deep.deep()
    letters = letters_of_texts(pa.array(texts, pa.string()))
    scores, beside = table.scores(letters)[0], both.scores(letters)
    found: dict[str, dict[str, npt.NDArray]] = {tier: {} for tier in TIERS}
    for name in ASKED:
        plain, weigh = table.card["heads"][name], both.card["heads"][name]
        here = slice(plain["first"], plain["first"] + plain["columns"])
        alone, parts = [scores[:, here]], [scores[:, here], beside[:, here]]
        found["fast"][name] = probabilities(alone, (plain["sharpness"],), plain["level"])
        weights = weigh["table"], weigh["deep"]
        found["deep"][name] = probabilities(parts, weights, weigh["level"])
    return found


def figures(rows: list[dict[str, Any]], found: dict[str, dict[str, npt.NDArray]]) -> dict[str, Any]:
    """Accuracy with its interval, by group and language, label and tier; then all of a language."""
    cards = {"fast": load("labels").card["heads"], "deep": deep.deep().card["heads"]}
    members: dict[str, list[int]] = {}
    for at, row in enumerate(rows):
        members.setdefault(f"{_lang(row)} {row['group']}", []).append(at)
    for at, row in enumerate(rows):
        members.setdefault(f"{_lang(row)} all", []).append(at)
    groups: dict[str, Any] = {}
    for group, use in members.items():
        labels: dict[str, Any] = {}
        for tier, heads in cards.items():
            for name in ASKED:
                wanted = np.array([heads[name]["classes"].index(rows[at][name]) for at in use])
                least = np.full(len(use), heads[name]["threshold"])
                for label, known in judged(name, found[tier][name][use], least, wanted).items():
                    labels.setdefault(label, {})[tier] = known
        groups[group] = labels | _agreed([rows[at] for at in use])
    return groups


def _lang(row: dict[str, Any]) -> str:
    return str(row.get("lang", "ko"))


def _agreed(rows: list[dict[str, Any]]) -> dict[str, Any]:
    if not all("second" in row for row in rows):
        return {}
    pairs = {name: ([r[name] for r in rows], [r["second"][name] for r in rows]) for name in ASKED}
    return {
        "readers": {
            "n": len(rows),
            **{name: [round(share(*pair), 4), round(kappa(*pair), 3)]
               for name, pair in pairs.items()},
        }
    }  # fmt: skip


def print_wrong(rows: list[dict[str, Any]], found: dict[str, dict[str, npt.NDArray]]) -> None:
    """What the deep tier gets wrong, the surest first."""
    for name in ASKED:
        classes, likely = load("labels").card["heads"][name]["classes"], found["deep"][name]
        for at in np.argsort(-likely.max(1), kind="stable"):
            said = classes[int(likely[at].argmax())]
            if said != rows[at][name]:
                print(f"{name}: {rows[at][name]}, said {said} {likely[at].max():.2f}:",
                      rows[at]["text"])  # fmt: skip


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("file", type=Path)
    arguments.add_argument("--keep", action="store_true")
    arguments.add_argument("--wrong", action="store_true")
    options = arguments.parse_args()
    rows = lines_of(options.file)
    found = chances([row["text"] for row in rows])
    by_group = figures(rows, found)
    for group, labels in by_group.items():
        print(group, json.dumps(labels, ensure_ascii=False))
    if options.wrong:
        print_wrong(rows, found)
    if options.keep:
        KEPT.write_text(json.dumps(by_group, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
