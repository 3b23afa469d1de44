"""Mentions that say the same in other words have vectors near each other."""

import numpy as np
import pyarrow as pa

from sori.understand.embedding import embedder
from sori.understand.vector import DIMS, likenesses, make_vector, similarity

TEXTS = [
    "배송이 너무 늦어요 언제 오나요",
    "배송 언제 와요? 너무 늦네요",
    "맛있게 잘 먹었습니다",
    "the app keeps crashing since the update",
    "since the last update the app crashes all the time",
    "배송이 너무 늦어요!! 언제 오나요…",
    "!!! 😀",
]


def vectors(texts: list[str]) -> pa.Array:
    return make_vector()(pa.record_batch({"text": pa.array(texts)})).column("vector")


def test_it_is_128_bytes_or_nothing():
    found = vectors(TEXTS).to_pylist()

    assert [one and len(one) for one in found] == [DIMS] * 6 + [None]


def test_it_is_the_same_for_the_same_letters():
    found = vectors(TEXTS).to_pylist()

    assert similarity(found[0], found[5]) > 0.99


def test_it_is_nearer_for_those_who_say_the_same():
    found = vectors(TEXTS).to_pylist()

    assert similarity(found[0], found[1]) > 0.5 > 0.3 > similarity(found[0], found[2])
    assert similarity(found[3], found[4]) > 0.4 > similarity(found[3], found[0])


def test_it_tells_of_many_at_once_and_nothing_of_a_text_without_letters():
    found = vectors(TEXTS)

    many = likenesses(found[0].as_py(), found)

    assert many[6] == 0
    assert many[0] > 0.999
    assert np.argsort(-many)[:3].tolist() == [0, 5, 1] or np.argsort(-many)[:3].tolist() == [
        5,
        0,
        1,
    ]
    assert likenesses(found[0].as_py(), pa.array([], pa.binary())).tolist() == []


def test_it_agrees_with_the_vectors_themes_are_found_with():
    small = vectors(TEXTS[:6])
    large = embedder("fast").vectors(TEXTS[:6])

    for row in range(6):
        gap = likenesses(small[row].as_py(), small) - large @ large[row]
        assert np.abs(gap).max() < 0.25
