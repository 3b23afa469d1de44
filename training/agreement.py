"""How far careful readings of a message agree: no model can be told to be better than that."""

import hashlib
from collections import Counter
from collections.abc import Hashable, Sequence
from itertools import combinations
from pathlib import Path
from typing import Any

from corpus import HERE, authored, lines_of

ASKED = ("kind", "sentiment", "urgency", "answer")
READINGS = ("first", "second", "third")


def agreement(folder: Path = HERE / "readings") -> list[dict[str, Any]]:
    """Of every language and label: how many messages, and the mean over the pairs of readings.

    The first reading is that of the examples; the others were made without sight of it.
    """
    first = {digest(row["text"]): row for row in authored()}
    others = [_read(folder / f"{name}.jsonl") for name in READINGS[1:]]
    common = sorted(set(first).intersection(*others))
    found = []
    for lang in ("ko", "en"):
        names = [name for name in common if first[name]["lang"] == lang]
        for label in ASKED:
            said = [[one[name][label] for name in names] for one in (first, *others)]
            pairs = [(share(a, b), kappa(a, b)) for a, b in combinations(said, 2)]
            shares, kappas = zip(*pairs, strict=True)
            found.append({"lang": lang, "label": label, "n": len(names),
                          "share": sum(shares) / len(pairs), "kappa": sum(kappas) / len(pairs),
                          "least": min(shares)})  # fmt: skip
    return found


def digest(text: str) -> str:
    """How a reading names its message."""
    return hashlib.blake2b(text.encode(), digest_size=8).hexdigest()


def share(one: Sequence[Hashable], other: Sequence[Hashable]) -> float:
    """Of how many messages two readings say the same."""
    return sum(a == b for a, b in zip(one, other, strict=True)) / len(one)


def kappa(one: Sequence[Hashable], other: Sequence[Hashable]) -> float:
    """The same beyond chance (J. Cohen 1960): 1 is always, 0 what guessing by frequency gives."""
    counts, others = Counter(one), Counter(other)
    chance = sum(counts[label] * others[label] for label in counts) / len(one) ** 2
    return (share(one, other) - chance) / (1 - chance)


def _read(path: Path) -> dict[str, dict[str, Any]]:
    return {row["digest"]: row for row in lines_of(path)}
