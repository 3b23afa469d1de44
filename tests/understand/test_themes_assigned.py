"""The step that tells which theme a text belongs to obeys the law and leaves strangers alone."""

from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest

from sori.understand.assigning import centres_of, make_assign, nearest
from sori.understand.embedding import deep_is_here, embedder, of_length_one
from sori.understand.themes import Themes, discover

TEXTS = [
    "로그인이 안 돼요",
    "로그인이 계속 안 됩니다",
    "로그인이 안 되네요 ㅠㅠ",
    "배송이 너무 늦어요",
    "배송 너무 늦어요 언제 와요",
    "배송이 늦어도 너무 늦네요",
]
TIERS = [
    "fast",
    pytest.param(
        "deep", marks=pytest.mark.skipif(not deep_is_here(), reason="the extra deep is not here")
    ),
]


@pytest.fixture(params=TIERS)
def themes(request) -> Themes:
    found = discover(TEXTS, embedder(request.param).vectors(TEXTS), tier=request.param)
    numbered = tuple(replace(theme, id=theme.id + 40) for theme in found.themes)
    assert len(numbered) == 2
    return replace(found, themes=numbered)


def batch(texts: list[str | None], titles: list[str | None] | None = None) -> pa.RecordBatch:
    columns = {"text": pa.array(texts, pa.string())}
    if titles:
        columns["title"] = pa.array(titles, pa.string())
    return pa.record_batch(columns)


def test_it_tells_the_theme_of_a_new_text(themes):
    done = make_assign(centres_of(themes))(
        batch(["로그인이 또 안 돼요", "배송이 너무 늦습니다", "꽃이 예쁘게 피었다"])
    )

    login, parcel, stranger = done.column("theme").to_pylist()
    assert {login, parcel} == {41, 42}
    assert stranger is None


def test_it_gives_every_row_what_it_would_get_alone(themes):
    step = make_assign(centres_of(themes))
    texts = [*TEXTS, None, "", "😀", "a\x00b", "가" * 3000, "the app crashes"]
    whole = batch(texts, [None, "배송", *[None] * 9, "login"])

    together = step(whole).column("theme").to_pylist()

    alone = [step(whole.slice(at, 1)).column("theme").to_pylist()[0] for at in range(len(texts))]
    assert together == alone
    assert step(whole.slice(0, 5)).column("theme").to_pylist() == together[:5]


def test_it_adds_one_column_and_takes_an_empty_batch(themes):
    done = make_assign(centres_of(themes))(batch([]))

    assert done.schema.names == ["text", "theme"]
    assert done.schema.field("theme").type == pa.int64()


def test_it_knows_nothing_without_themes():
    none = discover([], embedder("fast").vectors([]))

    assert make_assign(centres_of(none))(batch(["로그인이 안 돼요"])).column(
        "theme"
    ).to_pylist() == [None]


def test_it_finds_what_looking_at_every_centre_would_find():
    dice = np.random.default_rng(1)
    centres = of_length_one(dice.standard_normal((700, 512)).astype(np.float32))
    noise = dice.standard_normal((2000, 512)).astype(np.float32) / np.float32(24)
    vectors = of_length_one(centres[dice.integers(0, 700, 2000)] + noise)

    alike = vectors @ centres.T
    slow = np.where(alike.max(axis=1) >= 0.6, alike.argmax(axis=1), -1)

    assert (nearest(vectors, centres, 0.6) == slow).mean() > 0.999
