"""A tree of topics is data: it is read, written, and what is wrong with it is said in words."""

import json
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as some

from sori.errors import ConfigurationError
from sori.understand.topictree import SHIPPED, Topic, Tree, shipped

ROOT = Path(__file__).parents[2]


def test_the_shipped_tree_has_two_levels_and_names_in_both_languages():
    tree = shipped()
    groups = {topic.slug for topic in tree.topics if "." not in topic.slug}

    assert len(groups) == 16
    assert len(tree.topics) - len(groups) == 90
    assert {topic.group for topic in tree.topics} == groups
    assert all(topic.ko and topic.en and topic.ko != topic.en for topic in tree.topics)
    assert all(topic.phrases for topic in tree.topics if "." in topic.slug)


def test_it_writes_what_it_reads():
    tree = shipped()

    assert Tree.parse(tree.dump()) == tree
    assert tree.dump() in SHIPPED.read_text(encoding="utf-8")


words = some.text(min_size=2, max_size=20).filter(
    lambda text: sum(map(str.isalnum, text)) > 1 and "*" not in text
)


@given(some.lists(words, max_size=6, unique=True), words)
def test_it_writes_any_phrase_so_that_it_can_be_read(phrases, name):
    if not name.strip():
        name = "name"
    tree = Tree((Topic("a", name.strip(), name.strip(), phrases=tuple(phrases)),))

    assert Tree.parse(tree.dump()) == tree


def test_one_name_is_enough():
    assert Tree.parse('[a]\nko = "가"').names("en") == {"a": "가"}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[a", "not written in TOML"),
        ("a = 1", "must be a group"),
        ("[a]", "has no name"),
        ('[A]\nko = "가"', "small letters"),
        ('[a]\nko = "가"\nphrase = ["나"]', "no field is called 'phrase'"),
        ('[a]\nko = "가"\nphrases = "나"', "list of texts"),
        ('[a]\nko = "가"\nphrases = ["!"]', "no letters"),
        ('[a]\nko = "가"\nphrases = ["x"]', "single letter"),
        ('[a]\nko = "가"\nphrases = ["a*b"]', "not its last character"),
        (f'[a]\nko = "가"\nphrases = ["{"나" * 61}"]', "longer than 60"),
        ('[a]\nko = "가"\nphrases = ["나나"]\nnot = ["나나"]', "phrases and in not"),
        ('[a]\nko = "가"\nphrases = ["나나"]\n[b]\nko = "나"\nphrases = ["나나"]', "in a and in b"),
        ('[a]\nko = "가"\n[a.b]\nko = "나"\n[a.b.c]\nko = "다"', "two levels"),
    ],
)
def test_it_says_what_is_wrong(text, said):
    with pytest.raises(ConfigurationError, match=said):
        Tree.parse(text)


def test_it_says_everything_that_is_wrong_at_once():
    with pytest.raises(ConfigurationError) as error:
        Tree.parse('[a]\nphrases = ["!"]\n[b]\nko = "가"\nwords = []')

    assert len(str(error.value).splitlines()) == 3


def test_the_page_states_the_figures_of_the_shipped_tree(monkeypatch):
    monkeypatch.syspath_prepend(ROOT / "training")
    import measure_topics

    page = (ROOT / "docs" / "reference" / "topics.md").read_text(encoding="utf-8")
    rows = measure_topics.messages("held_out")
    found = measure_topics.found_in([row for row in rows if row["lang"] == "ko"])

    assert f"| held out | ko | {found.messages} | {100 * found.right / found.said:.1f} " in page
    assert all(slug in shipped().names("ko") for row in rows for slug in row["topics"])
    for name in ("corpus", "measure", "publish", "measure_topics", "calibration", "heads"):
        sys.modules.pop(name, None)


def test_the_messages_of_the_two_sets_are_different():
    texts = [
        {json.loads(line)["text"] for line in path.read_text(encoding="utf-8").splitlines()}
        for path in sorted((ROOT / "training" / "topics").glob("*.jsonl"))
    ]

    assert len(texts) == 2
    assert not texts[0] & texts[1]
