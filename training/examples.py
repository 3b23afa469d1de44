"""Put together what the heads are fitted on: our own examples, real labelled ones, weak ones."""

import random
from typing import Any

from corpus import authored, read_labels, text_of
from insults import made
from weak import BROKEN, Sets

AUTHORED, REAL = 1.0, 1.0
QUIET = {"urgency": 0, "answer": False, "abuse": False}
ASKING = ("what", "how", "when", "where", "who", "which", "why", "is", "does", "can")
ASKS = {"kind": "question", "sentiment": "neutral", "urgency": 1, "answer": True}


def gather(sets: Sets, data: Any) -> list[dict[str, Any]]:
    """All examples, each with `text`, `lang`, `set`, `weight` and the labels it has."""
    rows = [row | {"set": "authored", "weight": AUTHORED} for row in authored()]
    rows += [row | {"weight": REAL} for row in read_labels(data)]
    known = {row["id"] for row in rows if "id" in row}
    return rows + made() + [row for row in weak_rows(sets) if row["id"] not in known]


def weak_rows(sets: Sets) -> list[dict[str, Any]]:
    """Rows of public sets with what their own labels let one guess."""
    chance = random.Random(5)
    found = []
    for name, most, guess, weight in (
        ("ko_nsmc_sentiment", 9000, _review, 0.12),
        ("ko_3i4k_intent", 4000, _utterance, 0.04),
        ("ko_comments_unlabeled", 2500, _comment, 0.04),
        ("ko_hate_speech", 7868, _insult, 0.15),
        ("en_banking77", 2500, _bank, 0.1),
        ("en_clinc150", 1500, _assistant, 0.05),
    ):
        some = sets.rows[name]
        for row in chance.sample(some, min(most, len(some))):
            labels = guess(row)
            if labels:
                plain = {"id": row["id"], "text": text_of(row), "lang": row["lang"]}
                found.append(plain | labels | {"set": "weak", "weight": weight})
    return found


def _review(row: dict[str, Any]) -> dict[str, Any]:
    if row["rating"] >= 9:
        return {"kind": "praise", "sentiment": "positive", **QUIET}
    if row["rating"] <= 3:
        return {"kind": "complaint", "sentiment": "negative"}
    return {}


def _utterance(row: dict[str, Any]) -> dict[str, Any]:
    if row["intent"] == "question":
        return ASKS
    if row["intent"] in ("statement", "fragment"):
        return {"kind": "other", **QUIET}
    return {}


def _comment(row: dict[str, Any]) -> dict[str, Any]:
    del row
    return {"kind": "other", "urgency": 0, "answer": False}


def _insult(row: dict[str, Any]) -> dict[str, Any]:
    return {"abuse": row["hate"] != "none"}


def _bank(row: dict[str, Any]) -> dict[str, Any]:
    if any(word in row["intent"] for word in BROKEN):
        return {"kind": "complaint", "answer": True, "abuse": False}
    return ASKS | {"abuse": False}


def _assistant(row: dict[str, Any]) -> dict[str, Any]:
    asks = row["text"].split()[0] in ASKING
    return ASKS if asks else {}
