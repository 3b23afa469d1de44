"""The whole site behind a real socket, and members in a real Chromium who look at it.

`SORI_SLOW_ANSWERS=1.5` lets every answer of the site wait for up to that many seconds, at random:
what a story takes for granted about the order of things shows at once.
"""

import asyncio
import importlib.util
import os
import random
import threading
import time
from collections.abc import Callable, Iterator, MutableMapping
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils.translation import trans_real
from playwright.sync_api import Browser, Page, expect, sync_playwright
from pytest_django import Settings

from page_faults import note_faults
from sori.staff.models import Member
from sori.web.live import Receive, Scope, Send

ROOT = Path(__file__).parents[2]
OUTPUT = ROOT / "tests" / "output"
SLOW = float(os.environ.get("SORI_SLOW_ANSWERS", "0"))

expect.set_options(timeout=20_000)  # two workers and two browsers may share two busy cores


async def slow_site(scope: Scope, receive: Receive, send: Send) -> None:
    """The site as it is on a bad day."""
    from sori.web.asgi import application

    async def later(message: MutableMapping[str, Any]) -> None:
        if message["type"] == "http.response.start" and not scope["path"].startswith("/static/"):
            await asyncio.sleep(random.random() * SLOW)
        await send(message)

    await application(scope, receive, later)


@pytest.fixture(scope="session")
def korean() -> None:
    """Translations as they stand in the tree."""
    spec = importlib.util.spec_from_file_location("build_messages", ROOT / "build_messages.py")
    assert spec
    assert spec.loader
    build = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(build)
    build.compile_messages(ROOT / "src" / "sori")
    trans_real._translations.clear()


@pytest.fixture
def site(
    transactional_db: None, home: Path, settings: Settings, fresh_counts: None
) -> Iterator[str]:
    """The address of the site, pages and live news together as in production."""
    from sori.web.server import make_server

    settings.ALLOWED_HOSTS = ["127.0.0.1"]
    server = make_server(port=0)
    if SLOW:
        server.config.app = slow_site
    server.config.timeout_graceful_shutdown = 1
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    until = time.monotonic() + 30
    while not (server.started and server.servers):
        assert time.monotonic() < until, "the server did not start"
        time.sleep(0.05)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    thread.join(timeout=15)
    assert not thread.is_alive()


@pytest.fixture
def chromium(site: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Browser]:
    """Debian's Chromium."""
    with sync_playwright() as playwright:
        # playwright keeps an event loop in this thread, where Django would rather not write
        monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox"]
        )
        yield browser
        browser.close()


@pytest.fixture
def visit(chromium: Browser, site: str, korean: None) -> Iterator[Callable[..., Page]]:
    """Lets a member open an address; whatever goes wrong in the page fails the test."""
    wrong: list[str] = []

    def go(
        member: Member,
        path: str,
        *,
        width: int = 1440,
        height: int = 900,
        scripts: bool = True,
    ) -> Page:
        client = Client()
        client.force_login(member)
        context = chromium.new_context(
            base_url=site,
            locale="ko-KR",
            timezone_id="Asia/Seoul",
            viewport={"width": width, "height": height},
            java_script_enabled=scripts,
        )
        session = client.cookies["sori_session"].value
        context.add_cookies([{"name": "sori_session", "value": session, "url": site}])
        page = context.new_page()
        page.set_default_navigation_timeout(90_000)  # the first page of a process compiles
        note_faults(page, wrong)
        page.goto(path)
        return page

    yield go
    assert wrong == []


@pytest.fixture
def keep(request: pytest.FixtureRequest) -> Callable[[Page, str], None]:
    """Keeps a picture of a page under tests/output."""

    def save(page: Page, name: str) -> None:
        OUTPUT.mkdir(exist_ok=True)
        # hiding the caret would need a style that our pages do not allow
        page.screenshot(path=OUTPUT / f"{name}.png", caret="initial")

    return save
