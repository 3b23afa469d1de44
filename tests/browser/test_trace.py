"""A supervisor follows one voice to where it went, and sorts an idea that nothing took up."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from desk import member, only_case, opened
from sori.lake.store import Lake
from sori.respond.services import remember_answer
from sori.staff.models import Role
from traced import idea

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_it_leads_from_a_conversation_to_the_end_and_sorts_an_idea(
    visit: Callable[..., Page], site: str, lake: Lake, keep: Callable[[Page, str], None]
) -> None:
    boss = member("박도윤", Role.SUPERVISOR)
    asked = opened(lake)
    remember_answer(answers=asked.pk, member=boss, body="내일 도착해요.", at=asked.at)
    idea(lake)
    page = visit(boss, f"/inbox/{only_case().pk}/")
    page.get_by_role("link", name="어디로 갔나").first.click()
    expect(page.get_by_role("heading", name="박도윤 님이 답했어요")).to_be_visible()
    keep(page, "trace-way")

    page.goto("/trace/orphans/")
    expect(page.get_by_role("note")).to_contain_text("놓친 언급이 없어요")
    unsorted = page.locator("#unsorted")
    expect(unsorted.get_by_text("밤에도 상담하면 좋겠어요")).to_be_visible()
    unsorted.get_by_label("이유").fill("다음 개편 때 다시 봐요")
    unsorted.get_by_role("button", name="서명").click()
    expect(page.locator("#unsorted")).to_have_count(0)
    keep(page, "trace-ends")

    page.get_by_role("link", name="언급 찾기").click()
    page.get_by_role("searchbox").fill("밤에도")
    page.get_by_role("button", name="따라가기").click()
    page.get_by_role("link", name="어디로 갔나").click()
    expect(page.get_by_text("다음 개편 때 다시 봐요")).to_be_visible()


def test_it_fits_a_phone(visit: Callable[..., Page], site: str, lake: Lake) -> None:
    mention = idea(lake)
    page = visit(member("박도윤", Role.SUPERVISOR), f"/trace/{mention}/", width=390, height=844)
    for path in (f"/trace/{mention}/", "/trace/", "/trace/orphans/"):
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
