"""A customer writes in Korean; it appears in the inbox, is answered, and the answer arrives."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from peers.mail_server import PASSWORD, MailServer
from story.letters import CUSTOMER, HELP, letter, received
from story.running_site import running_site

pytestmark = [pytest.mark.browser, pytest.mark.peer]

WORDS = "지난주에 주문한 공유기가 아직도 도착하지 않았어요. 확인 부탁드립니다."
ANSWER = "하은 님, 기다리게 해 드려 죄송합니다. 오늘 다시 보내 드렸습니다."


def make_administrator(page: Page, entrance: str) -> None:
    page.goto(entrance)
    page.get_by_label("이메일").fill("owner@shop.example")
    page.get_by_label("이름").fill("한지민")
    for field in page.locator("input[type=password]").all():
        field.fill("correct horse battery")
    page.locator("form.form button.solid").click()
    page.wait_for_url("**/sources/new/")


def connect_mailbox(page: Page, address: str, mail: MailServer) -> None:
    page.goto(f"{address}/sources/new/email/")
    values = {
        "name": "고객지원 메일",
        "settings-address": HELP,
        "settings-password": PASSWORD,
        "settings-imap_host": "127.0.0.1",
        "settings-imap_port": str(mail.imap_port),
        "settings-smtp_host": "127.0.0.1",
        "settings-smtp_port": str(mail.submission_port),
    }
    page.locator("details.more > summary").click()
    for name, value in values.items():
        page.fill(f"[name={name}]", value)
    page.select_option("[name=settings-imap_security]", "none")
    page.select_option("[name=settings-smtp_security]", "none")
    page.locator("form.panel button.solid").click()
    page.wait_for_url(re.compile(r"/sources/\d+/$"))


def test_it_carries_a_letter_to_the_inbox_and_the_answer_back(
    mail: MailServer, browser: Browser, output: Path, tmp_path: Path
):
    with running_site(tmp_path / "home") as site:
        context = browser.new_context(locale="ko-KR", viewport={"width": 1440, "height": 900})
        page = context.new_page()
        make_administrator(page, site.entrance)
        connect_mailbox(page, site.address, mail)

        page.goto(f"{site.address}/inbox/")
        mail.deliver(letter("배송이 멈춰 있어요", WORDS, charset="euc-kr"), HELP, sender=CUSTOMER)
        row = page.locator(".row", has_text="배송이 멈춰 있어요")
        expect(row).to_be_visible(timeout=90_000)
        page.screenshot(path=output / "story-arrived.png")

        row.click()
        expect(page.locator("#timeline")).to_contain_text(WORDS)
        expect(page.locator(".clock").first).to_be_visible()
        page.fill("#reply-body", ANSWER)
        page.keyboard.press("Control+Enter")

        answer = received(mail)
        assert answer.get_content().strip().startswith(ANSWER)
        assert answer["In-Reply-To"] == "<letter-1@example.test>"
        assert "<letter-1@example.test>" in answer["References"]
        assert answer["To"].addresses[0].addr_spec == CUSTOMER
        assert "Auto-Submitted" not in answer

        expect(page.locator("#timeline")).to_contain_text(ANSWER)
        page.wait_for_timeout(2500)
        page.screenshot(path=output / "story-answered.png")
        context.close()
