"""Light problems solve themselves: on a phone, beside a form, and from the desk."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from desk import member, opened
from page_faults import note_faults
from sori.articles import services
from sori.articles.models import Article, FormVisit, Vote
from sori.journal.models import Event
from sori.lake.store import Lake
from sori.listen.services import add_source
from sori.staff.models import Member, Role

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

BODY = "배송은 **주문 내역**에 있습니다.\n\n## 먼저\n\n하나\n\n## 다음\n\n둘\n\n## 끝\n\n셋"


@pytest.fixture
def supervisor(site: str) -> Member:
    return member("박도윤", Role.SUPERVISOR)


@pytest.fixture
def article(supervisor: Member) -> Article:
    made = services.begin(
        member=supervisor, language="ko", title="배송 조회하기", body=BODY, visibility="public",
        category=None,
    )  # fmt: skip
    services.publish(article=made, member=supervisor)
    return made


@pytest.fixture
def phone(chromium: Browser, site: str, korean: None) -> Iterator[Page]:
    """Somebody from outside with a phone; what goes wrong in the page fails the test."""
    wrong: list[str] = []
    context = chromium.new_context(
        base_url=site, locale="ko-KR", viewport={"width": 390, "height": 844}
    )
    page = context.new_page()
    note_faults(page, wrong)
    yield page
    assert wrong == []


def test_it_lets_a_visitor_search_read_and_vote(
    phone: Page, article: Article, keep: Callable[[Page, str], None]
):
    phone.goto("/help/")
    phone.get_by_role("searchbox").fill("배송")
    phone.get_by_role("button", name="검색").click()
    expect(phone.locator("mark").first).to_have_text("배송")
    phone.get_by_role("link", name="배송 조회하기").click()

    expect(phone.get_by_role("heading", name="배송 조회하기")).to_be_visible()
    phone.get_by_role("navigation", name="이 글의 차례").get_by_role("link", name="끝").click()
    assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth")
    phone.get_by_role("button", name="아니요").click()
    phone.get_by_label("어떤 점이 부족했나요?").fill("그림이 있으면 좋겠어요")
    keep(phone, "help-vote")
    phone.get_by_role("button", name="보내기").click()
    expect(phone.get_by_role("status")).to_contain_text("더 나은 글로")
    vote = Vote.objects.get()
    assert (vote.helpful, vote.words) == (False, "그림이 있으면 좋겠어요")


def test_it_offers_an_article_to_who_begins_a_form(phone: Page, article: Article):
    source = add_source(name="문의", channel="webform", settings={})
    phone.goto(f"/form/{source.slug}/")
    phone.get_by_label("내용").press_sequentially("배송 조회는 어떻게 하나요?")
    offered = phone.get_by_role("link", name="배송 조회하기")
    expect(offered).to_be_visible()
    with phone.context.expect_page() as opening:
        offered.click()

    expect(opening.value.get_by_role("heading", name="배송 조회하기")).to_be_visible()
    assert FormVisit.objects.get().source_id == source.pk


def test_it_puts_a_link_into_an_answer(
    lake: Lake, article: Article, visit: Callable[..., Page], site: str
):
    asked = opened(lake, text="배송 조회는 어떻게 하나요?")
    page = visit(member("이서연"), f"/inbox/{asked.conversation.case_id}/?tab=open")
    expect(page.get_by_role("button", name="도움이 될 도움말 1개")).to_be_visible()
    page.keyboard.press("d")
    page.get_by_role("searchbox", name="도움말 검색").fill("조회")
    page.get_by_role("button", name="링크 넣기").click()

    expect(page.locator("#reply-body")).to_have_value(f"{site}/help/{article.pk}/")
    expect(page.locator("#articles-menu")).to_be_hidden()
    page.wait_for_timeout(300)
    assert Event.objects.get(kind="article.used").data["how"] == "link"


def test_it_shows_what_is_written_beside_the_words(supervisor: Member, visit: Callable[..., Page]):
    page = visit(supervisor, "/articles/new/")
    page.get_by_label("제목").fill("환불 안내")
    page.locator("#id_body").press_sequentially("## 환불\n**3일**이 걸립니다.")
    expect(page.locator("#article-preview strong")).to_have_text("3일")
    page.get_by_role("button", name="저장").click()
    page.get_by_role("button", name="게시", exact=True).click()

    expect(page.locator(".toast")).to_contain_text("게시했습니다")
    assert Article.objects.get().state == "published"
