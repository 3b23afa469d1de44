"""Names of themes are phrases a person would use: nouns without particles, no fillers."""

from collections import Counter

from sori.understand.phrases import Words, telling


def test_it_cuts_particles_and_keeps_nouns_that_end_like_one():
    words = Words(
        ["고양이가 아파요", "고양이를 고양이와", "환불이 늦다", "환불은 언제", "환불을 해줘"]
    )

    assert "환불" in words.phrases("환불이 늦다")
    assert "고양이" in words.phrases("고양이가 아파요")
    assert "고양" not in words.phrases("고양이가 아파요")


def test_it_makes_phrases_of_nouns_only():
    words = Words(["카드 결제 오류가 나요", "카드 결제 오류를 고쳐요"])

    phrases = words.phrases("그리고 카드 결제 오류가 자꾸 나요. 업데이트")

    assert "카드 결제 오류" in phrases
    assert "업데이트" in phrases
    assert not any("나요" in phrase or "그리고" in phrase for phrase in phrases)
    assert not any("오류 업데이트" in phrase for phrase in phrases)


def test_it_prefers_what_is_typical_over_what_is_frequent():
    here = Counter({"앱": 20, "로그인 오류": 18, "로그인": 19})
    every = Counter({"앱": 2000, "로그인 오류": 20, "로그인": 30, "배송": 900})

    assert telling(here, 20, every, 4000)[0] == "로그인 오류"


def test_it_says_nothing_where_nothing_is_typical():
    assert telling(Counter({"앱": 2}), 20, Counter({"앱": 400}), 4000) == []
