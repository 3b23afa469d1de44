"""The demo company's articles are there, whole, and found by what its customers ask."""

import pytest

from articles_of import titles
from sori.articles import examples, index
from sori.articles.models import Article, ArticleText


@pytest.fixture(autouse=True)
def _loaded(supervisor):
    examples.load(supervisor)


def test_it_publishes_them_once(supervisor):
    examples.load(supervisor)

    assert Article.objects.count() == 11
    assert Article.objects.filter(visibility="internal").count() == 2
    assert ArticleText.objects.filter(language="en").count() == 3
    assert all(text.shown for text in ArticleText.objects.all())


@pytest.mark.parametrize(
    ("said", "title"),
    [
        ("요금이 지난달보다 왜 이렇게 많이 나왔나요? 청구서를 모르겠어요", "청구서 보는 법"),
        ("지하철에서 자꾸 통신이 끊기고 데이터가 안 터져요", "통신이 끊기거나 터지지 않을 때"),
        ("인증번호가 안 와서 로그인을 못 하고 있어요", "인증번호 문자가 오지 않을 때"),
        ("앱이 자꾸 튕겨요. 로그인 오류도 나요", "앱이 튕기거나 로그인이 안 될 때"),
        ("해지하면 위약금이 얼마인가요?", "해지와 위약금 알아보기"),
        ("다음 주 일본 가는데 로밍 신청 어떻게 해요", "해외 로밍 신청하고 끄기"),
        ("설치 방문 날짜를 바꾸고 싶어요", "설치·방문 날짜 바꾸기"),
    ],
)
def test_it_offers_the_one_that_answers(said: str, title: str):
    assert titles(index.like(said, public=True))[:1] == [title]


@pytest.mark.parametrize("said", ["상담사분이 너무 친절했어요. 감사합니다!", "ㅋㅋㅋ", "hello"])
def test_it_offers_nothing_for_what_asks_nothing(said: str):
    assert index.like(said, public=True) == []
