"""Beside a case: the articles that may answer it, and a note that one was used."""

from desk import HTMX, member, opened, signed_in
from sori.articles import services
from sori.articles.models import Article
from sori.journal.models import Event
from sori.staff.models import Role

SAID = "배송 조회는 어디에서 하나요? 주문 내역을 봐도 모르겠어요."


def test_it_suggests_with_a_link_only_for_public_ones(lake, published):
    article = published("배송 조회하기")
    published("주문 내역 배송 조회 기준", "내부 사정: 주문 내역", visibility="internal")
    case = opened(lake, text=SAID).conversation.case_id
    said = signed_in().get(f"/articles/for-case/{case}/").content.decode()

    assert "배송 조회하기" in said
    assert "주문 내역 배송 조회 기준" in said
    assert said.count("Insert the link") == 1
    assert said.count("Insert the text") == 2
    assert f'data-insert="http://testserver/help/{article.pk}/"' in said


def test_it_says_nothing_when_nothing_fits(lake, published):
    published("로밍 끄기", "해외에서")
    case = opened(lake, text="기사님이 친절해서 좋았어요").conversation.case_id

    said = signed_in().get(f"/articles/for-case/{case}/").content.decode()
    assert "may help" not in said
    assert "No article fits" in said


def test_it_finds_others_by_words_and_no_drafts(lake, published, supervisor):
    published("로밍 끄기", "해외에서", visibility="internal")
    services.withdraw(article=published("로밍 초안", "x"), member=supervisor)
    case = opened(lake, text="기사님이 친절해서 좋았어요").conversation.case_id
    said = signed_in().get(
        f"/articles/for-case/{case}/?q=로밍", headers=HTMX | {"HX-Target": "articles-found"}
    )

    assert "로밍 끄기" in said.content.decode()
    assert "초안" not in said.content.decode()
    assert "articles-menu" not in said.content.decode()


def test_it_asks_a_fixed_number_of_questions(lake, published, django_assert_max_num_queries):
    for number in range(8):
        published(f"배송 조회 {number}")
    case = opened(lake, text=SAID).conversation.case_id
    browser = signed_in()
    with django_assert_max_num_queries(14):
        browser.get(f"/articles/for-case/{case}/")


def test_it_shows_hostile_words_of_customers_and_writers_as_words(lake, published):
    published("배송 조회 <img src=x onerror=1>", "<script>1</script> 배송")
    case = opened(lake, text=f"{SAID} <script>2</script>").conversation.case_id
    said = signed_in().get(f"/articles/for-case/{case}/").content.decode()

    assert "<script>" not in said
    assert "<img" not in said


def test_it_writes_down_that_an_article_was_used(lake, published):
    article = published("배송 조회하기")
    case = opened(lake, text=SAID).conversation.case_id
    who = member(role=Role.CONTRIBUTOR)
    browser = signed_in(who)
    path = f"/articles/{article.pk}/used/"

    assert browser.post(path, {"case": case, "how": "link"}).status_code == 204
    assert browser.post(path, {"case": "x"}).status_code == 404
    event = Event.objects.get(kind="article.used")
    assert event.data == {"article": article.pk, "case": case, "how": "link"}
    assert Article.objects.get().used_at is not None


def test_it_stands_in_the_page_of_the_case(lake):
    case = opened(lake).conversation.case_id

    assert f"/articles/for-case/{case}/" in signed_in().get(f"/inbox/{case}/").content.decode()
