"""An administrator connects Naver with the mouse, in a real Chromium."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from desk import member
from sori.listen.models import Source
from sori.staff.models import Role

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_naver_is_connected_by_its_form(
    visit: Callable[..., Page], keep: Callable[[Page, str], None], home: Path
):
    admin = member(role=Role.ADMIN)
    page = visit(admin, "/sources/new/naver/")
    keep(page, "naver-form")

    page.locator('[name="name"]').fill("네이버")
    page.get_by_label("클라이언트 아이디").fill("sori")
    page.get_by_label("클라이언트 시크릿").fill("hush-hush")
    page.get_by_label("검색어").fill("소리텔레콤\n소리 텔레콤")
    page.get_by_label("뉴스").uncheck()
    page.locator('form button[type="submit"], form .btn.solid').last.click()
    expect(page.locator("h1")).to_contain_text("네이버")

    source = Source.objects.get()
    assert source.settings["words"] == ["소리텔레콤", "소리 텔레콤"]
    assert source.settings["cafe"]
    assert not source.settings["news"]
