"""Put together what the table is taught: our own examples, real labelled ones, insults."""

from pathlib import Path
from typing import Any

from corpus import authored, read_labels, rows, text_of
from insults import made

TAUGHT = {"weak", "made"}
"""Sets that only teach; nothing is measured on them."""

LIGHT = 0.15
"""What a comment counts of which a public set says only whether it insults."""


def gather(data: Path) -> list[dict[str, Any]]:
    """All examples, each with `text`, `lang`, `set`, `weight` and the labels it has."""
    found = [row | {"set": "authored", "weight": 1.0} for row in authored()]
    found += [row | {"weight": 1.0} for row in read_labels(data)]
    known = {row["id"] for row in found if "id" in row}
    return found + made() + [row for row in _insults(data) if row["id"] not in known]


def _insults(data: Path) -> list[dict[str, Any]]:
    return [
        {"id": row["id"], "text": text_of(row), "lang": row["lang"], "abuse": row["hate"] != "none",
         "set": "weak", "weight": LIGHT}
        for row in rows(data, "ko_hate_speech")
    ]  # fmt: skip
