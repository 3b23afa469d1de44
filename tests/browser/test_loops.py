"""A change is there: whom it reaches, every variant, a dry run, told, stopped, told on."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

import loops_of as loops
from desk import member, source
from sori.change.loops import handing
from sori.change.loops.models import Telling
from sori.lake.query import Reader
from sori.lake.store import Lake
from sori.people.models import Person
from sori.staff.models import Role

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_everybody_who_asked_is_told_once_from_one_page(
    lake: Lake,
    visit: Callable[..., Page],
    keep: Callable[[Page, str], None],
    monkeypatch: pytest.MonkeyPatch,
):
    loops.install(monkeypatch, "email", "cafe")
    monkeypatch.setattr("sori.listen.memory.reader", lambda: Reader(lake))
    mail, cafe, narrow = loops.place("email"), loops.place("cafe"), loops.place("narrow")
    names = ("김하은", "이도윤", "박서준", "최지우", "정민재")
    rows = [
        loops.voice(place, f"{name}@{place.channel}", author_name=name)
        for place in (mail, cafe, narrow)
        for name in names
    ]
    mute = {"channel": "mute", "reply_mode": "none"}
    made = loops.initiative(lake, *rows, loops.voice(source("mute"), "조용한 분", **mute))
    Person.objects.filter(pk=loops.person("정민재@cafe")).update(consent=False)
    page = visit(member("한지우", Role.SUPERVISOR), f"/initiatives/{made.pk}/tell/")

    expect(page.locator(".kpi b").first).to_have_text("16")
    page.fill("#id_ko_short", "{고객}님, {과제} 반영했어요!")
    page.get_by_role("button", name="저장하고 모든 모양 보기").click()
    expect(page.locator(".variants li")).to_have_count(3)
    expect(page.locator(".variants")).to_contain_text("/ 40")
    keep(page, "loops-variants")
    page.get_by_role("link", name="미리 돌려 보기: 누가 무엇을 읽는지").click()
    expect(page.locator(".looks li")).to_have_count(14)
    keep(page, "loops-dry-run")
    page.go_back()
    page.on("dialog", lambda asked: asked.accept())
    page.get_by_role("button", name="14명에게 알리기").click()

    expect(page.locator("#progress h2")).to_contain_text("14명 중 0명")
    Telling.objects.update(quiet_from=0, quiet_until=0)
    loops.time_passes()
    handing.hand_due()
    keep(page, "loops-running")
    page.get_by_role("button", name="멈추기").click()
    expect(page.locator(".toast")).to_contain_text("알림 3건을 되돌렸어요")
    page.get_by_role("button", name="계속하기").click()
    expect(page.locator("#progress h2")).to_contain_text("알리는 중")
    loops.tell_all(Telling.objects.get())
    expect(page.locator("#progress h2")).to_contain_text("14명 중 14명", timeout=10_000)
    page.reload()
    keep(page, "loops-done")
    expect(page.locator(".kpi b").last).to_have_text("88%")
    page.get_by_role("link", name="한 분씩 결과 보기").click()
    expect(page.locator("tbody tr")).to_have_count(16)
    keep(page, "loops-results")
    assert set(loops.received().values()) == {1}
