"""Weigh the exported transformer against the table: `python training/weigh_deep.py`.

After `train.py` and `export_deep.py`, with the same folders. Whom to believe how much is fitted on
the held messages, which neither has seen; the card of the transformer says it.
"""

import argparse
import json
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from corpus import is_held
from examples import TAUGHT, gather
from heads import HEADS
from measure import card_heads, film_reviews, measured, print_figures

from sori.understand import deep
from sori.understand.letters import letters_of_texts
from sori.understand.linear import MODELS, load

TRUST = {"urgency": 0.75}
"""Of messages that are not ours, urgency was right 8 to 12 points less often than confidences said
that were fitted on messages written and labelled by the same people; all groups gain by this."""
REVIEWS = 1_500
"""Film reviews of each sort that the transformer reads to be measured."""


def said(folder: Path, texts: list[str]) -> dict[str, npt.NDArray]:
    """What the transformer in a folder says about some texts, by head."""
    scores, found, first = deep.load(folder).scores(letters_of_texts(pa.array(texts))), {}, 0
    for head in HEADS:
        found[head.name] = scores[:, first : first + head.columns]
        first += head.columns
    return found


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--data", type=Path, required=True)
    arguments.add_argument("--work", type=Path, required=True)
    arguments.add_argument("--out", type=Path, default=MODELS)
    options = arguments.parse_args()
    every = gather(options.data)
    messages = [row for row in every if row["set"] not in TAUGHT and is_held(row["text"])]
    with np.load(options.work / "held.npz") as kept:
        table = {head.name: kept[head.name] for head in HEADS}
    own = said(options.out, [row["text"] for row in messages])
    figures, calibrations = measured(messages, [table, own], TRUST)
    alone, _ = measured(messages, [own])
    print_figures(figures)
    path = options.out / "deep.json"
    card = json.loads(path.read_text(encoding="utf-8"))
    card |= {"heads": card_heads(calibrations, ("table", "deep"))}
    card |= {"figures": figures, "alone": alone}
    both = (load("labels", options.out), deep.load(options.out)._replace(card=card))
    card |= {"film_reviews": film_reviews(options.data, *both, REVIEWS)}
    path.write_text(json.dumps(card, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
