"""Members who have no password prove who they are by the link that they came with, or a new one."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.db import connections
from django.test import Client
from django.utils import timezone

from sori.staff import links
from sori.staff.models import Member

pytestmark = pytest.mark.django_db
NEW = {"new_password1": "a quiet new one", "new_password2": "a quiet new one"}
PAGE = "/members/me/password/"


@pytest.fixture
def invited(make_member: Callable[..., Member]) -> Member:
    """Somebody who was invited and has never set a password."""
    member = make_member()
    member.set_unusable_password()
    member.save()
    return member


def come(member: Member, browser: Client) -> None:
    assert browser.post(links.make_sign_in_link(member)).status_code == 302


def test_it_lets_them_set_a_password_and_a_second_factor_at_once(invited: Member) -> None:
    browser = Client()
    come(invited, browser)
    assert browser.get("/accounts/2fa/totp/activate/").status_code == 200
    assert browser.get(PAGE).status_code == 200
    assert browser.post(PAGE, NEW)["Location"] == "/members/me/"
    invited.refresh_from_db()
    assert invited.check_password("a quiet new one")


@pytest.mark.django_db(transaction=True)
def test_it_asks_for_a_new_link_later_and_leads_on(invited: Member) -> None:
    browser = Client()
    come(invited, browser)
    with time_machine.travel(timezone.now() + timedelta(minutes=6)):
        asked = browser.get(PAGE)["Location"]
        assert asked.startswith("/accounts/link/?next=")
        assert invited.email in browser.get(asked).content.decode()
        browser.post(asked, {"email": invited.email})
        links._post.submit(connections.close_all).result(timeout=10)
        path = re.search(r"/accounts/link/\S+/", str(mail.outbox[-1].body))
        assert path
        assert browser.post(path[0])["Location"] == PAGE
        assert browser.get(PAGE).status_code == 200


def test_it_leads_nobody_out_of_the_site(invited: Member) -> None:
    browser = Client()
    come(invited, browser)
    browser.post("/accounts/link/?next=https://evil.example/", {"email": invited.email})
    assert browser.post(links.make_sign_in_link(invited))["Location"] == "/"


def test_it_believes_no_link_of_somebody_with_a_password_for_longer(
    make_member: Callable[..., Member],
) -> None:
    browser = Client()
    come(make_member(), browser)
    assert browser.get(PAGE).status_code == 200
    with time_machine.travel(timezone.now() + timedelta(minutes=6)):
        assert browser.get(PAGE)["Location"].startswith("/accounts/reauthenticate/")
