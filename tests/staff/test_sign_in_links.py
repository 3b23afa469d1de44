"""Sign-in links: once, soon, hashed, and silent about who is a member."""

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.db import connection, connections
from django.test import Client
from django.utils import timezone

from sori.journal.models import Event
from sori.staff import links, services
from sori.staff.models import Member, Role, SignInLink

pytestmark = pytest.mark.django_db
Make = Callable[..., Member]


def token_of(path: str) -> str:
    return path.rstrip("/").rpartition("/")[2]


def wait_for_post() -> None:
    """The mails are sent by one thread, in order; it lets go of the test database."""
    links._post.submit(connections.close_all).result(timeout=10)


def is_in(browser: Client) -> bool:
    return browser.get("/members/me/").status_code == 200


def test_it_keeps_a_hash_and_never_the_token(make_member: Make) -> None:
    token = token_of(links.make_sign_in_link(make_member()))
    kept = SignInLink.objects.get()
    assert len(token) >= 43
    assert token not in str(vars(kept))
    assert token not in str(list(Event.objects.values_list("data", "about")))


def test_it_waits_for_a_click_when_it_was_mailed(make_member: Make) -> None:
    path, browser = links.make_sign_in_link(make_member()), Client()
    for _ in range(2):
        assert browser.get(path).status_code == 200
        assert browser.head(path).status_code == 200
    assert not is_in(browser)
    assert browser.post(path).status_code == 302
    assert is_in(browser)


def test_it_works_at_once_when_it_was_printed(make_member: Make) -> None:
    path, browser = links.make_sign_in_link(make_member(), printed=True), Client()
    assert browser.head(path).status_code == 200
    assert browser.get(path).status_code == 302
    assert is_in(browser)


def test_it_works_once(make_member: Make) -> None:
    path = links.make_sign_in_link(make_member())
    assert Client().post(path).status_code == 302
    second = Client()
    assert second.post(path).status_code == 410
    assert not is_in(second)


@pytest.mark.django_db(transaction=True)
def test_it_works_once_when_ten_try_at_the_same_moment(make_member: Make) -> None:
    token = token_of(links.make_sign_in_link(make_member()))

    def use(_: int) -> bool:
        try:
            return links.use_sign_in_link(token=token) is not None
        finally:
            connection.close()

    with ThreadPoolExecutor(10) as threads:
        assert sum(threads.map(use, range(10))) == 1


def test_it_is_over_after_fifteen_minutes(make_member: Make) -> None:
    with time_machine.travel(timezone.now(), tick=False) as clock:
        early = token_of(links.make_sign_in_link(make_member()))
        late = token_of(links.make_sign_in_link(Member.objects.get()))
        clock.shift(timedelta(minutes=14, seconds=59))
        assert links.use_sign_in_link(token=early)
        clock.shift(timedelta(seconds=1))
        assert links.use_sign_in_link(token=late) is None


@pytest.mark.parametrize("token", ["none", "a" * 43, "%00", "' or 1=1 --", "가나다", "."])
def test_it_refuses_what_was_made_up(token: str, make_member: Make) -> None:
    make_member()
    SignInLink.objects.create(
        member=Member.objects.get(), digest="", expires_at=timezone.now() + timedelta(days=1)
    )
    assert Client().post(f"/accounts/link/{token}/").status_code == 410
    assert links.use_sign_in_link(token="") is None


def test_it_proves_the_address_only_when_it_was_mailed(make_member: Make) -> None:
    member = make_member()
    links.use_sign_in_link(token=token_of(links.make_sign_in_link(member, printed=True)))
    member.refresh_from_db()
    assert member.email_proved_at is None
    links.use_sign_in_link(token=token_of(links.make_sign_in_link(member)))
    member.refresh_from_db()
    assert member.email_proved_at is not None


@pytest.mark.django_db(transaction=True)
def test_it_mails_members_and_says_the_same_to_strangers(make_member: Make) -> None:
    make_member()
    pages = []
    for address in ("agent@example.com", "nobody@example.com"):
        response = Client().post("/accounts/link/", {"email": address})
        page = re.sub(r'value="\w{64}"', "", response.content.decode())
        pages.append((response.status_code, page.replace(address, "ADDRESS")))
    wait_for_post()
    assert pages[0] == pages[1]
    (sent,) = mail.outbox
    assert sent.to == ["agent@example.com"]
    path = re.search(r"http://testserver(/accounts/link/[\w-]+/)", sent.body)
    assert path
    browser = Client()
    browser.post(path[1])
    assert is_in(browser)


@pytest.mark.django_db(transaction=True)
def test_it_mails_in_the_language_of_the_member(make_member: Make) -> None:
    member = make_member()
    services.change_profile(member=member, name="김", about_line="", language="en", theme="")
    Client().post("/accounts/link/", {"email": member.email}, headers={"Accept-Language": "ko"})
    wait_for_post()
    assert mail.outbox[0].body.startswith("Hello 김")


def test_it_mails_no_more_than_three_in_a_quarter_of_an_hour(make_member: Make) -> None:
    make_member()
    answers = [
        Client().post("/accounts/link/", {"email": "agent@example.com"}).status_code
        for _ in range(4)
    ]
    assert answers == [200, 200, 200, 429]
    wait_for_post()


def test_it_prints_the_right_entrance(make_member: Make) -> None:
    assert services.entrance(demo=True).startswith("/welcome/")
    make_member(Role.AGENT)
    assert services.entrance(demo=True) == "/accounts/login/"
    make_member(Role.ADMIN)
    assert services.entrance(demo=False) == "/accounts/login/"
    browser = Client()
    browser.get(services.entrance(demo=True))
    assert is_in(browser)
