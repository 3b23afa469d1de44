"""A rule from the first word to what it did; a macro and a tag by keyboard alone."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from desk import letter, member, opened, say, source
from sori.automation.deciding import Action
from sori.automation.editing import Script
from sori.automation.models import Rule
from sori.automation.running import Runner
from sori.automation.services import save_macro
from sori.lake.store import Lake
from sori.respond import tagging
from sori.respond.models import Case, Note
from sori.staff.models import Department, Role

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_rule_is_written_tried_switched_on_and_acts(
    lake: Lake, visit: Callable[..., Page], keep: Callable[[Page, str], None]
) -> None:
    who, place = member("박도윤", Role.SUPERVISOR), source()
    tagging.make(name="환불", member=who)
    billing = Department.objects.create(name="요금")
    say(lake, letter(place, "환불해 주세요", title="지난 환불", author_id="before@x.kr"))
    runner = Runner()
    runner.run_due()
    page = visit(who, "/automation/")

    page.get_by_role("link", name="규칙 쓰기").first.click()
    page.fill("#script-name", "환불은 요금으로")
    page.get_by_role("button", name="조건 추가").click()
    page.get_by_label("낱말").fill("환불")
    page.get_by_role("button", name="할 일 추가").click()
    page.locator("[name=sort]").nth(1).select_option(label="부서로 넘기기")
    page.locator("[name=object]").nth(1).select_option(label="요금")
    expect(page.locator("#tried")).to_contain_text("1번 처리했을 거예요")
    expect(page.locator(".would li")).to_contain_text("지난 환불")
    expect(page.locator(".would li")).to_contain_text("요금 부서로 넘기기")
    keep(page, "rule")
    page.get_by_role("button", name="저장하고 켜기").click()
    expect(page.get_by_role("switch")).to_have_attribute("aria-checked", "true")
    assert not Case.objects.filter(department=billing).exists()

    say(lake, letter(place, "저도 재환불요청합니다", author_id="after@x.kr"))
    while runner.run_due():
        pass

    case = Case.objects.latest("pk")
    assert case.department == billing
    page.goto(f"/inbox/{case.pk}/")
    expect(page.locator(".facts")).to_contain_text("환불")
    expect(page.locator("#timeline")).to_contain_text(
        "규칙 ‘환불은 요금으로’: ‘환불’ 태그를 달았습니다"
    )
    page.goto(f"/automation/rules/{Rule.objects.get().pk}/runs/")
    expect(page.locator("tbody tr")).to_have_count(1)
    keep(page, "rule-runs")


def test_the_editor_fits_a_phone(lake: Lake, visit: Callable[..., Page]) -> None:
    page = visit(member(role=Role.SUPERVISOR), "/automation/rules/new/", width=390, height=844)
    page.get_by_role("button", name="조건 추가").click()
    page.locator("[name=sort]").select_option(label="내부 메모 남기기")
    expect(page.locator("textarea[name=words]")).to_be_visible()
    wide = page.evaluate("document.documentElement.scrollWidth > innerWidth")
    assert not wide


def test_a_macro_and_a_tag_by_keyboard(lake: Lake, visit: Callable[..., Page]) -> None:
    who = member("민지")
    tagging.make(name="VIP", member=who)
    for name in ("가나다", "사진 부탁"):
        script = Script(name=name, actions=[Action("note", "", f"{name} 했습니다")])
        save_macro(macro=None, script=script, department=None, member=who)
    asked = opened(lake)
    page = visit(who, f"/inbox/{asked.conversation.case_id}/")

    page.keyboard.press("m")
    field = page.locator("#macros-menu input[name=words]")
    expect(field).to_be_focused()
    expect(page.locator("#macros button").first).to_contain_text("가나다")
    field.press_sequentially("사진")
    expect(page.locator("#macros button").first).to_contain_text("사진 부탁")
    field.press("Enter")
    expect(page.locator(".msg.note")).to_contain_text("사진 부탁 했습니다")
    expect(page.locator("#macros-menu")).to_be_hidden()
    assert Note.objects.count() == 1

    page.keyboard.press("t")
    typed = page.locator("#tags-menu input[name=letters]")
    expect(typed).to_be_focused()
    typed.press_sequentially("vi")
    expect(page.locator("#tags-menu .likely button").first).to_contain_text("VIP")
    typed.press("Enter")
    expect(page.locator("#tags-menu")).to_be_hidden()
    expect(page.locator(".facts .tag", has_text="VIP")).to_be_visible()
    page.wait_for_timeout(2_500)  # until the news of it has renewed the head
    page.get_by_role("button", name="VIP 태그 떼기").click()
    expect(page.locator(".facts .tag", has_text="VIP")).to_have_count(0)
