"""Which posts a listening rule finds."""

from typing import Any

import pyarrow as pa
import pytest

from sori.listen.language import LanguageError
from sori.listen.matching import Matcher
from sori.mention import SCHEMA, widen


def found(rule: str, *texts: str | dict[str, Any]) -> list[bool]:
    rows = [{"text": text} if isinstance(text, str) else text for text in texts]
    names = dict.fromkeys(name for row in rows for name in row)
    types = {"followers": pa.int64()}
    batch = pa.record_batch(
        {
            name: pa.array([row.get(name) for row in rows], types.get(name, pa.string()))
            for name in names
        }
    )
    return [ids == [7] for ids in queries({7: rule}, batch)]


def queries(rules: dict[int, str], batch: pa.RecordBatch) -> list[list[int]]:
    ids: list[list[int]] = Matcher(rules).match(batch).column("queries").to_pylist()
    return ids


@pytest.mark.parametrize(
    ("rule", "hits", "misses"),
    [
        ("환불", ["환불", "환불을 원해요", "재환불요청", "환불"], ["환 불", "교환"]),
        (
            "iphone",
            ["iPhone을 샀다", "새iphone", "(IPHONE)", "ｉＰｈｏｎｅ"],
            ["iphones", "myiphone", "iphone_case"],
        ),
        ("phone*", ["phone", "phones", "phone_case"], ["headphone", "headphones"]),
        ("5g", ["5g가", "5G!"], ["15g", "5ghz"]),
        ("kt위즈", ["KT위즈는"], ["skt위즈"]),
        ("c++", ["c++로", "c+++"], ["c+", "abc++"]),
        ('"고객 센터"', ["새 고객 센터에", "고객 \n 센터"], ["고객센터", "센터 고객"]),
        ('"late again"', ["Late\tAgain."], ["late agains", "late, again"]),
        ("환불 요청", ["요청 환불"], ["환불", "요청"]),
        ("환불 | 교환", ["환불", "교환"], ["반품"]),
        ("환불 -광고", ["환불"], ["환불 광고", "광고"]),
        ("환불 -(광고 이벤트)", ["환불 광고"], ["환불 광고 이벤트"]),
        ("-(-환불 | 광고)", ["환불"], ["광고", "환불 광고", "무엇"]),
        ("느리 NEAR/2 앱", ["앱 정말 느리다", "느리고 또 앱"], ["앱 정말 너무 느리다", "느리다"]),
        ("느리 NEAR/0 앱", ["느리앱"], ["앱 느리다"]),
        ('"a b c" NEAR/1 d', ["a b c d", "d a b c"], ["a b c x d", "d x a b c"]),
        ("(느리 | 답답) NEAR/1 (앱 | 화면)", ["화면 답답"], ["화면 정말 답답", "느리 답답"]),
        ("a NEAR/3 a", ["a"], ["b"]),
        ('"\0 b"', ["a\0 b"], ["a b"]),
        ('"😀"', ["좋아요😀👍"], ["👍"]),
    ],
)
def test_it_finds(rule: str, hits: list[str], misses: list[str]):
    assert found(rule, *hits) == [True] * len(hits)
    assert found(rule, *misses) == [False] * len(misses)


def test_it_reads_title_and_text_but_joins_no_phrase_across_them():
    both = {"title": "고객", "text": "센터"}
    in_title = {"title": "고객 센터", "text": ""}

    assert found("고객 센터", both, in_title) == [True, True]
    assert found('"고객 센터"', both, in_title) == [False, True]
    assert found("고객 NEAR/9 센터", both, in_title) == [False, True]


def test_it_filters():
    posts = [
        {
            "text": "환불",
            "lang": "ko",
            "channel": "email",
            "author_id": "Kim@x.kr",
            "followers": 10,
        },
        {"text": "환불", "lang": "en", "channel": "rss", "author_name": "ＫＩＭ", "followers": 9},
        {"text": "환불", "lang": None, "channel": "rss", "author_id": "kimm", "followers": None},
    ]

    assert found("환불 lang:ko", *posts) == [True, False, False]
    assert found("환불 -lang:ko", *posts) == [False, True, True]
    assert found("channel:RSS", *posts) == [False, True, True]
    assert found("author:kim", *posts) == [False, True, False]
    assert found("author:kim@x.kr", *posts) == [True, False, False]
    assert found("followers>=10", *posts) == [True, False, False]
    assert found("followers<10", *posts) == [False, True, False]
    assert found("followers=9", *posts) == [False, True, False]
    assert found("환불 -followers>9", *posts) == [False, True, True]


def test_it_lets_no_filter_through_where_the_column_is_absent():
    assert found("lang:ko", "환불") == [False]
    assert found("환불 -author:kim -followers>3", "환불") == [True]


def test_it_takes_a_batch_of_mentions_before_they_are_understood():
    row = dict.fromkeys(SCHEMA.names) | {"text": "환불", "channel": "email"}
    batch = widen(pa.RecordBatch.from_pylist([row]))

    matched = Matcher({3: "환불 -lang:ko", 1: "channel:email", 2: "교환"}).match(batch)

    assert matched.schema.equals(SCHEMA)
    assert matched.column("queries").to_pylist() == [[1, 3]]


def test_it_takes_columns_of_any_encoding():
    batch = pa.record_batch(
        {
            "title": pa.nulls(2),
            "text": pa.array(["환불", "교환"], pa.large_string()),
            "lang": pa.nulls(2),
            "channel": pa.array(["email", "rss"]).dictionary_encode(),
            "followers": pa.array([1, 2], pa.int32()),
        }
    )

    assert queries({1: "환불 channel:email -lang:ko followers>0"}, batch) == [[1], []]


@pytest.mark.parametrize("rules", [{}, {1: "환불"}, {1: "lang:ko"}])
def test_it_takes_nothing_for_an_answer(rules: dict[int, str]):
    batch = pa.record_batch({"text": pa.array(["", "무엇"])})

    assert queries(rules, batch) == [[], []]
    assert queries(rules, batch.slice(2)) == []


def test_it_finds_words_across_the_windows_of_a_very_long_text():
    text = "가 " * 300_000 + "환불 " + "나" * 700_000 + " phone" + "s" * 100_000

    assert found("환불 NEAR/1 나 -phone phone*", text, "환불") == [True, False]


def test_it_finds_every_word_wherever_a_window_ends(monkeypatch: pytest.MonkeyPatch):
    texts = ["환불 phone ab", "xphone", "환불환불", "", "a b"]
    rules = {1: "환불", 2: "phone", 3: '"phone ab"', 4: "환불 NEAR/2 ab", 5: "b"}
    batch = pa.record_batch({"text": texts})
    whole = queries(rules, batch)

    for window in (1, 2, 3, 5, 7):
        monkeypatch.setattr("sori.listen.matching.scanning.WINDOW", window)
        assert queries(rules, batch) == whole == [[1, 2, 3, 4], [], [1], [], [5]]


def test_it_decides_more_posts_than_fit_one_slice():
    texts = [f"글 {number}" for number in range(40_000)]

    matched = queries({1: "39999", 2: "글 16384", 3: "글"}, pa.record_batch({"text": texts}))

    assert matched[39_999] == [1, 3]
    assert matched[16_384] == [2, 3]
    assert sum(map(len, matched)) == 40_002


def test_it_refuses_rules_that_cannot_be_read():
    with pytest.raises(LanguageError):
        Matcher({1: "환불", 2: "("})
