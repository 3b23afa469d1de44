"""A mention is cut into its opinions, each with its kind, its topic, its feeling and its place."""

import json
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from sori.understand.clauses import MOST, clauses_of
from sori.understand.deep import deep, installed
from sori.understand.kind import label_kind
from sori.understand.labels import step_of_labels
from sori.understand.sentiment import label_sentiment
from sori.understand.tiers import Tier
from sori.understand.units import make_units


def units(*texts: str | None) -> list[list[tuple]]:
    batch = make_units()(pa.record_batch({"text": pa.array(texts, pa.string())}))
    return [
        [
            (one["kind"], one["topic"], one["sentiment"], text[one["begin"] : one["end"]])
            for one in row
        ]
        for row, text in zip(batch.column("units").to_pylist(), texts, strict=True)
    ]


def clauses(text: str) -> list[str]:
    return [text[a:b] for a, b in zip(*clauses_of(pa.array([text]))[1:3], strict=True)]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("맛은 있는데 가격이 비싸요", ["맛은 있는데", "가격이 비싸요"]),
        ("배송은 빨랐지만 포장이 엉망", ["배송은 빨랐지만", "포장이 엉망"]),
        ("가격이 싼 대신 느려요", ["가격이 싼 대신", "느려요"]),
        ("배송 대신 픽업할게요", ["배송 대신 픽업할게요"]),
        ("좋아요. 근데 비싸요", ["좋아요.", "근데 비싸요"]),
        ("배송 빨라요ㅎㅎ 포장은 별로", ["배송 빨라요ㅎㅎ", "포장은 별로"]),
        ("Great app, but the ads are annoying", ["Great app,", "but the ads are annoying"]),
        ("I waited 3.5 hours at www.example.com", ["I waited 3.5 hours at www.example.com"]),
        ("화면 가운데 버튼이 필요 없어요", ["화면 가운데 버튼이 필요 없어요"]),
        ("첫 줄\n둘째 줄", ["첫 줄", "둘째 줄"]),
        ("  앞뒤가 빈 글  ", ["앞뒤가 빈 글"]),
        ("좋아요 👍👍", ["좋아요 👍👍"]),
        ("아. 좋다", ["아. 좋다"]),
        ("", [""]),
    ],
)
def test_it_cuts_where_one_opinion_may_end(text, parts):
    assert clauses(text) == parts


def test_it_cuts_no_text_into_more_than_so_many():
    parts = clauses("좋아요 별로예요. " * 50)

    assert len(parts) == MOST
    assert "".join(parts).count("좋아요") == 50


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (
            "음식은 정말 맛있어요. 그런데 환불을 안 해줍니다",
            [("praise", "food.taste", "positive"), ("complaint", "billing.refund", "negative")],
        ),
        (
            "맛은 있는데 가격이 너무 비싸요",
            [("praise", "food.taste", "positive"), ("complaint", "price.level", "negative")],
        ),
        (
            "Great service and lovely staff. But my card was charged twice.",
            [("praise", "staff.attitude", "positive"), ("complaint", "billing.charge", "negative")],
        ),
    ],
)
def test_it_tells_both_sides_of_a_contrast(text, found):
    assert [one[:3] for one in units(text)[0]] == found


def test_it_gives_a_text_of_one_clause_its_own_labels():
    text = "로그인이 안 돼요"
    alone = step_of_labels(label_kind, label_sentiment)(pa.record_batch({"text": pa.array([text])}))
    kind, sentiment = (alone.column(name)[0].as_py() for name in ("kind", "sentiment"))

    assert units(text) == [[(kind, "account.login", sentiment, text)]]


def test_it_tells_once_what_is_said_twice():
    text = "로그인이 안 돼요. 정말 로그인이 전혀 안 돼요. 로그인 좀 고쳐 주세요"

    assert units(text) == [[("complaint", "account.login", "negative", text)]]


def test_it_keeps_different_topics_apart():
    found = units("배송이 일주일째 안 와요. 상담원도 너무 불친절해요")[0]

    assert [one[1] for one in found] == ["delivery.time", "staff.attitude"]


def test_it_has_no_opinion_where_there_is_none():
    assert units("", None, "😀") == [[], [], []]


def test_its_places_are_characters_of_the_text_also_behind_emoji():
    text = "😀😀 맛있어요! 🎉 그런데 배달이 너무 늦어요"

    assert [one[3] for one in units(text)[0]][-1].endswith("그런데 배달이 너무 늦어요")


def test_its_opinions_lie_in_order_and_apart():
    folder = Path(__file__).parents[2] / "training" / "examples"
    lines = (folder / "ko_shop.jsonl").read_text(encoding="utf-8").splitlines()
    texts = [json.loads(line)["text"] for line in lines]
    batch = make_units()(pa.record_batch({"text": pa.array(texts)}))

    for text, row in zip(texts, batch.column("units").to_pylist(), strict=True):
        end = 0
        for one in row:
            assert end <= one["begin"] < one["end"] <= len(text)
            assert one["kind"] in ("complaint", "question", "idea", "praise")
            end = one["end"]


@pytest.mark.skipif(not installed(), reason="the extra deep is not here")
def test_it_lets_the_transformer_read_the_clauses_of_the_chosen_alone():
    read = []

    class Listening:
        card = deep().card

        def scores(self, letters):
            read.append(letters.rows)
            return deep().scores(letters)

    text = "맛은 있는데 가격이 너무 비싸요"
    step = make_units(tier=Tier(Listening(), lambda batch: np.arange(batch.num_rows) == 1))

    (fast, chosen, other) = step(pa.record_batch({"text": [text] * 3})).column("units").to_pylist()

    assert read == [1, 2], "the message, then its clauses"
    assert [one["kind"] for one in chosen] == ["praise", "complaint"]
    assert fast == other
