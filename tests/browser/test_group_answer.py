"""From one case to thirty-seven others: written once, looked at, sent to each, taken back."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect
from pytest_django import Settings

from desk import alike, member
from sori.change.models import Theme
from sori.lake.store import Lake
from sori.respond.models import Message

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_it_answers_thirty_seven_others_from_one_case(
    lake: Lake, visit: Callable[..., Page], settings: Settings
):
    settings.UNDO_SEND = timedelta(seconds=10)
    now = timezone.now()
    theme = Theme.objects.create(number=7, name="로그인 안 됨", first_seen=now, last_seen=now)
    said = alike(lake, theme.number, 38)
    page = visit(member("이서연"), f"/inbox/{said[0].conversation.case_id}/?tab=open")

    page.get_by_role("link", name="같은 말을 하는 고객 37명 더").click()
    expect(page.locator(".looks li")).to_have_count(38)
    page.locator(".looks input").first.uncheck()
    page.fill("#group-body", "{고객} 님, {나}입니다. 로그인은 30분 뒤 다시 됩니다.")
    page.get_by_role("button", name="하나씩 확인하기").click()
    expect(page.locator(".looks .body").first).to_have_text(
        "고객1 님, 이서연입니다. 로그인은 30분 뒤 다시 됩니다."
    )
    assert not Message.objects.filter(direction="out").exists()
    page.get_by_role("button", name="답변 37건 보내기").click()

    expect(page.get_by_role("heading", name="답변 37건")).to_be_visible()
    answers = Message.objects.filter(direction="out", state="queued")
    assert answers.count() == len({one.conversation_id for one in answers}) == 37
    page.get_by_role("button", name="아직 나가지 않은 답변 되돌리기").click()
    expect(page.locator(".toast")).to_contain_text("답변 37건을 되돌렸습니다")
    assert not answers.all().exists()
