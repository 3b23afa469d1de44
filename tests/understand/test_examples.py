"""What the model learns from is well-formed: labels of the label page, no text that is not ours."""

import json
from collections import Counter
from pathlib import Path

import pytest

from sori.mention import KINDS, SENTIMENTS

TRAINING = Path(__file__).parents[2] / "training"
EXAMPLES = sorted((TRAINING / "examples").glob("*.jsonl"))
LABELS = sorted((TRAINING / "labels").glob("*.jsonl"))
KNOWN = {"id", "kind", "also", "sentiment", "urgency", "answer", "abuse"}


def read(path: Path) -> list[dict]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line]


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_an_example_has_every_label_and_only_known_ones(path):
    for row in read(path):
        assert row["kind"] in KINDS, row
        assert set(row["also"]) <= set(KINDS) - {row["kind"], "other"}, row
        assert row["sentiment"] in SENTIMENTS, row
        assert row["urgency"] in (0, 1, 2), row
        assert isinstance(row["answer"], bool), row
        assert isinstance(row["abuse"], bool), row
        assert {type(row[name]) for name in ("irony", "spam") if name in row} <= {bool}, row
        assert row["text"].strip(), row


def test_there_are_enough_examples_of_both_languages_and_every_kind():
    kinds = {lang: Counter() for lang in ("ko", "en")}
    for path in EXAMPLES:
        kinds[path.name[:2]].update(row["kind"] for row in read(path))

    assert kinds["ko"].total() >= 2_600
    assert kinds["en"].total() >= 300
    assert all(count >= 50 for counts in kinds.values() for count in counts.values())


def test_the_labels_of_real_messages_hold_no_text():
    rows = [row for path in LABELS for row in read(path)]

    assert len({row["id"] for row in rows}) >= 300
    assert all(row.keys() <= KNOWN for row in rows)
