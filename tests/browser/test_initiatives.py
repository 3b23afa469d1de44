"""From what many people say to a change that shipped, in a real Chromium."""

from collections.abc import Callable

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from desk import member
from sori.change.initiatives import services
from sori.change.initiatives.models import Initiative
from sori.change.models import Theme
from sori.lake.store import Lake
from sori.staff.models import Member, Role

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def boss(transactional_db: None) -> Member:
    return member("박도윤", Role.SUPERVISOR)


@pytest.fixture
def theme(transactional_db: None) -> Theme:
    now = timezone.now()
    return Theme.objects.create(
        number=7,
        name="로그인이 풀려요",
        central="앱을 켤 때마다 로그인이 풀려요",
        central_mention="20261120" + "1" * 20,
        central_public=True,
        voices=40,
        people=31,
        first_seen=now,
        last_seen=now,
    )


def test_it_becomes_a_change_that_shipped(
    lake: Lake, visit: Callable[..., Page], keep: Callable[[Page, str], None], boss, theme
):
    page = visit(boss, "/themes/7/")
    page.get_by_role("link", name="개선 과제로").first.click()
    expect(page.get_by_label("무엇이 바뀌어야 하나요?")).to_have_value("로그인이 풀려요")
    page.get_by_label("무엇이 바뀌어야 하나요?").fill("로그인이 풀리지 않게 하기")
    page.get_by_role("button", name="제안하기").click()
    expect(page.locator("#evidence")).to_contain_text("앱을 켤 때마다 로그인이 풀려요")

    page.locator("#decision").get_by_text("하기로 함").click()
    page.get_by_label("이유").fill("가장 많이 들은 불편이에요")
    page.get_by_role("button", name="결정하기").click()
    expect(page.locator("#decision")).to_contain_text("가장 많이 들은 불편이에요")
    expect(page.locator(".way [aria-current]")).to_contain_text("결정")

    page.locator("#decision").get_by_role("button", name="진행").click()
    expect(page.locator(".way [aria-current]")).to_contain_text("진행")
    keep(page, "initiative")
    page.locator("#decision").get_by_role("button", name="반영").click()
    expect(page.locator(".notice")).to_contain_text("고객은 어떻게 되었는지 아직 몰라요")

    page.get_by_role("button", name="알리지 않기로 서명…").click()
    page.locator("#sign").get_by_label("이유").fill("안내 문자를 이미 모두 받으셨어요")
    page.locator("#sign").get_by_role("button", name="서명하기").click()
    expect(page.locator(".way [aria-current]")).to_contain_text("알림")
    expect(page.locator(".notice")).to_contain_text("안내 문자를 이미 모두 받으셨어요")

    page.goto("/themes/7/")
    expect(page.locator("#initiatives")).to_contain_text("로그인이 풀리지 않게 하기")


def test_it_is_moved_by_the_keyboard_alone(
    lake: Lake, visit: Callable[..., Page], keep: Callable[[Page, str], None], boss
):
    row = services.begin(member=boss, title="상담 대기 시간 알려 주기")
    services.decide(initiative=row, member=boss, decision="yes", reason="할 만해요")
    page = visit(boss, "/initiatives/")

    page.get_by_role("button", name="‘상담 대기 시간 알려 주기’ 단계 옮기기").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    expect(page.locator("section:has(#stage-doing)")).to_contain_text("상담 대기 시간 알려 주기")
    keep(page, "initiatives-board")
    page.keyboard.press("n")
    expect(page.get_by_label("무엇이 바뀌어야 하나요?")).to_be_visible()


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_it_fits_a_telephone(
    lake: Lake,
    visit: Callable[..., Page],
    keep: Callable[[Page, str], None],
    boss,
    theme,
    scripts: bool,
):
    row = services.begin(
        member=boss, title="로그인이 풀리지 않게 하기", evidence=[("theme", "7", "")]
    )
    services.decide(initiative=row, member=boss, decision="yes", reason="할 만해요")
    page = visit(boss, "/initiatives/", width=390, height=844, scripts=scripts)

    page.get_by_role("button", name="단계 옮기기").click()
    page.locator(".menu").get_by_role("button", name="진행").click()
    expect(page.locator("section:has(#stage-doing)")).to_contain_text("로그인이 풀리지 않게 하기")
    keep(page, "initiatives-phone")
    for path in ("/initiatives/", "/initiatives/timeline/", f"/initiatives/{row.pk}/"):
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390

    assert Initiative.objects.get().stage == "doing"
