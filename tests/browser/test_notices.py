"""Said first: from a surge to a notice, to a visitor without a script, to the next answer."""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from desk import letter, member, say, source
from sori.change.models import Surge
from sori.change.notices.models import Notice
from sori.change.studies.models import Study
from sori.change.studies.running import study_due
from sori.journal.models import Event
from sori.lake.store import Lake
from sori.listen.models import Query
from sori.respond.models import Message
from sori.staff.models import Role
from waiting import wait_until

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def surge(site: str) -> Surge:
    """Signing in fails for many, by a listening rule."""
    rule = Query.objects.create(name="로그인 오류", expression="로그인")
    at = timezone.now() - timedelta(hours=1)
    return Surge.objects.create(
        sort="query", key=str(rule.pk), name=rule.name, since=at, told_at=at, last=timezone.now(),
        peak_at=at, peak=9, voices=40, expected=3.0, people=36, urgent=10, copies=0, severity=2,
    )  # fmt: skip


@pytest.fixture
def phone(chromium: Browser, site: str, korean: None) -> Iterator[Page]:
    """Somebody from outside with a phone that runs no scripts."""
    context = chromium.new_context(
        base_url=site, locale="ko-KR", viewport={"width": 390, "height": 844},
        java_script_enabled=False,
    )  # fmt: skip
    yield context.new_page()
    context.close()


def test_it_is_said_first_and_then_said_again_with_one_key(
    surge: Surge,
    lake: Lake,
    visit: Callable[..., Page],
    phone: Page,
    keep: Callable[[Page, str], None],
):
    page = visit(member("박도윤", Role.SUPERVISOR), f"/surges/{surge.pk}/")
    page.get_by_role("link", name="먼저 알리기").click()
    expect(page.locator("#id_title")).to_have_value("“로그인 오류” 문제를 살펴보고 있어요")
    page.locator("#id_doing").fill("인증 서버를 늘리고 있어요.")
    keep(page, "notice-draft")
    page.get_by_role("button", name="저장").click()
    page.once("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="승인하고 보이기").click()
    expect(page.locator(".toast")).to_contain_text("승인했어요")

    phone.goto("/help/")
    expect(phone.locator(".standing")).to_contain_text("인증 서버를 늘리고 있어요.")
    assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth")
    keep(phone, "notice-help")
    phone.goto("/notices/now/en/")
    expect(phone.locator("h2")).to_have_text("We are looking into “로그인 오류”")

    say(lake, letter(source(), "로그인이 안 돼요", queries=[int(surge.key)]))
    case = Message.objects.get().conversation.case_id
    page = visit(member("이서연"), f"/inbox/{case}/")
    expect(page.locator(".said-already")).to_contain_text("이미 안내했어요")
    page.keyboard.press("b")
    expect(page.locator("#reply-body")).to_have_value(re.compile("인증 서버를 늘리고 있어요."))
    keep(page, "notice-case")
    wait_until(lambda: Event.objects.filter(kind="notice.used").exists())
    assert Notice.objects.get().surge == surge


def test_it_gathers_a_study_while_somebody_waits(
    lake: Lake, visit: Callable[..., Page], keep: Callable[[Page, str], None]
):
    place = source("blog")
    say(
        lake,
        *(letter(place, f"이심 개통이 안 돼요 {n}", author_id=f"a{n}", kind="complaint")
          for n in range(8)),
    )  # fmt: skip
    page = visit(member("이서연"), "/studies/new/?rule=이심")
    page.locator("#id_name").fill("이심 요금제")
    page.locator("#id_rule_name").fill("이심")
    page.get_by_role("button", name="모으기").click()
    expect(page.locator("#progress")).to_contain_text("읽고 있어요")
    assert study_due() == 1

    expect(page.locator(".study-need").first).to_be_visible(timeout=10_000)
    expect(page.locator(".kpi b").first).to_have_text("8")
    keep(page, "study")
    page.emulate_media(media="print")
    expect(page.locator(".rail")).to_be_hidden()
    expect(page.get_by_role("button", name="인쇄")).to_be_hidden()
    assert Study.objects.get().state == "done"
