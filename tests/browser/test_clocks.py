"""A warning and a breach over Seollal, a promise by one key: what an agent and a supervisor see.

The holidays of 2024 lie in the past, so that reminders are due by the clock of any database: Friday
the ninth of February to Monday the twelfth, which is the substitute for the Sunday.
"""

from collections.abc import Callable
from datetime import datetime

import pytest
import time_machine
from playwright.sync_api import Page, expect

from desk import letter, member, only_case, say, source
from oracle import install
from sori.lake.store import Lake
from sori.respond import outbox, reminding
from sori.respond.models import Clock, Message
from sori.staff.models import Department, Member, Role
from working_hours import office, policy, seoul

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

THURSDAY = seoul("2024-02-08 17:40")


def heard(lake: Lake, place, at: datetime) -> int:
    """The last question before the holidays."""
    with time_machine.travel(at, tick=False):
        say(
            lake,
            letter(
                place,
                "인터넷이 안 됩니다. 언제 고쳐지나요?",
                title="인터넷이 안 됩니다",
                published_at=at,
                heard_at=at,
                kind="complaint",
            ),
        )
    return only_case().pk


def looking(visit: Callable[..., Page], who: Member, path: str, at: datetime) -> Page:
    """A page whose browser has the same clock on the wall."""
    page = visit(who, path)
    page.clock.set_fixed_time(at)
    page.reload()
    return page


def test_it_waits_over_the_holidays_then_warns_and_escalates(
    lake: Lake, visit: Callable[..., Page]
):
    place = Department.objects.create(name="고객지원")
    boss = member("박도윤", Role.SUPERVISOR)
    boss.department = place
    boss.save()
    policy("기본", calendar=office())
    case = heard(lake, source(department=place), THURSDAY)
    assert Clock.objects.get().due_at == seoul("2024-02-13 09:40")

    sunday = seoul("2024-02-11 14:00")
    with time_machine.travel(sunday):
        reminding.remind_due()
        page = looking(visit, boss, f"/inbox/{case}/", sunday)
        expect(page.locator(".due .words")).to_have_text("1일 19시간")
        expect(page.locator(".event")).to_have_count(1)
        page.close()

    opening = seoul("2024-02-13 09:30")
    with time_machine.travel(opening):
        reminding.remind_due()
        page = looking(visit, boss, "/inbox/?tab=due", opening)
        expect(page.locator("#tabs [aria-current]")).to_have_text("시한1")
        expect(page.locator(".row .clock")).to_have_class("clock soon")
        page.locator(".row").click()
        expect(page.locator(".event").last).to_contain_text("첫 응답 시한이 다가옵니다")
        page.close()

    breach = seoul("2024-02-13 09:52")
    with time_machine.travel(breach):
        reminding.remind_due()
        reminding.remind_due()
        page = looking(visit, boss, f"/inbox/{case}/?tab=due", breach)
        expect(page.locator(".row .clock")).to_have_text("초과 12분")
        expect(page.locator(".row .tag.bad")).to_have_text("에스컬레이션됨")
        expect(page.locator(".event").last).to_contain_text("알린 사람: 박도윤")
        expect(page.locator(".event")).to_have_count(3)


def test_one_key_promises_an_answer(
    lake: Lake, visit: Callable[..., Page], monkeypatch: pytest.MonkeyPatch, tmp_path
):
    install(monkeypatch)
    policy("기본", calendar=office())
    place = source("oracle", settings={"book": str(tmp_path / "book")})
    morning = seoul("2024-02-13 10:10")
    case = heard(lake, place, morning)

    with time_machine.travel(morning):
        page = looking(visit, member("이서연"), f"/inbox/{case}/?tab=open", morning)
        page.keyboard.press("a")
        expect(page.locator("#acknowledge")).to_contain_text("오늘 오후 12:30까지")
        page.keyboard.press("Enter")
        expect(page.locator("#acknowledge")).to_be_hidden()
        expect(page.locator(".msg.out .body")).to_contain_text("이서연입니다")
        Message.objects.filter(direction="out").update(due_at=THURSDAY)
        outbox.deliver_due()
        page.reload()
        expect(page.locator(".due")).to_contain_text("약속까지")
        expect(page.locator(".event").last).to_contain_text("답변하기로 약속했습니다")
