"""The engine and the definition agree, on random rules and texts and on realistic ones."""

import runpy
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from naive_matching import holding
from sori.listen.language import LanguageError, parse
from sori.listen.matching import Matcher

REALISTIC = runpy.run_path(str(Path(__file__).parents[2] / "benchmarks" / "rules.py"))
COLUMNS = pa.schema(
    [
        *[(name, pa.string()) for name in ("title", "text", "lang", "channel")],
        *[(name, pa.string()) for name in ("author_id", "author_name")],
        ("followers", pa.int64()),
    ]
)

PIECES = [
    "환불",
    "불",
    "환",
    "ab",
    "a",
    "b",
    "Ａ",
    "ab_",
    "1",
    " ",
    "  ",
    "\n",
    ",",
    "é",
    "😀",
    "\0",
]
TEXTS = st.lists(st.sampled_from(PIECES), max_size=12).map("".join)
POSTS = st.fixed_dictionaries(
    {
        "title": st.none() | TEXTS,
        "text": TEXTS,
        "lang": st.sampled_from([None, "ko", "en"]),
        "channel": st.sampled_from(["email", "rss"]),
        "author_id": st.sampled_from([None, "kim", "KIM", "lee"]),
        "author_name": st.sampled_from([None, "Kim", "이"]),
        "followers": st.none() | st.integers(0, 4),
    }
)

WORDS = st.sampled_from(["환불", "불", "환불*", "ab", "a", "a*", "b", "ab*", "1", "é", "aé", "b환"])
PHRASES = st.sampled_from(['"환 불"', '"a b"', '"ab a"', '"a 환"', '"😀"', '"\0"', '"불 a b"'])
FILTERS = st.sampled_from(
    [
        "lang:ko",
        "channel:rss",
        "author:kim",
        "author:이",
        "followers>=2",
        "followers<3",
        "followers=1",
    ]
)
SIDES = (
    WORDS
    | PHRASES
    | st.lists(WORDS | PHRASES, min_size=2, max_size=3).map(lambda words: f"({' OR '.join(words)})")
)
NEARS = st.builds("{} NEAR/{} {}".format, SIDES, st.integers(0, 3), SIDES)


def joined(parts: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    several = st.lists(parts, min_size=2, max_size=3)
    return st.one_of(
        several.map(lambda rules: f"({' '.join(rules)})"),
        several.map(lambda rules: f"({' OR '.join(rules)})"),
        parts.map(lambda rule: f"-({rule})"),
    )


RULES = st.recursive(WORDS | PHRASES | NEARS | FILTERS, joined, max_leaves=8)


def readable(rule: str) -> bool:
    try:
        parse(rule)
    except LanguageError:
        return False
    return True


def matched(matcher: Matcher, batch: pa.RecordBatch) -> list[list[int]]:
    queries: list[list[int]] = matcher.match(batch).column("queries").to_pylist()
    return queries


def defined(rules: dict[int, str], batch: pa.RecordBatch) -> list[list[int]]:
    expressions = {query: parse(rule) for query, rule in rules.items()}
    return [holding(expressions, post) for post in batch.to_pylist()]


@settings(max_examples=300, deadline=None)
@given(st.lists(RULES, min_size=1, max_size=8), st.lists(POSTS, max_size=12))
def test_it_agrees_with_the_definition(written: list[str], posts: list[dict[str, Any]]):
    rules = dict(enumerate(filter(readable, written)))
    assume(rules)
    batch = pa.RecordBatch.from_pylist(posts, schema=COLUMNS)

    assert matched(Matcher(rules), batch) == defined(rules, batch)


@settings(max_examples=100, deadline=None)
@given(st.lists(RULES, max_size=8), st.lists(POSTS, max_size=12), st.data())
def test_it_obeys_the_law_of_steps(
    written: list[str], posts: list[dict[str, Any]], data: st.DataObject
):
    matcher = Matcher(dict(enumerate(filter(readable, written))))
    batch = pa.RecordBatch.from_pylist(posts, schema=COLUMNS)
    cut = data.draw(st.integers(0, len(posts)))

    parts = [matcher.match(batch.slice(0, cut)), matcher.match(batch.slice(cut))]

    assert pa.Table.from_batches(parts).equals(pa.Table.from_batches([matcher.match(batch)]))


@pytest.mark.slow
def test_it_agrees_on_a_thousand_rules_and_five_thousand_posts():
    rules, batch = REALISTIC["make_rules"](1_000), REALISTIC["make_posts"](5_000)

    found = matched(Matcher(rules), batch)

    assert sum(map(len, found)) > 500
    assert found == defined(rules, batch)
