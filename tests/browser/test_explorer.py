"""The explorer in a real Chromium: filter, look closer, ask why, keep a view, take a file home."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import quote

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from desk import member
from explorer import remember, said
from screens import on_every_screen
from sori.lake.store import Lake
from sori.listen.models import Query, View
from sori.staff.models import Member, Role

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

TEXTS = (
    ("배송이 일주일째 멈춰 있어요. 환불해 주세요", "complaint", "negative"),
    ("환불은 며칠 걸리나요?", "question", "neutral"),
    ("포장이 정말 꼼꼼해서 감동했어요", "praise", "positive"),
    ("정기 구독 건너뛰기가 있으면 좋겠어요", "idea", "neutral"),
)


def recent(text: str, days: float, **fields: Any) -> dict[str, Any]:
    at = timezone.now() - timedelta(days=days)
    return said(text, published_at=at, heard_at=at, lang="ko", **fields)


def fill(lake: Lake) -> None:
    """Some days of voices, with topics, themes and a rule."""
    rule = Query.objects.create(name="환불 문의", expression="환불")
    remember(
        lake,
        [
            recent(
                text,
                day + 0.1,
                kind=kind,
                kind_confidence=0.9,
                sentiment=mood,
                topics=["billing.refund"] if "환불" in text else None,
                theme=7 if "환불" in text else None,
                queries=[rule.pk] if "환불" in text else [],
                channel=("rss", "email")[day % 2],
                author_id=f"customer{day}",
                followers=day * 10,
            )
            for day in range(20)
            for text, kind, mood in TEXTS
        ],
    )


def test_it_filters_asks_why_looks_closer_and_keeps_a_view(
    lake: Lake, visit: Callable[..., Page], keep: Callable[[Page, str], None]
):
    fill(lake)
    page = visit(member("한지민", Role.SUPERVISOR), "/explore/")
    expect(page.locator("#slot-volume .headline b")).to_have_text("80")

    page.fill("#filters input[name=words]", "환불")
    page.press("#filters input[name=words]", "Enter")
    expect(page.locator("#slot-volume .headline b")).to_have_text("40")
    page.get_by_role("button", name="유형", exact=False).first.click()
    page.get_by_label("불만", exact=True).check()
    page.keyboard.press("Escape")
    expect(page.locator("#slot-volume .headline b")).to_have_text("20")
    expect(page).to_have_url(re.compile(f"words={quote('환불')}&kind=complaint$"))
    expect(page.locator(".chips .chip")).to_have_text(["낱말“환불”", "유형불만"])

    first = page.locator(".voice").first
    expect(first.locator("mark")).to_have_text("환불")
    first.get_by_text("왜 ‘불만’일까요?").click()
    expect(first.locator(".why p").first).to_contain_text("확신")
    assert first.locator(".why mark.told").count() >= 1
    first.get_by_role("button", name="감정").click()
    expect(first.locator(".why [aria-current]")).to_have_text("감정")
    keep(page, "explorer-why")

    page.get_by_role("button", name="보기 저장").click()
    page.fill("#view-name", "환불 불만")
    page.locator("#save").get_by_role("button", name="저장", exact=True).click()
    expect(page.locator(".toast")).to_contain_text("환불 불만")
    expect(page.get_by_role("button", name="환불 불만", exact=False).first).to_be_visible()
    assert View.objects.get().query == f"words={quote('환불')}&kind=complaint"

    page.get_by_role("link", name="모두 빼기").click()
    expect(page.locator("#slot-volume .headline b")).to_have_text("80")
    page.locator("[popovertarget=views]").click()
    page.locator("#views").get_by_role("link", name="환불 불만").click()
    expect(page.locator("#slot-volume .headline b")).to_have_text("20")
    page.locator("[popovertarget=views]").click()
    page.get_by_role("button", name="이름 바꾸기·삭제").click()
    page.on("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="‘환불 불만’ 삭제").click()
    page.wait_for_url("**/explore/*")
    assert not View.objects.exists()


def test_it_looks_closer_at_a_day_and_at_days_drawn_over(lake: Lake, visit: Callable[..., Page]):
    fill(lake)
    page = visit(member(role=Role.AGENT), "/explore/?kind=praise")
    bars = page.locator("figure.timeline .layer_0_marks path")
    expect(bars.first).to_be_visible()

    box = page.locator("figure.timeline svg").bounding_box()
    assert box
    middle = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + box["width"] * 0.55, middle)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.7, middle, steps=5)
    page.mouse.up()
    expect(page).to_have_url(re.compile("(?=.*kind=praise)(?=.*from=)(?=.*to=)"))

    last = page.locator("figure.timeline .layer_0_marks path").last
    expect(last).to_be_visible()
    last.click()
    page.wait_for_function("new URLSearchParams(location.search).get('from') === "
                           "new URLSearchParams(location.search).get('to')")  # fmt: skip
    expect(page.locator("#slot-volume .headline b")).to_have_text("1")


def test_it_narrows_by_what_its_lists_name(lake: Lake, visit: Callable[..., Page]):
    fill(lake)
    page = visit(member(role=Role.AGENT), "/explore/", height=2400)

    page.locator("#card-themes").get_by_role("link", name="#7").click()
    expect(page.locator("#slot-volume .headline b")).to_have_text("40")
    expect(page.locator(".voice")).to_have_count(20)
    page.locator("#stream").get_by_role("button", name="더 보기").click()
    expect(page.locator(".voice")).to_have_count(40)
    page.locator("#card-channels a").first.click()
    expect(page.locator("#slot-volume .headline b")).to_have_text("20")
    page.get_by_role("link", name="팔로워순").click()
    expect(page.locator(".voice").first).to_contain_text("팔로워 1")


def test_it_says_in_its_place_what_could_not_be_counted(
    lake: Lake, visit: Callable[..., Page], monkeypatch: pytest.MonkeyPatch
):
    fill(lake)
    page = visit(member(role=Role.AGENT), "/explore/")
    expect(page.locator("#slot-themes .ranks")).to_be_visible()
    # what the browser itself says of the failed request is no error of the page
    page.route("**/panel/themes/**", lambda route: route.fulfill(status=422, body="gone"))
    page.route("**/panel/volume/**", lambda route: route.abort())
    page.evaluate("window.htmx.trigger('#slot-themes', 'again')")
    expect(page.locator("#slot-themes")).to_have_text("gone")


@on_every_screen("explorer")
def test_it_fits_every_screen_in_both_themes(
    lake: Lake,
    visit: Callable[..., Page],
    keep: Callable[[Page, str], None],
    theme: str,
    width: int,
    name: str,
):
    fill(lake)
    who = member("한지민", Role.SUPERVISOR)
    Member.objects.filter(pk=who.pk).update(theme=theme)
    page = visit(who, f"/explore/?words={quote('환불')}", width=width, height=900)
    expect(page.locator("figure.timeline svg")).to_be_visible()
    expect(page.locator(".voice").first).to_be_visible()

    keep(page, name)

    assert page.evaluate("document.documentElement.scrollWidth") == width
    nameless = page.evaluate(
        """() => [...document.querySelectorAll("a[href], button, input, select, textarea")]
            .filter((node) => node.type !== "hidden" && node.checkVisibility())
            .filter((node) => !(node.getAttribute("aria-label") || node.textContent.trim()
                || node.labels?.length || node.title))
            .map((node) => node.outerHTML)"""
    )
    assert nameless == []
    twice = page.evaluate(
        """() => { const ids = [...document.querySelectorAll("[id]")].map((node) => node.id);
            return ids.filter((id, place) => ids.indexOf(id) !== place); }"""
    )
    assert twice == []


def test_it_filters_without_scripts(lake: Lake, visit: Callable[..., Page]):
    fill(lake)
    page = visit(member(role=Role.AGENT), "/explore/", scripts=False)

    page.fill("#filters input[name=words]", "환불 감동")
    page.locator("#filters > .go").click()

    expect(page).to_have_url(re.compile(rf"words={quote('환불')}\+{quote('감동')}$"))
    expect(page.locator(".chips .chip")).to_have_count(2)
