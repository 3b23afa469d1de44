"""The shipped models are small, load at once, and say what they are made of and how good."""

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from sori.understand.labels import ask, classes
from sori.understand.letters import letters_of_texts
from sori.understand.linear import MODELS, load

CARD = (MODELS / "README.md").read_text(encoding="utf-8")
QUALITY = Path(__file__).parents[2] / "docs" / "reference" / "quality.md"


def card_of(name: str) -> dict:
    return json.loads((MODELS / f"{name}.json").read_text(encoding="utf-8"))


def size_of(pattern: str) -> int:
    return sum(path.stat().st_size for path in MODELS.glob(pattern))


def test_they_are_small():
    assert size_of("deep.*") < 25_000_000
    assert size_of("*") - size_of("deep.*") < 32_000_000


@pytest.mark.parametrize("name", ["labels", "language"])
def test_they_are_read_from_the_file_and_not_copied(name):
    table = load(name)

    for part in (table.checks, table.rarity, table.weights):
        assert not part.flags.owndata
        assert not part.flags.writeable
    assert len(table.checks) & (len(table.checks) - 1) == 0
    assert (table.checks == 0).any()


@pytest.mark.parametrize(
    "licence", ["CC0 1.0", "KOGL type 1", "CC BY-SA 4.0", "CC BY 4.0", "Apache-2.0", "MIT"]
)
def test_the_card_states_the_licences(licence):
    assert licence in CARD


def test_the_card_and_the_quality_page_state_the_figures_of_the_shipped_model():
    cards = [card_of("labels"), card_of("deep")]
    kinds = [card["figures"]["authored"]["ko"]["kind"] for card in cards]
    line = f"| kind | {kinds[0]['n']:,} | {100 * kinds[0]['accuracy']:.1f} ("

    for page in (CARD, QUALITY.read_text(encoding="utf-8")):
        assert line in page
        assert all(f"| {100 * kind['accuracy']:.1f} (" in page for kind in kinds)
        for card in cards:
            assert f"**{100 * card['film_reviews']['accuracy']:.1f} %**" in page


def test_the_pages_say_nothing_twice():
    for page in (CARD, QUALITY.read_text(encoding="utf-8")):
        paragraphs = [part for part in page.split("\n\n") if not part.startswith(("|", "#"))]
        assert len(paragraphs) == len(set(paragraphs))


@pytest.mark.parametrize(
    ("name", "kind", "sentiment", "films"),
    [("labels", 0.85, 0.85, 0.82), ("deep", 0.88, 0.88, 0.84)],
)
def test_the_figures_are_no_worse_than_promised(name, kind, sentiment, films):
    card = card_of(name)
    own = card["figures"]["authored"]["ko"]

    assert card["film_reviews"]["accuracy"] >= films
    assert own["kind"]["accuracy"] >= kind
    assert own["sentiment"]["accuracy"] >= sentiment
    assert all(head["ece"] <= 0.05 for head in own.values())


@pytest.mark.parametrize(("name", "kind"), [("labels", 0.84), ("deep", 0.89)])
def test_english_is_no_worse_than_promised(name, kind):
    assert card_of(name)["figures"]["authored"]["en"]["kind"]["accuracy"] >= kind


def test_a_text_scores_the_same_in_any_company():
    table = load("labels")
    texts = ["배송이 늦어요", "좋아요", "x" * 5000, ""]

    together, _ = table.scores(letters_of_texts(pa.array(texts)))

    for text, scores in zip(texts, together, strict=True):
        alone, _ = table.scores(letters_of_texts(pa.array([text])))
        assert np.array_equal(alone[0], scores)


def test_they_run_where_nothing_may_be_written():
    # root may write everywhere, so numba is told instead that it found no folder to write to
    code = (
        "from numba.core import caching; caching.CacheImpl._locator_classes = [];"
        "import pyarrow as pa; from sori.understand.nearcopy import make_nearcopy;"
        "print(make_nearcopy()(pa.record_batch({'text': ['안녕하세요']}))['fingerprint'][0])"
    )
    source = str(Path(__file__).parents[2] / "src")

    done = subprocess.run(
        [sys.executable, "-c", code],
        env=os.environ | {"PYTHONPATH": source},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr[-2000:]
    assert int(done.stdout)


@pytest.mark.parametrize("text", ["배송이 늦었어요", "배송이 너무 늦네요", "My parcel came late"])
def test_the_table_alone_knows_the_commonest_complaint(text):
    asked = ask(letters_of_texts(pa.array([text])))

    assert classes("kind")[asked.answer("kind").best[0]] == "complaint"
