"""A newcomer starts the demo: one command, one link, and the house is full of voices."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from story.running_site import Site, running_site

pytestmark = [pytest.mark.browser]

PAGES = ("/inbox/", "/overview/", "/sources/", "/queries/", "/members/", "/members/me/")


def watched(page: Page) -> list[str]:
    """Everything that goes wrong in a page from here on."""
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("response", lambda answer: wrong.append(answer.url) if answer.status >= 500 else None)
    page.on("request", lambda asked: wrong.append(asked.url) if _foreign(asked.url) else None)
    return wrong


def _foreign(address: str) -> bool:
    return address.startswith("http") and not address.startswith("http://127.0.0.1")


def look_around(page: Page, site: Site, output: Path, name: str) -> None:
    for path in PAGES:
        answer = page.goto(site.address + path)
        assert answer is not None
        assert answer.status == 200, path
    page.goto(f"{site.address}/overview/")
    expect(page.locator("figure.chart.volume svg")).to_be_visible(timeout=60_000)
    expect(page.locator("figure[aria-busy]")).to_have_count(0)
    page.screenshot(path=output / f"demo-overview-{name}.png")
    page.goto(f"{site.address}/inbox/")
    page.locator(".row").first.click()
    expect(page.locator("#timeline")).to_be_visible()
    page.screenshot(path=output / f"demo-inbox-{name}.png")


def test_it_fills_the_house_with_one_command(browser: Browser, output: Path, tmp_path: Path):
    with running_site(tmp_path / "home", "--demo") as site:
        context = browser.new_context(locale="ko-KR", viewport={"width": 1440, "height": 900})
        page = context.new_page()
        wrong = watched(page)
        page.goto(site.entrance)
        expect(page).to_have_url(f"{site.address}/inbox/")
        look_around(page, site, output, "light-ko")
        page.goto(f"{site.address}/overview/")
        expect(page.locator(".notice.surge").first).to_be_visible()

        again = browser.new_context().new_page()
        again.goto(site.entrance)
        expect(again).not_to_have_url(f"{site.address}/inbox/")

        phone = browser.new_context(
            locale="en-US",
            color_scheme="dark",
            viewport={"width": 390, "height": 844},
            storage_state=context.storage_state(),
        ).new_page()
        wrong += watched(phone)
        look_around(phone, site, output, "phone-dark-en")
        assert wrong == []
