"""Vectors of texts: no text depends on another, and wordings of one thing lie together."""

import numpy as np
import pytest

from sori.errors import ConfigurationError
from sori.understand import embedding
from sori.understand.embedding import deep_is_here, embedder

TIERS = [
    "fast",
    pytest.param(
        "deep", marks=pytest.mark.skipif(not deep_is_here(), reason="the extra deep is not here")
    ),
]
TEXTS = [
    "앱이 자꾸 꺼져요",
    "",
    "The app keeps crashing",
    "ㅋㅋㅋㅋ",
    "😀😀",
    "결제가 안돼요 " * 2000,
    "a\x00b",
    "앞 \ud83d 뒤",
    "\ufdfa" * 400,
    "¿dónde está mi pedido?",
]


@pytest.fixture(params=TIERS)
def maker(request):
    return embedder(request.param)


def test_it_gives_every_text_the_vector_it_would_get_alone(maker):
    together = maker.vectors(TEXTS)

    alone = np.vstack([maker.vectors([text]) for text in TEXTS])

    assert np.allclose(together, alone, atol=2e-5)


def test_it_gives_the_fast_vectors_to_the_last_bit():
    maker = embedder("fast")

    assert (maker.vectors(TEXTS)[3:] == maker.vectors(TEXTS[3:])).all()


def test_it_makes_vectors_of_length_one_and_zeros_of_nothing(maker):
    vectors = maker.vectors(TEXTS)

    lengths = np.linalg.norm(vectors, axis=1)
    assert vectors.shape == (len(TEXTS), maker.dims)
    assert vectors.dtype == np.float32
    assert lengths[1] == 0
    assert lengths[[0, 2, 3, 5, 6, 7, 9]] == pytest.approx(1, abs=1e-5)


def test_it_puts_two_wordings_nearer_than_two_matters(maker):
    one, other, else_ = maker.vectors(
        [
            "앱이 자꾸 꺼져서 못 쓰겠어요",
            "앱이 자꾸 꺼지네요 고쳐 주세요",
            "배송이 일주일째 안 옵니다",
        ]
    )

    assert one @ other > 2 * abs(one @ else_)


def test_it_takes_no_texts(maker):
    assert maker.vectors([]).shape == (0, maker.dims)


@pytest.mark.skipif(not deep_is_here(), reason="the extra deep is not here")
def test_it_knows_a_meaning_across_languages_in_the_deep_tier():
    one, other, else_ = embedder("deep").vectors(
        ["결제가 안 돼요", "I cannot pay", "배송 기사님이 친절했어요"]
    )

    assert one @ other > one @ else_ + 0.1


def test_it_says_what_to_do_where_the_deep_tier_is_not_installed(monkeypatch):
    monkeypatch.setattr(embedding, "deep_is_here", lambda: False)

    assert embedder("auto").tier == "fast"
    with pytest.raises(ConfigurationError, match=r"sori-voc\[deep\]"):
        embedder("deep")
