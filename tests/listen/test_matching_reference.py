"""The reference of the listening rules tells the truth: every row of its tables is tried."""

import re
from pathlib import Path

import pyarrow as pa
import pytest

from sori.listen.language import parse
from sori.listen.matching import Matcher

REFERENCE = Path(__file__).parents[2] / "docs" / "reference" / "listening-rules.md"
PAGE = REFERENCE.read_text(encoding="utf-8")
ROW = re.compile(r"^\| `([^`]+)` \| (`.+`) \| (`.+`) \|[^`|]*(?:`[^`]+`[^`|]*)*\|$", re.MULTILINE)
EXAMPLES = ROW.findall(PAGE)


def test_it_reads_the_tables():
    rows = [line for line in PAGE.splitlines() if line.startswith("| `")]
    filters = [line for line in rows if line.count("|") == 3]

    assert len(EXAMPLES) == len(rows) - len(filters)


@pytest.mark.parametrize(("rule", "finds", "misses"), EXAMPLES, ids=[row[0] for row in EXAMPLES])
def test_it_does_what_the_reference_says(rule: str, finds: str, misses: str):
    texts = [re.findall("`([^`]+)`", cell) for cell in (finds, misses)]
    batch = pa.record_batch({"text": texts[0] + texts[1]})

    found = Matcher({1: rule}).match(batch).column("queries").to_pylist()

    assert found == [[1]] * len(texts[0]) + [[]] * len(texts[1])


def test_it_reads_the_first_example():
    block = re.search("```\n(.*?)\n```", PAGE, re.DOTALL)

    assert block
    assert parse(block[1])
