"""Read the texts the model learns from: our own examples, real labelled ones, public sets."""

import hashlib
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import zstandard

HERE = Path(__file__).parent
SETS = {
    "pet": ("ko_petitions",),
    "nsmc": ("ko_nsmc_sentiment", "ko_nsmc_stream"),
    "3i4k": ("ko_3i4k_intent",),
    "khs": ("ko_hate_speech",),
    "khsu": ("ko_comments_unlabeled",),
}
"""Which public sets an id may be in, by what stands before its dash."""
UNSEEN_SINCE = "2015-07-15"
"""Film reviews written since that day teach nothing: they are what we measure with."""


def rows(data: Path, name: str) -> Iterator[dict[str, Any]]:
    """The rows of one public set."""
    with zstandard.open(data / f"{name}.jsonl.zst", "rb") as packed:
        for line in io.TextIOWrapper(packed, encoding="utf-8"):
            yield json.loads(line)


def lines_of(path: Path) -> list[dict[str, Any]]:
    """The rows of a file of lines, empty ones left out."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines if line.strip()]


def authored(folder: Path = HERE / "examples") -> list[dict[str, Any]]:
    """Our own labelled messages, each text once, in a stable order."""
    found: dict[str, dict[str, Any]] = {}
    for path in sorted(folder.glob("*.jsonl")):
        for row in lines_of(path):
            row["lang"] = row.get("lang") or path.name[:2]
            found.setdefault(row["text"], row)
    return [found[text] for text in sorted(found)]


def read_labels(data: Path, folder: Path = HERE / "labels") -> list[dict[str, Any]]:
    """Real messages that were labelled by hand: ids and labels from here, texts from the sets."""
    wanted = {row["id"]: row for path in sorted(folder.glob("*.jsonl")) for row in lines_of(path)}
    names = sorted({found for name in wanted for found in SETS[name.partition("-")[0]]})
    result = []
    for name in names:
        for row in rows(data, name):
            if row["id"] in wanted:
                known = {"text": text_of(row), "lang": row["lang"], "set": name}
                result.append(wanted[row["id"]] | known)
    return result


def read_for_opinions(folder: Path = HERE / "units") -> set[str]:
    """Ids of real messages whose opinions were read by hand, for measuring only."""
    every = (row for path in folder.glob("*.jsonl") for row in lines_of(path))
    return {row["id"] for row in every if "id" in row}


def text_of(row: dict[str, Any]) -> str:
    """What a row of a public set says: a petition has a title and a content."""
    return f"{row['text']} {row['content']}" if "content" in row else str(row["text"])


def fold(text: str, folds: int) -> int:
    """The fold a text always falls into, whatever else is in the set."""
    letters = "".join(text.split())
    return int.from_bytes(hashlib.blake2b(letters.encode(), digest_size=4).digest()) % folds


def is_held(text: str) -> bool:
    """Whether a labelled message belongs to the eighth that no model is taught before measuring."""
    return fold(text, 8) == 0
