"""Fit the small table that tells languages in Latin and Cyrillic letters apart."""

import argparse
import random
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from corpus import HERE, authored, fold, rows
from shipping import ship
from sklearn.linear_model import LogisticRegression
from vectors import Vocabulary, hashed

from sori.understand.language import MOST_READ
from sori.understand.linear import MODELS

ALPHABETS = (
    "en", "es", "fr", "de", "pt", "it", "nl", "pl", "tr", "vi", "id", "ms", "tl", "uz", "ru", "uk",
    "mn",
)  # fmt: skip
INITIALS = "g kk n d tt r m b pp s ss - j jj ch k t p h"
VOWELS = "a ae ya yae eo e yeo ye o wa wae oe yo u wo we wi yu eu ui i"
FINALS = "- k k k n n n t l k m l l l p l m p p t t ng t t k t p h"
LINKED = "- g kk ks n nj n d r lg lm lb ls lt lp r m b ps s ss ng j ch k t p -"
"""What a final consonant sounds like before a vowel."""
SILENT, NG, NASALS = 11, 21, (2, 6)
FEATURES = 26_000
LEARNT_FROM = 80
"""Letters of each piece; a few more than are read later teach a little more."""
FEWEST_KNOWN = 0.2
WANTED = 0.975


def romanised(text: str) -> str:
    """Korean in Latin letters, the way people type it (Revised Romanisation, as it sounds)."""
    initials, vowels, finals = INITIALS.split(), VOWELS.split(), FINALS.split()
    parts = [_parts(character) for character in text] + [None]
    letters = []
    for character, here, ahead in zip(text, parts, parts[1:], strict=False):
        if here is None:
            letters.append(character)
            continue
        final = finals[here[2]]
        if ahead is not None and here[2] and ahead[0] == SILENT and here[2] != NG:
            final = LINKED.split()[here[2]]
        elif ahead is not None and ahead[0] in NASALS:
            final = {"k": "ng", "t": "n", "p": "m"}.get(final, final)
        letters.append((initials[here[0]] + vowels[here[1]] + final).replace("-", ""))
    return "".join(letters)


def _parts(character: str) -> tuple[int, int, int] | None:
    at = ord(character) - 0xAC00
    return (at // 588, at % 588 // 28, at % 28) if 0 <= at < 11172 else None


def pieces(text: str, chance: random.Random) -> list[str]:
    """A sentence whole and in windows of one to eight words: customers write short."""
    words = text.split()
    found = [text]
    for size in (2, 3, 5, 8):
        if len(words) > size:
            at = chance.randrange(len(words) - size + 1)
            found.append(" ".join(words[at : at + size]))
    return found


def noise(chance: random.Random) -> str:
    """Letters that are no language."""
    return "".join(chance.choices("asdfghjklqwertyuiopzxcvbnm ", k=chance.randrange(4, 30)))


def sentences(data: Path) -> Iterator[tuple[str, str, str]]:
    """What to learn from: split, text, language; "" is no language of ours."""
    for row in rows(data, "multi_sib200_langid"):
        if row["lang"] in ALPHABETS:
            yield row["split"], row["text"], row["lang"]
    for number, row in enumerate(rows(data, "en_banking77")):
        if number % 8 == 0:
            yield ("dev" if number % 80 == 0 else "train"), row["text"], "en"
    for row in authored():
        if row["lang"] == "en":
            yield ("dev" if fold(row["text"], 5) == 0 else "train"), row["text"], "en"
    for number, row in enumerate(rows(data, "ko_nsmc_sentiment")):
        if number % 40 == 0:
            yield ("dev" if number % 400 == 0 else "train"), romanised(row["text"]), ""


def collect(data: Path) -> dict[str, list[tuple[str, str]]]:
    """Pieces of sentences with their languages, by split."""
    chance = random.Random(7)
    found: dict[str, list[tuple[str, str]]] = {"train": [], "dev": []}
    for split, text, lang in sentences(data):
        found[split] += [(piece, lang) for piece in pieces(text, chance)]
        if not lang:
            found["train"].append((noise(chance), ""))
    for path in sorted((HERE / "words").glob("*.txt")):
        lines = path.read_text(encoding="utf-8").splitlines()
        lang = path.stem if path.stem in ALPHABETS else ""
        found["train"] += [(line, lang) for line in lines] * 3
    return {
        "train": [(text[:LEARNT_FROM], lang) for text, lang in found["train"]],
        "dev": [(text[:MOST_READ], lang) for text, lang in found["dev"]],
    }


def main() -> None:
    """Fit, measure on held-out pieces, choose the threshold, ship."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--data", type=Path, required=True)
    arguments.add_argument("--out", type=Path, default=MODELS)
    options = arguments.parse_args()
    found = collect(options.data)
    texts, langs = zip(*found["train"], strict=True)
    held, truth = zip(*found["dev"], strict=True)
    prints = hashed(list(texts))
    vocabulary = Vocabulary([prints], 12)
    names = sorted(set(langs))
    wanted = [names.index(lang) for lang in langs]
    first = LogisticRegression(C=10, max_iter=25).fit(vocabulary.matrix(prints), wanted)
    telling = np.abs(first.coef_).max(0) * np.sqrt(vocabulary.texts)
    vocabulary.narrow(np.sort(np.argsort(-telling)[:FEATURES]))
    model = LogisticRegression(C=30, max_iter=60).fit(vocabulary.matrix(prints), wanted)
    test = vocabulary.matrix(hashed(list(held)))
    chances = model.predict_proba(test)
    best, sure = chances.argmax(1), chances.max(1)
    right = np.array([names[b] == t for b, t in zip(best, truth, strict=True)])
    threshold = threshold_for(sure, right, np.array([names[b] != "" for b in best]))
    kept = sure >= threshold
    figures = {
        "held_out_pieces": len(held),
        "accuracy_all": round(float(right.mean()), 4),
        "accuracy_said": round(float(right[kept].mean()), 4),
        "said": round(float(kept.mean()), 4),
    } | _english(found["dev"], names, best, kept)
    print(figures, "features", len(vocabulary.keys))
    ship(
        options.out,
        "language",
        keys=vocabulary.keys,
        rarity=vocabulary.rarity,
        weights=model.coef_.T,
        bias=model.intercept_,
        card={
            "name": "language-2",
            "languages": names,
            "sharpness": 1.0,
            "threshold": round(float(threshold), 3),
            "fewest_known": FEWEST_KNOWN,
            "figures": figures,
        },
    )


def _english(
    held: list[tuple[str, str]], names: list[str], best: np.ndarray, kept: np.ndarray
) -> dict[str, float]:
    """Of our own held-out English messages, how many are said to be English."""
    own = {row["text"][:MOST_READ] for row in authored() if row["lang"] == "en"}
    here = np.array([text in own for text, _ in held])
    said = np.array([names[one] == "en" for one in best]) & kept
    return {"own_english": int(here.sum()), "own_english_said": round(float(said[here].mean()), 4)}


def threshold_for(sure: np.ndarray, right: np.ndarray, said: np.ndarray) -> float:
    """The lowest confidence from which on WANTED of the languages said are right."""
    for threshold in np.arange(0.3, 0.99, 0.01):
        kept = said & (sure >= threshold)
        if right[kept].mean() >= WANTED:
            return float(threshold)
    return 0.99


if __name__ == "__main__":
    main()
