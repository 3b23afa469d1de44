"""The palette in a real Chromium: L, then one key a label; with the Korean layout too."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from desk import letter, member, opened, say, source
from sori.lake.store import Lake
from sori.lessons.models import Correction
from sori.respond.models import Case

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

LABELS = {"kind": "question", "sentiment": "neutral", "urgency": 1, "answer": True}


def test_one_key_corrects_and_the_head_follows(
    lake: Lake, visit: Callable[..., Page], keep: Callable[[Page, str], None]
) -> None:
    asked = opened(lake, text="요금제 바꾸는 칸이 안 보여요", **LABELS)
    page = visit(member(), f"/inbox/{asked.conversation.case_id}/")
    palette = page.locator(".menu.palette")

    page.keyboard.press("l")
    expect(palette).to_be_visible()
    keep(page, "palette")
    page.keyboard.press("1")

    expect(palette).to_be_hidden()
    expect(page.locator("#head .facts .kind")).to_have_text("불만")
    expect(page.locator(".said-label.by-people")).to_contain_text("지민")
    assert Case.objects.get().kind == "complaint"

    page.locator(".said-label .undo").click()
    expect(page.locator("#head .facts .kind")).to_have_text("문의")
    assert not Correction.objects.exists()


def test_it_takes_the_korean_layout_and_rests_while_somebody_writes(
    lake: Lake, visit: Callable[..., Page]
) -> None:
    asked = opened(lake, **LABELS)
    page = visit(member(), f"/inbox/{asked.conversation.case_id}/")
    palette = page.locator(".menu.palette")
    page.focus("#reply-body")
    page.keyboard.press("l")
    expect(palette).to_be_hidden()
    page.keyboard.press("Escape")

    keys = page.context.new_cdp_session(page)
    for key, code, number in (("ㅣ", "KeyL", 76), ("ㅂ", "KeyQ", 81)):
        pressed = {"key": key, "code": code, "windowsVirtualKeyCode": number}
        keys.send("Input.dispatchKeyEvent", {"type": "rawKeyDown", **pressed})
        keys.send("Input.dispatchKeyEvent", {"type": "keyUp", **pressed})

    expect(page.locator("#head .facts .mood")).to_have_text("부정")
    assert Case.objects.get().sentiment == "negative"


def test_topics_are_chosen_by_typing_one_after_the_other(
    lake: Lake, visit: Callable[..., Page], keep: Callable[[Page, str], None]
) -> None:
    asked = opened(lake, text="잘 받았습니다", **LABELS)
    page = visit(member(), f"/inbox/{asked.conversation.case_id}/")
    palette, field = page.locator(".menu.palette"), page.locator("[name=typed]")
    shown = page.locator(".said-label.by-people")

    page.keyboard.press("l")
    page.keyboard.press("t")
    expect(field).to_be_focused()
    field.press_sequentially("환불")
    expect(palette.locator(".likely button").first).to_contain_text("환불")
    keep(page, "palette-topics")
    field.press("Enter")
    expect(shown).to_contain_text("환불")
    expect(field).to_be_focused()
    expect(field).to_have_value("")
    field.press_sequentially("배송 시간")
    expect(palette.locator(".likely button").first).to_contain_text("배송 시간")
    field.press("Enter")
    expect(shown).to_contain_text("배송")

    expect(field).to_be_focused()
    page.keyboard.press("Escape")
    expect(palette).to_be_hidden()
    assert "billing.refund" in Correction.objects.get().value
    assert len(Correction.objects.get().value) == 2


def test_l_closes_what_it_opened_and_the_page_keeps_its_own_keys(
    lake: Lake, visit: Callable[..., Page]
) -> None:
    asked = opened(lake, **LABELS)
    page = visit(member(), f"/inbox/{asked.conversation.case_id}/")
    palette = page.locator(".menu.palette")
    page.keyboard.press("l")
    expect(palette).to_be_visible()
    page.keyboard.press("l")
    expect(palette).to_be_hidden()
    page.keyboard.press("r")
    expect(page.locator("#mode-reply")).to_be_checked()
    assert not Correction.objects.exists()


def test_a_random_check_goes_by_keys_alone(lake: Lake, visit: Callable[..., Page]) -> None:
    place = source()
    say(lake, letter(place, "하나", **LABELS), letter(place, "둘", **LABELS))
    page = visit(member(), "/lessons/check/")
    page.get_by_role("button", name="20건 뽑기").click()
    expect(page.locator(".bar .num")).to_have_text("1 / 2")

    page.keyboard.press("d")
    expect(page.locator('[value="urgency:2"]')).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("Enter")
    expect(page.locator(".bar .num")).to_have_text("2 / 2")
    page.keyboard.press("ArrowRight")

    expect(page.get_by_text("끝났습니다")).to_be_visible()
    assert Correction.objects.filter(agreed=False).count() == 1
    assert Correction.objects.filter(agreed=True).count() == 3
