"""A passkey made and used in a real browser, with Chromium's own authenticator."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, sync_playwright

from sori.staff.links import make_sign_in_link
from sori.staff.models import Member

pytestmark = pytest.mark.browser


@pytest.fixture
def page(site: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Page]:
    """Chromium with a fingerprint reader that always agrees."""
    with sync_playwright() as playwright:
        monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")  # playwright keeps a loop running
        chromium = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox"]
        )
        # a passkey belongs to a name, never to a number
        address = site.replace("127.0.0.1", "localhost")
        made = chromium.new_context(base_url=address, locale="en").new_page()
        reader = made.context.new_cdp_session(made)
        reader.send("WebAuthn.enable")
        options = {
            "protocol": "ctap2",
            "transport": "internal",
            "hasResidentKey": True,
            "hasUserVerification": True,
            "isUserVerified": True,
            "automaticPresenceSimulation": True,
        }
        reader.send("WebAuthn.addVirtualAuthenticator", {"options": options})
        yield made
        chromium.close()


def test_it_signs_in_with_a_passkey_alone(page: Page, make_member: Callable[..., Member]) -> None:
    page.goto(make_sign_in_link(make_member(), printed=True))
    page.goto("/accounts/2fa/webauthn/add/")
    page.click("#add_key")
    page.wait_for_url("**/recovery-codes/**")
    page.goto("/accounts/2fa/webauthn/")
    assert page.locator("tbody tr").count() == 1
    page.goto("/members/me/")
    page.click("form[action='/accounts/logout/'] button")
    page.wait_for_url("**/accounts/login/")
    page.click("#passkey_login")
    page.wait_for_url("**/inbox/")
    page.goto("/members/me/")
    assert page.locator("h1").inner_text() == "You and your settings"
