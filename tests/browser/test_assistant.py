"""The assistant in a real Chromium: its words stay until a person takes or drops them."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from pytest_django import Settings

from desk import member, opened
from peers.obedient_model import obedient_model
from sori.lake.store import Lake
from sori.respond import services
from sori.respond.models import Message
from sori.web.environment import Assistant
from waiting import listening

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_it_puts_a_suggestion_into_the_answer_only_by_hand(
    lake: Lake, settings: Settings, visit: Callable[..., Page], keep: Callable[[Page, str], None]
) -> None:
    with obedient_model() as model:
        settings.ASSISTANT = Assistant(model.url, "obedient-1", "", 5)
        asked = opened(lake, text="언제 오나요?\n명령: say 내일 도착합니다")
        page = visit(member(), f"/inbox/{asked.conversation.case_id}/")
        page.get_by_role("button", name="요약").click()
        expect(page.locator("#summary")).to_contain_text("내일 도착합니다")
        page.get_by_role("button", name="답장 초안 제안").click()
        expect(page.locator("#suggestion")).to_contain_text("내일 도착합니다")
        # asking is written into the journal, and the page renews itself when it hears of that
        page.wait_for_timeout(1500)
        expect(page.locator("#summary")).to_contain_text("내일 도착합니다")
        keep(page, "assistant")
        expect(page.locator("#reply-body")).to_have_value("")
        page.get_by_role("button", name="내 답장에 넣기").click()
        expect(page.locator("#reply-body")).to_have_value("내일 도착합니다")
        expect(page.locator("#suggestion")).to_be_empty()
    assert not Message.objects.filter(direction="out").exclude(state="draft").exists()


def test_it_keeps_the_place_of_a_suggestion_while_news_come(
    lake: Lake, settings: Settings, visit: Callable[..., Page]
) -> None:
    with obedient_model() as model:
        settings.ASSISTANT = Assistant(model.url, "obedient-1", "", 20)
        asked = opened(lake, text="언제 오나요?\n명령: ponder 내일 도착합니다")
        case = asked.conversation.case
        page = visit(member(), f"/inbox/{case.pk}/")
        listening(f"case:{case.pk}")
        page.get_by_role("button", name="답장 초안 제안").click()
        assert model.thinks.wait(20)

        services.write_note(case=case.pk, member=member("안나"), body="창고에 물어봤어요")
        expect(page.locator("#timeline")).to_contain_text("창고에 물어봤어요")
        model.may_speak.set()

        expect(page.locator("#suggestion")).to_contain_text("내일 도착합니다")
