"""The deep tier reads what deserves it, says which model spoke, and is missed by nobody."""

from datetime import UTC, datetime, timedelta

import pyarrow as pa
import pytest

from sori.errors import ConfigurationError
from sori.mention import SCHEMA, heard, widen
from sori.understand import deep as deep_module
from sori.understand import tiers
from sori.understand.contract import with_columns
from sori.understand.deep import MISSING, deep
from sori.understand.labels import LABELLED
from sori.understand.letters import letters_of_texts
from sori.understand.pieces import MOST, cut
from sori.understand.pipeline import Knowledge, make_pipeline
from sori.understand.tiers import FRESH, deserving, open_tier

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
TEXTS = [
    "배송이 너무 늦어요. 언제 오나요?",
    None,
    "",
    "와 배송 진짜 빠르네 2주밖에 안 걸림",
    "The app crashes every time I open it. Please fix it",
    "다크 모드도 만들어 주시면 좋겠어요",
    "\ufdfa" * 60,
    "😀" * 40,
    "a\x00b",
    "<s> </s> <pad>",
    "뷁쉙뛟 곿뉅뢟 꿹쮋",
    "좋아요 " * 2500,
    "가" * 10_000,
    "¿dónde está mi pedido?",
]


@pytest.fixture(scope="module", autouse=True)
def _installed():
    pytest.importorskip("onnxruntime")


def mentions(**columns) -> pa.RecordBatch:
    """One mention that was found by a rule when it was an hour old, but for these columns."""
    row = {
        "source": 1, "channel": "rss", "external_id": "1", "text": "환불은 언제 되나요",
        "heard_at": NOW, "published_at": NOW - timedelta(hours=1),
    }  # fmt: skip
    queries = columns.pop("queries", [7])
    batch = widen(heard([row | columns]))
    return with_columns(batch, {"queries": pa.array([queries], SCHEMA.field("queries").type)})


def rows(batch: pa.RecordBatch) -> list[dict]:
    return batch.to_pylist()


@pytest.mark.parametrize(
    ("columns", "worth"),
    [
        ({}, True),
        ({"queries": []}, False),
        ({"queries": None}, False),
        ({"queries": None, "addressed": True}, True),
        ({"published_at": NOW - FRESH}, False),
        ({"published_at": NOW - FRESH, "addressed": True}, False),
        ({"published_at": None}, False),
        ({"published_at": NOW + timedelta(minutes=5)}, True),
    ],
)
def test_it_reads_by_itself_what_somebody_looks_for_and_is_fresh(columns, worth):
    assert list(deserving(mentions(**columns))) == [worth]


def test_it_chooses_nothing_of_a_file_by_itself():
    assert not deserving(pa.record_batch({"text": ["환불"]})).any()


def test_it_names_the_models_that_spoke_about_each_row():
    batch = pa.concat_batches([mentions(), mentions(queries=[])])

    fresh, other = rows(make_pipeline(Knowledge(tier="auto"))(batch))

    assert fresh["model"].startswith("labels-")
    assert fresh["model"] == f"{other['model']}+{deep().card['name']}"


def test_it_gives_a_row_the_same_alone_in_company_and_in_parts():
    step = make_pipeline(Knowledge(tier="deep"))
    whole = pa.record_batch({"text": pa.array(TEXTS, pa.string())})

    together = rows(step(whole))

    assert together == [rows(step(whole.slice(at, 1)))[0] for at in range(len(TEXTS))]
    assert together == rows(step(whole.slice(0, 5))) + rows(step(whole.slice(5)))


def test_it_says_the_same_whether_neighbours_are_read_deeply_or_not():
    step = make_pipeline(Knowledge(tier="auto"))
    deeply, quickly = mentions(), mentions(queries=None, text="정말 맛있어요")

    both = rows(step(pa.concat_batches([quickly, deeply])))

    assert both == rows(step(quickly)) + rows(step(deeply))


def test_it_gives_every_label_of_a_readable_row():
    (row,) = rows(
        make_pipeline(Knowledge(tier="deep"))(pa.record_batch({"text": ["배송이 너무 늦어요"]}))
    )

    assert all(0 <= row[f"{name}_confidence"] <= 1 for name in LABELLED)


def test_it_reads_no_more_of_a_very_long_text_than_of_a_long_one():
    texts = pa.array(["좋아요 배송 " * 200, "좋아요 배송 " * 20_000, ""])

    found = cut(letters_of_texts(texts), deep().pieces)

    assert [len(ids) for ids in found] == [MOST, MOST, 3]


def test_it_is_told_clearly_when_it_is_wanted_and_not_installed(monkeypatch):
    monkeypatch.setattr(tiers, "installed", lambda: False)
    monkeypatch.setattr(deep_module, "installed", lambda: False)
    deep.cache_clear()

    with pytest.raises(ConfigurationError, match="pip install"):
        open_tier("deep")

    assert "sori-voc[deep]" in MISSING
    (row,) = rows(make_pipeline(Knowledge(tier="auto"))(mentions()))
    assert row["kind"] is not None
    assert "+" not in row["model"]


def test_it_refuses_a_tier_it_does_not_know():
    with pytest.raises(ConfigurationError, match="auto, fast, deep"):
        open_tier("deeper")
