"""A visitor with a phone has an idea, finds that others had it too, and votes for it."""

import re
from collections.abc import Callable, Iterator

import pytest
from django.core import mail
from playwright.sync_api import Browser, Page, expect

from desk import member
from page_faults import note_faults
from sori.change.ideas import entering, services, taking_part
from sori.change.ideas.models import Board, Idea, State
from sori.change.ideas.taking_part import Actor
from sori.staff.models import Member, Role
from wishers import person_named

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def board(site: str) -> Board:
    return services.keep_board(member=None, name="서비스 개선", name_en="Service")


@pytest.fixture
def known(board: Board) -> Idea:
    """An idea that a member wrote down."""
    actor = Actor(None, member("서연", Role.AGENT), "ko")
    return taking_part.propose(
        actor=actor, board=board, title="요금제를 앱에서 바꾸게 해 주세요", body="", key="k"
    )


@pytest.fixture
def phones(chromium: Browser, site: str, korean: None) -> Iterator[Callable[..., Page]]:
    """Makes a phone; what goes wrong in its pages fails the test."""
    wrong: list[str] = []

    def make(*, scripts: bool = True) -> Page:
        context = chromium.new_context(
            base_url=site, locale="ko-KR", viewport={"width": 390, "height": 844},
            java_script_enabled=scripts,
        )  # fmt: skip
        page = context.new_page()
        note_faults(page, wrong)
        return page

    yield make
    assert wrong == []


def link_in_mail() -> str:
    entering._post.submit(int).result(timeout=10)
    return re.findall(r"/ideas/ko/enter/[\w-]+/", mail.outbox[-1].body)[0]


def fits(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))


def test_it_lets_a_visitor_find_that_others_had_the_idea_and_vote(
    phones: Callable[..., Page], known: Idea, keep: Callable[[Page, str], None]
):
    phone = phones()
    phone.goto("/ideas/")
    phone.get_by_role("link", name="제안하기").click()
    phone.get_by_label("무엇을 바라시나요?").press_sequentially("앱에서 요금제 바꾸기")
    expect(phone.get_by_text("혹시 이 가운데 있나요?")).to_be_visible()
    assert fits(phone)
    keep(phone, "ideas-alike")
    phone.get_by_role("button", name="요금제를 앱에서 바꾸게 해 주세요").click()
    phone.get_by_label("메일 주소").fill("kim@customer.example")
    phone.get_by_role("button", name="링크 받기").click()
    expect(phone.get_by_text("kim@customer.example")).to_be_visible()
    known.refresh_from_db()
    assert known.support == 1

    phone.goto(link_in_mail())
    phone.get_by_label("어떻게 불러 드릴까요?").fill("하늘")
    phone.get_by_role("button", name="공감하기").click()
    expect(phone.get_by_text("공감했어요")).to_be_visible()
    expect(phone.get_by_role("button", name="요금제를 앱에서")).to_have_attribute(
        "aria-pressed", "true"
    )
    assert fits(phone)
    keep(phone, "ideas-voted")
    known.refresh_from_db()
    assert known.support == 2

    phone.goto("/ideas/ko/new/")
    phone.get_by_label("무엇을 바라시나요?").fill("편의점에서도 유심을 팔아 주세요")
    phone.get_by_label("왜 필요한가요?").fill("밤에는 매장이 닫혀 있어요")
    phone.get_by_role("button", name="보내기").click()
    expect(phone.get_by_text("읽어 본 뒤에 다른 분들께 공개돼요")).to_be_visible()
    mine = Idea.objects.latest("pk")
    assert (mine.title, mine.state) == ("편의점에서도 유심을 팔아 주세요", State.WAITING)


def test_it_works_without_a_script(phones: Callable[..., Page], known: Idea):
    phone = phones(scripts=False)
    phone.goto("/ideas/ko/new/?title=앱에서 요금제 바꾸기")
    phone.get_by_role("button", name="보내기").click()
    expect(phone.get_by_role("heading", name="혹시 이 가운데 있나요?")).to_be_visible()
    phone.get_by_role("button", name="아니요, 제 제안을 보낼게요").click()
    phone.get_by_label("메일 주소").fill("kim@customer.example")
    phone.get_by_role("button", name="링크 받기").click()
    phone.goto(link_in_mail())
    phone.get_by_role("button", name="제안 보내기").click()
    expect(phone.get_by_text("읽어 본 뒤에 다른 분들께 공개돼요")).to_be_visible()
    assert Idea.objects.latest("pk").title == "앱에서 요금제 바꾸기"


def test_an_agent_shows_it_and_says_what_becomes_of_it(
    visit: Callable[..., Page], board: Board, keep: Callable[[Page, str], None]
):
    idea = taking_part.propose(
        actor=person_named("하늘"), board=board, title="밤에도 상담해 주세요", body="", key="k"
    )
    agent: Member = member("서연", Role.AGENT)
    page = visit(agent, "/ideas/desk/")
    page.get_by_role("link", name="확인 대기").click()
    page.get_by_role("button", name="공개하기", exact=True).click()
    expect(page.get_by_text("제안을 공개했어요")).to_be_visible()
    page.goto(f"/ideas/desk/{idea.pk}/")
    page.get_by_label("제안 상태").select_option("planned")
    page.get_by_label("공개 답변").fill("겨울부터 밤 열 시까지 엽니다.")
    page.get_by_role("button", name="알리기").click()
    expect(page.get_by_text("겨울부터 밤 열 시까지 엽니다.").first).to_be_visible()
    keep(page, "ideas-desk")
    idea.refresh_from_db()
    assert idea.status == "planned"
