"""Topics are found as a reader would: inflected, glued, the longest wording first."""

import pyarrow as pa
import pytest

from sori.understand.topics import MOST, make_topics
from sori.understand.topictree import Tree

TREE = Tree.parse(
    """
[delivery]
ko = "배송"
phrases = ["배송", "deliver*"]
[delivery.time]
ko = "배송 시간"
phrases = ["언제 와요", "parcel late"]
hints = ["늦", "late"]
not = ["늦게까지"]
[delivery.fee]
ko = "배송비"
phrases = ["배송비"]
[food]
ko = "음식"
[food.taste]
ko = "맛"
phrases = ["맛", "taste", " 간이"]
not = ["맛집 추천"]
[food.amount]
ko = "양"
phrases = ["양이 적", "쉰 "]
[app]
ko = "앱"
[app.ads]
ko = "광고"
phrases = ["광고", "ad"]
[app.crash]
ko = "오류"
phrases = ["튕기", "crash*"]
"""
)


def topics(*texts: str, tree: Tree | None = TREE) -> list[list[str]]:
    step = make_topics(tree)
    return step(pa.record_batch({"text": pa.array(texts)})).column("topics").to_pylist()


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("배송비가 너무 비싸요", ["delivery.fee"]),
        ("총알배송이라더니", ["delivery"]),
        ("양이적어요", ["food.amount"]),
        ("양이 적 어요", ["food.amount"]),
        ("입맛이 없어요", []),
        ("맛있어요", ["food.taste"]),
        ("시간이 없어요", []),
        ("ＣＲＡＳＨ again", ["app.crash"]),
        ("it crashed", ["app.crash"]),
        ("too many ads", ["app.ads"]),
        ("please add this", []),
        ("앱ad 싫어요", ["app.ads"]),
        ("쉰 냄새", ["food.amount"]),
        ("쉰다", []),
        ("아무 말", []),
        ("", []),
    ],
)
def test_it_finds_phrases_as_a_reader_would(text, found):
    assert topics(text) == [found]


def test_it_counts_a_hint_only_near_a_phrase_of_its_group():
    near, far, alone = topics(
        "배송이 너무 늦어요", "배송" + " 그리고" * 12 + " 늦네요", "기차가 늦어요"
    )

    assert near == ["delivery.time"]
    assert far == ["delivery"]
    assert alone == []


def test_it_leaves_out_a_phrase_inside_a_wording_that_means_something_else():
    assert topics("맛집 추천 부탁해요", "맛집 추천 말고 맛이 궁금해요") == [[], ["food.taste"]]
    assert topics("배송 늦게까지 하나요") == [["delivery"]]


def test_it_names_a_group_only_where_none_of_its_topics_is():
    assert topics("배송 언제 와요") == [["delivery.time"]]


def test_it_puts_what_more_phrases_speak_for_first_and_then_what_stands_first():
    text = "광고가 많고 튕기네요. crash"

    assert topics(text) == [["app.crash", "app.ads"]]
    assert topics("광고가 많고 튕기네요") == [["app.ads", "app.crash"]]


def test_it_lists_three_at_most_and_the_third_only_where_two_phrases_speak_for_it():
    assert topics("맛, 광고, 튕기, 배송비") == [["food.taste", "app.ads"]]
    assert topics("맛 taste, 광고 ad, 튕기 crash, 배송비") == [
        ["food.taste", "app.ads", "app.crash"]
    ]
    assert MOST == 3


def test_it_does_not_find_a_phrase_over_the_border_of_two_texts():
    assert topics("여기는 광", "고맙습니다") == [[], []]


def test_it_reads_the_title_too():
    batch = pa.record_batch({"title": pa.array(["배송비 문의"]), "text": pa.array(["얼마예요"])})

    assert make_topics(TREE)(batch).column("topics").to_pylist() == [["delivery.fee"]]


def test_it_takes_a_text_in_which_everything_is_a_phrase():
    assert topics("맛광고배송 " * 3000) == [["food.taste", "app.ads"]]


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("요금이 두 번 빠져나갔어요", "billing.charge"),
        ("로그인이 안 돼요", "account.login"),
        ("배송비가 왜 이렇게 비싼가요", "delivery.fee"),
        ("상담원이 너무 불친절해요", "staff.attitude"),
        ("적금 만기가 언제예요?", "bank.savings"),
        ("와이파이가 자꾸 끊겨요", "network.outage"),
        ("the app keeps crashing", "app.crash"),
        ("I want my money back", "billing.refund"),
        ("my parcel arrived two days late", "delivery.time"),
    ],
)
def test_the_shipped_tree_knows_what_everybody_speaks_of(text, topic):
    assert topic in topics(text, tree=None)[0]
