"""Every step of understanding obeys the law: no row depends on another."""

from collections.abc import Callable
from functools import cache

import pyarrow as pa
import pytest

from company_talk import heard, labels, plain, slang
from sori.mention import SCHEMA, UNDERSTOOD
from sori.understand.abuse import make_abuse
from sori.understand.answer import make_answer
from sori.understand.clean import make_clean
from sori.understand.contract import Step
from sori.understand.irony import make_irony
from sori.understand.kind import make_kind
from sori.understand.language import make_language
from sori.understand.nearcopy import make_nearcopy
from sori.understand.pipeline import Knowledge, make_pipeline
from sori.understand.privacy import make_privacy
from sori.understand.sentiment import make_sentiment
from sori.understand.spam import make_spam
from sori.understand.teaching import Judged, teach
from sori.understand.topics import make_topics
from sori.understand.units import make_units
from sori.understand.urgency import make_urgency
from sori.understand.vector import make_vector


def make_pipeline_of_a_company() -> Step:
    """The pipeline with heads of a company's own."""
    return make_pipeline(Knowledge(own=taught_by_slang()))


@cache
def taught_by_slang() -> bytes:
    lessons = Judged(
        heard(slang(80)), labels(80, kind="complaint", urgency=2), [False] * 80, [True] * 80
    )
    return teach(lessons, heard(plain(200)), name="own-1").company


STEPS: dict[Callable[[], Step], set[str]] = {
    make_clean: set(),
    make_privacy: {"masked"},
    make_language: {"lang", "lang_confidence"},
    make_nearcopy: {"fingerprint", "sketch"},
    make_kind: {"kind", "kind_confidence", "also"},
    make_sentiment: {"sentiment", "sentiment_confidence"},
    make_urgency: {"urgency", "urgency_confidence", "urgency_reason"},
    make_answer: {"answer", "answer_confidence"},
    make_abuse: {"abuse", "abuse_confidence", "abuse_at"},
    make_irony: {"irony", "irony_confidence"},
    make_spam: {"spam", "spam_confidence"},
    make_topics: {"topics"},
    make_units: {"units"},
    make_vector: {"vector"},
    make_pipeline: {field.name for field in UNDERSTOOD},
    make_pipeline_of_a_company: {field.name for field in UNDERSTOOD},
}
TEXTS = [
    "배송이 너무 늦어요. 언제 오나요?",
    "오늘 거실에서 또 무지개 떴네요",
    None,
    "",
    "정말 맛있게 잘 먹었습니다 ^^",
    "The app crashes every time I open it. Please fix it",
    "주민번호 900101-1234567 인데 명의도용 당했어요. 당장 막아주세요",
    "다크 모드도 만들어 주시면 좋겠어요",
    "ㅋㅋㅋㅋ",
    "😀😀",
    "010-1234-5678 로 전화 주세요",
    "a\x00b \u202eabc",
    "사장 이 새끼 죽여버린다",
    "가" * 3000,
    "¿dónde está mi pedido?",
    "음식은 정말 맛있어요. 그런데 환불을 안 해줍니다",
]
TITLES = [
    "배송 문의",
    None,
    None,
    "제목만",
    None,
    "crash",
    None,
    None,
    None,
    "",
    None,
    None,
    None,
    None,
    None,
    "제목",
]


def batch_of(texts: list[str | None], titles: list[str | None] | None = None) -> pa.RecordBatch:
    columns = {"text": pa.array(texts, pa.string())}
    if titles is not None:
        columns["title"] = pa.array(titles, pa.string())
    return pa.record_batch(columns)


def rows_of(batch: pa.RecordBatch) -> list[str]:
    return [repr(row) for row in batch.to_pylist()]


@pytest.fixture(params=STEPS, ids=lambda make: make.__name__.removeprefix("make_"))
def make(request):
    return request.param


def test_it_gives_every_row_what_it_would_get_alone(make):
    step, whole = make(), batch_of(TEXTS, TITLES)

    together = rows_of(step(whole))

    alone = [rows_of(step(whole.slice(at, 1)))[0] for at in range(len(TEXTS))]
    assert together == alone


def test_it_gives_the_same_for_a_batch_and_for_its_parts(make):
    step, whole = make(), batch_of(TEXTS, TITLES)

    for cut in (0, 1, 5, len(TEXTS)):
        parts = rows_of(step(whole.slice(0, cut))) + rows_of(step(whole.slice(cut)))
        assert parts == rows_of(step(whole))


def test_it_adds_its_columns_and_no_others(make):
    whole = batch_of(TEXTS, TITLES)

    assert set(make()(whole).schema.names) == {"text", "title"} | STEPS[make]


def test_it_gives_its_columns_the_types_of_a_mention(make):
    done = make()(batch_of(TEXTS))

    for name in STEPS[make]:
        assert done.schema.field(name).type == SCHEMA.field(name).type, name


def test_it_takes_an_empty_batch(make):
    done = make()(batch_of([]))

    assert done.num_rows == 0
    assert STEPS[make] <= set(done.schema.names)


def test_it_takes_a_batch_of_nulls(make):
    done = make()(batch_of([None, None], [None, None]))

    assert done.num_rows == 2


def test_it_keeps_other_columns_and_the_order_of_rows(make):
    numbered = batch_of(TEXTS).append_column("id", pa.array(range(len(TEXTS))))

    assert make()(numbered).column("id").to_pylist() == list(range(len(TEXTS)))


def test_it_says_together_what_the_steps_say_alone():
    whole = make_privacy()(make_clean()(batch_of(TEXTS)))
    whole = make_language()(whole)

    pipeline = make_pipeline()(batch_of(TEXTS))

    whole_steps = {make_pipeline, make_pipeline_of_a_company}
    for make in STEPS.keys() - {make_clean, make_privacy, make_language} - whole_steps:
        alone = make()(whole)
        for name in STEPS[make]:
            assert alone.column(name).to_pylist() == pipeline.column(name).to_pylist(), name
