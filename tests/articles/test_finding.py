"""Articles are found by two syllables, inside words, with particles, and past a typing mistake."""

import pytest

from articles_of import titles
from sori.articles import index, services
from sori.articles.grams import snippet
from sori.articles.models import ArticleText

ARTICLES = (
    ("배송 조회하기", "앱에서 주문 내역을 누르면 배송 위치가 나옵니다."),
    ("환불은 언제 들어오나요", "카드는 최대 7영업일, 계좌는 3영업일이 걸립니다."),
    ("로그인이 안 될 때", "비밀번호를 다시 만들고 앱을 최신으로 업데이트하세요."),
    ("eSIM으로 바꾸기", "유심 없이 eSIM을 내려받는 방법입니다. QR 코드를 찍으세요."),
    ("데이터 로밍 끄기", "해외에서 데이터 요금이 나오지 않게 로밍을 차단하세요."),
)


@pytest.fixture
def shelf(published):
    for title, body in ARTICLES:
        published(title, body)


@pytest.mark.parametrize(
    ("query", "title"),
    [
        ("배송", "배송 조회하기"),
        ("배송이 언제", "배송 조회하기"),
        ("배숑 조회", "배송 조회하기"),
        ("환불", "환불은 언제 들어오나요"),
        ("esim", "eSIM으로 바꾸기"),
        ("ESIM 변경", "eSIM으로 바꾸기"),
        ("로밍", "데이터 로밍 끄기"),
        ("로그인이 안돼요", "로그인이 안 될 때"),
        ("로", "로그인이 안 될 때"),
    ],
)
def test_it_finds_what_people_type(shelf, query: str, title: str):
    assert title in titles(index.public(query))
    if len(query) > 1:
        assert titles(index.public(query))[0] == title


@pytest.mark.parametrize("query", ["", "   ", "!!!", "존재하지않는말", "xyzzy", "\0", "%", "_"])
def test_it_finds_nothing_where_there_is_nothing(shelf, query: str):
    assert index.public(query) == []


def test_it_asks_the_database_the_same_few_times_however_much_is_written(
    published, django_assert_num_queries
):
    published()
    with django_assert_num_queries(3):
        index.public("배송 조회")
    for number in range(20):
        published(f"배송 {number}")
    with django_assert_num_queries(3):
        index.public("배송 조회")


def test_it_finds_the_words_of_now_and_not_those_of_before(published, supervisor):
    article = published("배송 조회하기", "본문")
    text = ArticleText.objects.get()
    services.write(
        article=article, member=supervisor, language="ko", title="반품하기", body="본문",
        base=text.shown,
    )  # fmt: skip

    assert index.public("배송") == []
    assert index.public("반품") == [text.pk]


def test_it_offers_what_fits_a_long_message_and_nothing_else(shelf):
    said = "안녕하세요. 지난주에 환불 신청했는데 환불이 언제 들어오나요? 너무 오래 걸리네요."

    assert titles(index.like(said, public=True))[0] == "환불은 언제 들어오나요"
    assert index.like("오늘 날씨가 참 좋네요", public=True) == []


def test_it_shows_the_words_around_what_was_asked():
    text = "처음에는 다른 이야기를 합니다. " * 10 + "여기서 배송 위치가 나옵니다."
    parts = snippet(text, "배송")

    assert [part.words for part in parts if part.hit] == ["배송"]
    assert sum(len(part.words) for part in parts) < 200
    assert "".join(part.words for part in snippet("짧은 글", "없는말")) == "짧은 글"
