"""Copies and near copies are recognised, other voices are not."""

import random

import numpy as np
import pyarrow as pa
import pytest

from sori.understand.nearcopy import likeness, make_nearcopy


def signatures(texts: list[str]):
    done = make_nearcopy()(pa.record_batch({"text": pa.array(texts)}))
    return done.column("fingerprint").to_pylist(), done.column("sketch").to_pylist()


def runs(text: str) -> set[str]:
    letters = [c for c in text if c.isalnum()]
    return {"".join(letters[at : at + 3]) for at in range(len(letters) - 2)}


def test_its_fingerprint_ignores_spaces_punctuation_width_and_case():
    prints, _ = signatures(
        ["배송이 늦어요! App 3", "배송이  늦어요… ＡＰＰ 3", "배송이늦어요app3😀"]
    )

    assert len(set(prints)) == 1


def test_its_fingerprint_tells_different_digits_apart():
    prints, _ = signatures(["주문번호 1234", "주문번호 1235"])

    assert prints[0] != prints[1]


def test_it_has_no_fingerprint_where_there_are_no_letters():
    assert signatures(["", "!!! ...", "😀"]) == ([None] * 3, [None] * 3)


def test_its_sketch_estimates_how_much_two_texts_share():
    chance = random.Random(4)
    words = [
        "배송이",
        "늦어요",
        "환불",
        "해주세요",
        "상담원이",
        "전화를",
        "안받아요",
        "정말",
        "좋아요",
        "추천합니다",
    ]
    gaps = []
    for _ in range(200):
        first = chance.choices(words, k=14)
        second = [chance.choice(words) if chance.random() < 0.3 else word for word in first]
        one, other = " ".join(first), " ".join(second)
        _, sketches = signatures([one, other])
        shared = len(runs(one) & runs(other)) / len(runs(one) | runs(other))
        gaps.append(likeness(np.array(sketches[0]), np.array(sketches[1])) - shared)

    assert np.mean(gaps) == pytest.approx(0, abs=0.05)
    assert np.std(gaps) < 0.17


def test_it_finds_a_near_copy_and_leaves_others_alone():
    _, sketches = signatures(
        [
            "이번 달 요금이 두 번 빠져나갔어요. 확인하고 환불해 주세요. 고객센터는 안 받네요",
            "이번 달 요금이 두 번 빠져나갔어요 확인하고 환불해 주세요!! 고객센터는 안 받아요",
            "사장님이 친절하시고 음식이 정말 맛있어요. 다음에도 또 시켜 먹을게요. 추천합니다",
        ]
    )
    copy, stranger = (likeness(np.array(sketches[0]), np.array(s)) for s in sketches[1:])

    assert copy >= 0.6
    assert stranger <= 0.1


def test_it_has_a_sketch_even_for_one_letter():
    _, sketches = signatures(["아", "아", "어"])

    assert sketches[0] == sketches[1] != sketches[2]
