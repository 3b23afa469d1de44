"""A telephone rings, somebody looks who it is and writes down what they say, in a real Chromium."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from desk import letter, member, say, source
from sori import flow
from sori.lake.store import Lake
from sori.listen.calling import CallEvent, hear
from sori.listen.models import Source
from sori.listen.services import add_source
from sori.listen.vault import opened_settings
from sori.people import profile
from sori.people.models import Identity
from sori.respond.models import Case, Message
from sori.respond.receiving import receive

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_call_is_taken_and_written_down(
    lake: Lake, visit: Callable[..., Page], keep: Callable[[Page, str], None]
):
    who = member("이서연")
    place = add_source(name="전화", channel="calllog", settings={})
    say(lake, letter(source()))
    person = Identity.objects.get(channel="email").person
    profile.add_identifier(person=person.pk, member=who, sort="phone", value="010-1234-5678")
    page = visit(who, "/calls/new/")
    keep(page, "call-empty")

    call = CallEvent(event="started", call="c-1", number="010-1234-5678")
    hear(place, call, opened_settings(place))  # type: ignore[arg-type]
    rings = page.locator("#ringing .toast")
    expect(rings).to_contain_text("김하은", timeout=15_000)
    keep(page, "call-ringing")
    rings.get_by_role("link", name="기록하기").click()

    expect(page.get_by_role("radio", name="김하은")).to_be_checked()
    expect(page.get_by_label("전화번호")).to_have_value("01012345678")
    page.get_by_label("고객이 한 말").fill("환불이 아직 안 됐어요. 언제 되나요?")
    page.get_by_label("답하거나 약속한 것").fill("오늘 안에 환불해 드리기로 했습니다.")
    keep(page, "call-form")
    page.get_by_role("button", name="기록하기").click()
    expect(page.locator(".notice.good")).to_contain_text("기록했습니다.")
    flow.turn(Source.objects.get(pk=place.pk))
    receive(lake)
    page.get_by_role("link", name="만들어진 상담 보기").click(timeout=15_000)

    expect(page.locator("main")).to_contain_text("오늘 안에 환불해 드리기로 했습니다.")
    keep(page, "call-case")
    assert Case.objects.filter(person=person).count() == 2
    assert Message.objects.get(direction="out").member == who


def test_a_customer_is_found_while_typing(
    lake: Lake, visit: Callable[..., Page], keep: Callable[[Page, str], None]
):
    add_source(name="전화", channel="calllog", settings={})
    say(lake, letter(source()))
    page = visit(member(), "/calls/new/", width=390, height=844)

    page.get_by_label("이름").press_sequentially("하은")
    expect(page.get_by_role("radio", name="김하은")).to_be_visible()
    page.get_by_role("radio", name="김하은").check()
    keep(page, "call-narrow")
