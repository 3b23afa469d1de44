"""The board of themes in a real Chromium: a slider moves, the order follows, and it is kept."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from desk import member
from sori.change import packing, tallies, weights
from sori.change.counting import Figures
from sori.change.models import Theme, ThemeFigures, ThemeRun
from sori.change.weighing import DEFAULT
from sori.lake.store import Lake
from sori.staff.models import Role

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def themes() -> None:
    """One that many speak of, and one that few but dear customers speak of."""
    now, today = timezone.now(), timezone.localdate()
    figures = {}
    for number, name, voices, worth in (
        (1, "로그인 안 됨", 60, 0),
        (2, "환불 지연", 6, 90_000_000),
    ):
        days = {today: {"complaint": {"email": voices}}}
        figures[number] = Figures(voices, now, now, days)
        theme = Theme.objects.create(
            number=number, name=name, people=voices, voices=voices, first_seen=now, last_seen=now
        )
        ThemeFigures.objects.create(theme=theme, worth=worth, valued=1, judged=voices)
    ThemeRun.objects.create(
        at=now, since=now - timedelta(days=13), voices=66, read=66, compared=66, tier="fast",
        next_number=3, seconds=1, tallies=packing.packed(tallies.table(figures)),
    )  # fmt: skip


def slide(page: Page, word: str, points: int) -> None:
    page.locator(f"#id_w-{word}").fill(str(points))


def test_it_reorders_while_a_slider_moves_and_keeps_it_when_asked(
    lake: Lake, themes: None, visit: Callable[..., Page]
):
    page = visit(member("이서연", Role.SUPERVISOR), "/themes/")
    first = page.locator(".themes tbody tr").first.locator(".what > a")
    expect(first).to_have_text("로그인 안 됨")
    page.get_by_text("무엇이 얼마나 중요한가요").click()

    slide(page, "value", 40)
    expect(page.locator('output[for="id_w-value"]')).to_have_text("40")
    slide(page, "volume", 0)
    slide(page, "people", 0)
    slide(page, "growth", 0)

    expect(first).to_have_text("환불 지연")
    expect(page).to_have_url(re.compile("w-value=40"))
    assert weights.weights() == DEFAULT
    page.locator(".themes .because summary").first.click()
    expect(page.locator(".themes .weighed").first).to_contain_text("90,000,000")
    page.get_by_role("button", name="모두에게 저장").click()
    expect(page.locator(".toast")).to_contain_text("저장했습니다")
    expect(first).to_have_text("환불 지연")
    assert weights.weights().value == 40


def test_it_weighs_without_scripts_too(lake: Lake, themes: None, visit: Callable[..., Page]):
    page = visit(member("이서연", Role.VIEWER), "/themes/", scripts=False)
    page.get_by_text("무엇이 얼마나 중요한가요").click()
    for word, points in (("value", 40), ("volume", 0), ("people", 0), ("growth", 0)):
        slide(page, word, points)
    page.get_by_role("button", name="적용해 보기").click()

    expect(page.locator(".themes tbody tr").first.locator(".what > a")).to_have_text("환불 지연")
    expect(page.get_by_text("나에게만 적용했고")).to_be_visible()
