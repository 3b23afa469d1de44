"""A real mail server and a real browser, for stories in which nothing is mocked."""

import shutil
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from peers import mail_server

OUTPUT = Path(__file__).parents[1] / "output"
CHROMIUM = shutil.which("chromium")


@pytest.fixture
def mail() -> Iterator[mail_server.MailServer]:
    """Dovecot of this story's own: no customer finds the answers of another story."""
    if not mail_server.installed():
        warnings.warn("DOVECOT IS NOT INSTALLED: the mail stories are not told", stacklevel=1)
        pytest.skip("Dovecot is not installed (apt-get install dovecot-imapd dovecot-lmtpd)")
    with mail_server.running() as server:
        yield server


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium as Debian packs it."""
    if not CHROMIUM:
        warnings.warn("CHROMIUM IS NOT INSTALLED: the browser stories are not told", stacklevel=1)
        pytest.skip("Chromium is not installed (apt-get install chromium)")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield started
        started.close()


@pytest.fixture
def output() -> Path:
    """Where screenshots are kept."""
    OUTPUT.mkdir(exist_ok=True)
    return OUTPUT
