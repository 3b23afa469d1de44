"""Address and password: in, out, throttled, and the same for everybody."""

from collections.abc import Callable

import pytest
from django.test import Client

from sori.journal.models import Event
from sori.staff import services
from sori.staff.models import Member

pytestmark = pytest.mark.django_db
Make = Callable[..., Member]


def sign_in(browser: Client, email: str, password: str, **headers: str) -> int:
    form = {"login": email, "password": password}
    return browser.post("/accounts/login/", form, headers=headers).status_code


def is_in(browser: Client) -> bool:
    return browser.get("/members/me/").status_code == 200


def test_it_lets_a_member_in_and_writes_it_down(make_member: Make) -> None:
    member, browser = make_member(), Client()
    assert sign_in(browser, "Agent@Example.com", "moc.elpmaxe@tnega") == 302
    assert is_in(browser)
    assert Event.objects.get(kind="member.signed_in").member == member


def test_it_changes_the_session_when_somebody_signs_in(make_member: Make) -> None:
    make_member()
    browser = Client()
    session = browser.session
    session["planted"] = "yes"
    session.save()
    before = session.session_key
    browser.cookies["sori_session"] = before
    sign_in(browser, "agent@example.com", "moc.elpmaxe@tnega")
    assert is_in(browser)
    assert browser.session.session_key != before


def test_it_says_the_same_about_a_wrong_password_and_a_stranger(make_member: Make) -> None:
    make_member()
    pages = []
    for email in ("agent@example.com", "nobody@example.com"):
        browser = Client()
        response = browser.post("/accounts/login/", {"login": email, "password": "wrong wrong"})
        token = browser.cookies["sori_csrf"].value
        page = response.content.decode().replace(email, "ADDRESS").replace(token, "TOKEN")
        pages.append((response.status_code, without_tokens(page)))
    assert pages[0] == pages[1]


def without_tokens(page: str) -> str:
    import re

    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", page)


def test_it_writes_failed_tries_down_without_the_address(make_member: Make) -> None:
    member = make_member()
    sign_in(Client(), "agent@example.com", "wrong wrong")
    sign_in(Client(), "nobody@example.com", "wrong wrong")
    known, unknown = Event.objects.filter(kind="member.sign_in_failed")
    assert known.about == f"member:{member.pk}"
    assert unknown.about == "member:unknown"
    assert "nobody@example.com" not in str(unknown.data)


def test_it_stops_listening_after_five_wrong_passwords(make_member: Make) -> None:
    make_member()
    for _ in range(5):
        sign_in(Client(), "agent@example.com", "wrong wrong")
    browser = Client()
    sign_in(browser, "agent@example.com", "moc.elpmaxe@tnega")
    assert not is_in(browser)


def test_it_counts_an_address_however_it_says_it_came(make_member: Make) -> None:
    for number in range(10):
        forged = {"X-Forwarded-For": f"203.0.113.{number}"}
        sign_in(Client(), f"nobody{number}@example.com", "wrong wrong", **forged)
    make_member()
    browser = Client()
    forged = {"X-Forwarded-For": "203.0.113.99"}
    sign_in(browser, "agent@example.com", "moc.elpmaxe@tnega", **forged)
    assert not is_in(browser)


def test_it_asks_nobody_in_who_is_deactivated(make_member: Make, admin: Member) -> None:
    member = make_member()
    services.deactivate(subject=member, member=admin)
    browser = Client()
    sign_in(browser, "agent@example.com", "moc.elpmaxe@tnega")
    assert not is_in(browser)


@pytest.mark.parametrize("next_page", ["https://evil.example/", "//evil.example/", "javascript:1"])
def test_it_leads_nowhere_else_after_signing_in(next_page: str, make_member: Make) -> None:
    make_member()
    form = {"login": "agent@example.com", "password": "moc.elpmaxe@tnega", "next": next_page}
    response = Client().post("/accounts/login/", form)
    assert response["Location"] == "/"


def test_it_has_no_sign_up() -> None:
    form = {"email": "me@example.com", "password1": "long enough 12"}
    assert Client().post("/accounts/signup/", form).status_code == 404
    assert not Member.objects.exists()
