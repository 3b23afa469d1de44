"""Why a text has its label: the model's own sum taken apart, shown in the text as written."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sori.understand.features import HEAD, TAIL, letters_read, places
from sori.understand.labels import ask, classes, table
from sori.understand.letters import letters_of_texts
from sori.understand.origins import traced
from sori.understand.reasons import reasons

import pyarrow as pa  # isort: skip

UNHURRIED = settings(deadline=None)
SAYINGS = (
    "배송이 일주일째 안 와요. 환불해 주세요!!!!",
    "ＡＰＰ이 자꾸　꺼져요 ㅋㅋㅋㅋㅋ 123,456원",
    "The app keeps crashing since the update, please fix it",
    "정말 친절하게 알려 주셔서 감사합니다 😊",
    "é\u0301 ﬁne ½ \u1112\u1161\u11ab글",
    "말" * 1500,
    "",
    " ",
)
TEXTS = st.sampled_from(SAYINGS) | st.text(
    alphabet=st.sampled_from("가나다라 환불요.!?abcXYZ019ㅋㅠ\n\t　ＡＢ１é\u0301"), max_size=60
)


@UNHURRIED
@given(TEXTS)
def test_it_reads_a_text_as_the_models_do_and_knows_where_from(text: str):
    read = traced(text)

    assert read.codes == letters_of_texts(pa.array([text], pa.string())).codes.tolist()
    assert len(read.origins) == len(read.codes)
    for (begin, end), (after, _) in zip(read.origins, read.origins[1:], strict=False):
        assert 0 <= begin < end <= len(text)
        assert begin <= after


@UNHURRIED
@given(TEXTS)
def test_it_takes_the_models_sum_apart_without_losing_anything(text: str):
    letters = letters_of_texts(pa.array([text], pa.string()))
    scores, _ = table().scores(letters)

    said = table().said(letters)

    np.testing.assert_allclose(said.sum(axis=0) + table().bias, scores[0], rtol=1e-3, atol=1e-3)
    assert len(places(letters.codes)) == len(said)


def test_it_knows_where_every_feature_stands():
    letters = letters_of_texts(pa.array(["ab c"]))
    found = {"".join(map(chr, letters.codes[begin:end])) for begin, end in places(letters.codes)}

    assert {"a", "ab", "ab ", "ab c", "b c", "c", ""} == found & {
        "a", "ab", "ab ", "ab c", "b c", "c", ""
    }  # fmt: skip


def test_it_reads_only_the_ends_of_a_long_text():
    read = letters_read(HEAD + TAIL + 10)

    assert len(read) == HEAD + TAIL
    assert read[HEAD - 1] == HEAD - 1
    assert read[HEAD] == HEAD + 10


@pytest.mark.parametrize("head", ["kind", "sentiment", "urgency", "answer", "abuse"])
@pytest.mark.parametrize("text", SAYINGS)
def test_it_says_what_the_model_says(head: str, text: str):
    asked = ask(letters_of_texts(pa.array([text]))._replace(langs=pa.array(["ko"])))
    answer = asked.answer(head)

    found = reasons(head, text, lang="ko")

    if asked.unread[0]:
        assert found.label is None
        assert found.text == []
    else:
        assert found.label == classes(head)[answer.best[0]]
        assert found.confidence == pytest.approx(float(answer.confidence[0]))
        assert found.unsure == bool(answer.unsure[0])
        assert found.second_confidence <= found.confidence
        assert found.second != found.label


@UNHURRIED
@given(TEXTS, TEXTS, st.sampled_from(["kind", "abuse"]))
def test_it_marks_stretches_of_title_and_text_in_order(text: str, title: str, head: str):
    found = reasons(head, text, title=title, lang="ko")

    for spans, where in ((found.title, title), (found.text, text)):
        place = 0
        for span in spans:
            assert place <= span.begin < span.end <= len(where)
            assert 0 < span.weight <= 1
            place = span.end
    assert len(found.title) + len(found.text) <= 6


def test_it_marks_the_words_that_tell():
    found = reasons("kind", "오늘 아침에 다크 모드 기능이 있으면 좋겠어요", lang="ko")

    told = {
        "오늘 아침에 다크 모드 기능이 있으면 좋겠어요"[span.begin : span.end] for span in found.text
    }
    assert found.label == "idea"
    assert told & {"있으면", "좋겠어요"}
    assert max(span.weight for span in found.text) == 1


def test_it_loses_confidence_without_the_words_that_told():
    """What is marked matters: without it, the model is less sure of its answer."""
    text = "상담원이 정말 친절하게 알려 주셔서 감사합니다"
    found = reasons("kind", text, lang="ko")
    rest = "".join(
        letter for at, letter in enumerate(text)
        if not any(span.begin <= at < span.end for span in found.text)
    )  # fmt: skip

    without = reasons("kind", rest, lang="ko")

    assert without.label != found.label or (without.confidence or 0) < (found.confidence or 0)


def test_it_does_not_pretend_to_read_what_it_cannot():
    assert reasons("kind", "料金が二重に引き落とされています", lang="ja").label is None
    assert reasons("kind", "", lang=None).confidence is None
