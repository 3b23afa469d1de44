"""Reading listening rules: what is written is what is meant."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sori.listen.language import (
    And,
    Expression,
    Field,
    Followers,
    LanguageError,
    Near,
    Not,
    Or,
    Phrase,
    Term,
    canonical,
    parse,
)

A, B, C = Term("a"), Term("b"), Term("c")


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("환불", Term("환불")),
        ("환불*", Term("환불", open_end=True)),
        ('"고객  센터"', Phrase("고객 센터")),
        ("“고객 센터”", Phrase("고객 센터")),
        ("e-mail", Term("e-mail")),
        ("#환불 @누리텔", And((Term("#환불"), Term("@누리텔")))),
        ("a b", And((A, B))),
        ("a AND b & c && a", And((A, B, C, A))),
        ("a OR b | c || a", Or((A, B, C, A))),
        ("a or b and c", Or((A, And((B, C))))),
        ("a NOT b", And((A, Not(B)))),
        ("a -b !c", And((A, Not(B), Not(C)))),
        ("a NOT NOT b", And((A, B))),
        ("(a b) | c", Or((And((A, B)), C))),
        ("a (b | c)", And((A, Or((B, C))))),
        ("a NEAR/3 b", Near((A,), (B,), 3)),
        ("a near/0 (b OR (c OR a))", Near((A,), (B, C, A), 0)),
        ("a NOT b NEAR/3 c", And((A, Not(Near((B,), (C,), 3))))),
        ('"a b" NEAR/100 c', Near((Phrase("a b"),), (C,), 100)),
        ("lang:KO", Field("lang", "ko")),
        ("channel:email author:kim", And((Field("channel", "email"), Field("author", "kim")))),
        ('author:"김 민수"', Field("author", "김 민수")),
        ("author:did:plc:abc", Field("author", "did:plc:abc")),
        ("author:kim@example.com", Field("author", "kim@example.com")),
        ("followers>=1000", Followers(">=", 1000)),
        ("followers > 1,000", Followers(">", 1000)),
        ("followers≤10", Followers("<=", 10)),
        ("followers", Term("followers")),
        (
            "android order nearby note",
            And(tuple(map(Term, ("android", "order", "nearby", "note")))),
        ),
        ('"OR"', Phrase("or")),
        ('"*"', Phrase("*")),
        ("ＡＢ（ｃ｜a）", And((Term("ab"), Or((C, A))))),
        ("환불\u3000\n요청", And((Term("환불"), Term("요청")))),
        ("NOT (NOT a OR b)", Not(Or((Not(A), B)))),
        ("İ Σ", And((Term("i"), Term("σ")))),
    ],
)
def test_it_reads(written: str, meant: Expression):
    assert parse(written) == meant


@pytest.mark.parametrize(
    ("written", "tidy"),
    [
        ("a b|c -a", "a AND b OR c AND NOT a"),
        ("((a)) ((b|c))", "a AND (b OR c)"),
        ("-(a b) c", "NOT (a AND b) AND c"),
        ("(a|b) near/5 c", "(a OR b) NEAR/5 c"),
        ("a -(b near/2 c)", "a AND NOT b NEAR/2 c"),
        ('author:"kim"', "author:kim"),
        ('author:"김 민수"', 'author:"김 민수"'),
        ("followers  <= 1,000", "followers<=1000"),
        ("a (b c)", "a AND (b AND c)"),
    ],
)
def test_it_writes_a_rule_down_tidily(written: str, tidy: str):
    assert canonical(parse(written)) == tidy


WORDS = st.sampled_from(["환불", "요청", "iphone", "a", "1", "e-mail", "#x", "ǰ", "ß", "(1)"])
BARE = WORDS.filter(lambda word: word != "(1)")
LEAVES = st.one_of(
    st.builds(Term, BARE, st.booleans()),
    st.builds(Phrase, st.lists(WORDS, min_size=1, max_size=3).map(" ".join)),
    st.builds(
        Field, st.sampled_from(["channel", "author"]), st.sampled_from(["x", "kim lee", "a*"])
    ),
    st.builds(Followers, st.sampled_from([">=", "<=", ">", "<", "="]), st.integers(0, 10**15 - 1)),
)
SIDES = st.lists(st.builds(Term, BARE), min_size=1, max_size=3).map(tuple)


def grown(parts: st.SearchStrategy[Expression]) -> st.SearchStrategy[Expression]:
    several = st.lists(parts, min_size=2, max_size=4).map(tuple)
    denied = parts.filter(lambda part: not isinstance(part, Not)).map(Not)
    return st.one_of(several.map(And), several.map(Or), denied)


EXPRESSIONS = st.recursive(
    st.one_of(LEAVES, st.builds(Near, SIDES, SIDES, st.integers(0, 100))), grown, max_leaves=12
)


@given(EXPRESSIONS)
def test_it_reads_back_what_it_writes(expression: Expression):
    bounded = And((A, expression))  # a rule of NOT alone is refused

    assert parse(canonical(bounded)) == bounded


def refused_at(written: str) -> int | None:
    """Where a rule is refused; what is not refused must survive being written down."""
    try:
        expression = parse(written)
    except LanguageError as error:
        return error.position
    assert parse(canonical(expression)) == expression
    return None


@given(
    st.text(
        st.one_of(
            st.sampled_from('ab"()*-!|&:,/<>= ≥⑴¨“가'), st.characters(exclude_categories=["Cs"])
        ),
        max_size=40,
    )
)
def test_it_reads_or_refuses_anything_and_points_into_it(written: str):
    assert 0 <= (refused_at(written) or 0) <= len(written)


@given(
    st.lists(
        st.sampled_from(
            ["a", '"b c"', "AND", "OR", "NOT", "(", ")", "NEAR/2", "lang:ko", "d*", "-"]
        ),
        max_size=14,
    ).map(" ".join)
)
def test_it_reads_or_refuses_any_row_of_signs(written: str):
    assert 0 <= (refused_at(written) or 0) <= len(written)
