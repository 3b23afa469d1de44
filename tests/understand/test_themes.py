"""Themes: the same complaint in other words is found, counted by people, and named."""

import random

import numpy as np
import pytest

from sori.understand.embedding import embedder
from sori.understand.themes import Themes, discover

LOGIN = [
    "로그인이 안 돼요",
    "로그인이 계속 안 됩니다",
    "로그인이 안 되네요 ㅠㅠ",
    "아침부터 로그인이 안 돼요 뭐죠",
    "앱 로그인이 안 됩니다",
]
PARCEL = [
    "배송이 너무 늦어요",
    "배송이 늦어도 너무 늦네요",
    "배송 너무 늦어요 언제 와요",
    "주문한 지 일주일인데 배송이 너무 늦습니다",
]
REFUND = ["환불 처리가 왜 이렇게 느린가요", "환불 처리 언제 되나요", "환불 처리 좀 빨리 해주세요"]
ALONE = ["다크 모드를 만들어 주세요", "직원분 정말 친절했어요", "주차장이 좁아서 불편"]


def themes(texts: list[str], authors: list[str | None] | None = None, **more) -> Themes:
    return discover(texts, embedder("fast").vectors(texts), authors, **more)


def groups(found: Themes, texts: list[str]) -> set[frozenset[str]]:
    return {
        frozenset(text for text, at in zip(texts, found.of_text, strict=True) if at == number)
        for number in range(len(found.themes))
    }


def test_it_groups_one_complaint_in_other_words():
    texts = LOGIN + PARCEL + REFUND + ALONE

    found = themes(texts)

    assert groups(found, texts) == {frozenset(LOGIN), frozenset(PARCEL), frozenset(REFUND)}
    assert (found.of_text[-len(ALONE) :] == -1).all()


def test_it_finds_the_same_whatever_the_order():
    texts = LOGIN + PARCEL + REFUND + ALONE
    shuffled = random.Random(3).sample(texts, len(texts))

    assert groups(themes(texts), texts) == groups(themes(shuffled), shuffled)


def test_it_names_a_theme_by_what_is_typical_for_it():
    found = themes(LOGIN + PARCEL + REFUND + ALONE)

    named = [theme.name.split(" · ")[0] for theme in found.themes]
    central = [theme.central for theme in found.themes]
    assert named == ["로그인", "배송", "환불 처리"]
    assert all(one in group for one, group in zip(central, [LOGIN, PARCEL, REFUND], strict=True))


def test_it_puts_the_largest_first_and_numbers_from_one():
    found = themes(REFUND + LOGIN + PARCEL)

    assert [theme.voices for theme in found.themes] == [5, 4, 3]
    assert [theme.id for theme in found.themes] == [1, 2, 3]
    assert found.next_id == 4


def test_it_counts_what_one_author_repeats_once():
    texts = [*LOGIN, *[PARCEL[0]] * 50, *PARCEL[1:]]
    authors = [*"abcde", *["loud"] * 50, *"fgh"]

    found = themes(texts, authors)

    assert [(theme.voices, theme.people) for theme in found.themes] == [(5, 5), (4, 4)]
    assert len(found.themes[1].members) == 53


def test_it_is_no_theme_when_one_author_says_one_thing_again_and_again():
    found = themes([LOGIN[0]] * 20 + ALONE, ["loud"] * 20 + [None] * 3)

    assert found.themes == ()


def test_it_counts_the_same_words_of_many_people_as_many():
    found = themes([LOGIN[0]] * 20 + ALONE, [f"author {n}" for n in range(23)])

    assert [(theme.voices, theme.people) for theme in found.themes] == [(20, 20)]


def test_it_keeps_a_large_theme_whole():
    dice = random.Random(1)
    ends = ["요", "네요", "ㅠㅠ", "!!", " 진짜", " 확인 부탁드려요", " 빨리요", " 왜 이래요", "..."]
    starts = ["", "아니 ", "저기요 ", "어제부터 ", "오늘 ", "업데이트하고 ", "아침부터 ", "또 "]
    large = [f"{dice.choice(starts)}로그인이 안 돼{dice.choice(ends)} {n % 7}" for n in range(600)]

    found = themes(large + PARCEL * 3)

    assert found.themes[0].voices >= 590


def test_it_finds_themes_of_a_language_few_speak():
    english = ["the app keeps crashing", "app keeps crashing all day", "where is my parcel please"]

    found = themes(LOGIN * 4 + PARCEL * 4 + english)

    assert found.of_text[-3] == found.of_text[-2] >= 0
    assert found.of_text[-1] == -1


@pytest.mark.parametrize("texts", [[], [""], ["", "?!", "😀"], ["로그인이 안 돼요"]])
def test_it_takes_next_to_nothing(texts):
    found = themes(texts)

    assert found.themes == ()
    assert list(found.of_text) == [-1] * len(texts)


def test_it_takes_whatever_people_write():
    texts = ["\ud83d", "a\x00b", "가" * 5000, "가" * 5000, "\u202e로그인", *LOGIN]

    assert themes(texts).themes[0].voices == 6


def test_it_tells_how_far_it_is():
    told: list[float] = []

    themes(LOGIN * 300, progress=told.append)

    assert told == sorted(told)
    assert told[-1] == 1.0


def test_it_has_centres_of_length_one():
    found = themes(LOGIN + PARCEL)

    assert np.linalg.norm(found.centres, axis=1) == pytest.approx(1, abs=1e-5)
