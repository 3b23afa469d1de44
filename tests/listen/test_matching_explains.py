"""Marking in a text the words that a rule looked for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from naive_matching import places, plain
from sori.listen.language import Term, parse
from sori.listen.matching import explain


def marked(rule: str, text: str) -> str:
    for start, end in reversed(explain(parse(rule), text)):
        text = f"{text[:start]}[{text[start:end]}]{text[end:]}"
    return text


@pytest.mark.parametrize(
    ("rule", "shown"),
    [
        ("환불", "재[환불]요청, [환불]"),
        ("iphone", "[ＩＰｈｏｎｅ]을 headphone iphones [iPhone]"),
        ("phone*", "headphone [phone]s"),
        ("환불 -광고", "[환불] 광고"),
        ("환불 OR 불만 lang:ko", "[환불]과 [불만]"),
        ("환불 | 불요", "[환불요]청"),
        ('"고객 센터" NEAR/3 앱', "[고객 \n 센터]의 [앱]"),
        ("환불", "큰 [환불]을"),
        ("ガ", "[ｶﾞ]ｶ"),
        ("株", "[㈱] 회사"),
        ("x", ""),
    ],
)
def test_it_marks_what_was_looked_for(rule: str, shown: str):
    assert marked(rule, shown.replace("[", "").replace("]", "")) == shown


@given(
    st.text(),
    st.text(st.sampled_from("aＡ㈱ﷺ…\u0301\u1161가 \n"), max_size=30),
    st.sampled_from(("a", "가", "株", "..")),
)
def test_it_marks_within_the_text_and_apart(any_text: str, text: str, word: str):
    for written in (any_text, text):
        ends = [0]
        for start, end in explain(Term(word), written):
            assert ends[-1] <= start < end <= len(written)
            ends.append(end)


@given(
    st.text(st.sampled_from("aＡbX1_ 가나\n,😀"), max_size=30),
    st.sampled_from(("a", "b", "ab", "가", "x1")),
)
def test_it_marks_something_exactly_where_the_word_is_found(text: str, word: str):
    assert bool(explain(Term(word), text)) == bool(places(Term(word), plain(text)))
