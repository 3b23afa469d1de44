"""A second factor is asked for after password and link alike, and its secret is kept encrypted."""

import re
from collections.abc import Callable

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import (
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.test import Client

from sori.journal.models import Event
from sori.staff.adapters import SecondFactorAdapter
from sori.staff.links import make_sign_in_link
from sori.staff.models import Member

pytestmark = pytest.mark.django_db
Make = Callable[..., Member]


def code(secret: str) -> str:
    counter = next(iter(yield_hotp_counters_from_time()))
    return format_hotp_value(hotp_value(secret, counter))


@pytest.fixture
def secret(make_member: Make) -> str:
    """A member who has set the app up, in the browser; the secret the app holds."""
    browser = Client()
    browser.get(make_sign_in_link(make_member(), printed=True))
    page = browser.get("/accounts/2fa/totp/activate/").content.decode()
    found = re.search(r'id="totp-secret">(\w+)<', page)
    assert found
    response = browser.post("/accounts/2fa/totp/activate/", {"code": code(found[1])})
    assert response.status_code == 302
    return found[1]


def is_in(browser: Client) -> bool:
    return browser.get("/members/me/").status_code == 200


def test_it_asks_for_a_code_after_the_password(secret: str) -> None:
    browser = Client()
    form = {"login": "agent@example.com", "password": "moc.elpmaxe@tnega"}
    assert browser.post("/accounts/login/", form)["Location"].startswith("/accounts/2fa/")
    assert not is_in(browser)
    assert browser.get("/accounts/2fa/authenticate/").status_code == 200
    Authenticator.objects.filter(type="totp").update(last_used_at=None)
    browser.post("/accounts/2fa/authenticate/", {"code": "000000"})
    assert not is_in(browser)


def test_it_asks_for_a_code_after_a_link(secret: str) -> None:
    browser = Client()
    response = browser.get(make_sign_in_link(Member.objects.get(), printed=True))
    assert response["Location"].startswith("/accounts/2fa/")
    assert not is_in(browser)


def test_it_lets_in_with_a_recovery_code_once(secret: str) -> None:
    recovery = Authenticator.objects.get(type="recovery_codes").wrap().get_unused_codes()[0]
    for works in (True, False):
        browser = Client()
        browser.get(make_sign_in_link(Member.objects.get(), printed=True))
        browser.post("/accounts/2fa/authenticate/", {"code": recovery})
        assert is_in(browser) is works


@pytest.mark.django_db(transaction=True)
def test_it_writes_down_that_factors_came(secret: str) -> None:
    events = Event.objects.filter(kind="member.factor_added")
    assert {event.data["factor"] for event in events} == {"totp", "recovery_codes"}


def test_it_keeps_the_secret_encrypted(secret: str) -> None:
    kept = Authenticator.objects.get(type="totp")
    assert secret not in str(kept.data)
    assert SecondFactorAdapter().decrypt(kept.data["secret"]) == secret


def test_it_shows_every_page_about_factors(secret: str) -> None:
    browser = Client()
    browser.get(make_sign_in_link(Member.objects.get(), printed=True))
    recovery = Authenticator.objects.get(type="recovery_codes").wrap().get_unused_codes()[0]
    browser.post("/accounts/2fa/authenticate/", {"code": recovery})
    for page in (
        "",
        "totp/deactivate/",
        "recovery-codes/",
        "recovery-codes/generate/",
        "recovery-codes/download/",
        "webauthn/",
        "webauthn/add/",
    ):
        response = browser.get(f"/accounts/2fa/{page}")
        assert response.status_code in {200, 302}, page
        if response.status_code == 302:
            assert browser.get(response["Location"]).status_code == 200, page
