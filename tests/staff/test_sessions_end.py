"""Sessions end with what they were made of: the password, the member's being here."""

from collections.abc import Callable

import pytest
from django.test import Client

from sori.staff import services
from sori.staff.links import make_sign_in_link, use_sign_in_link
from sori.staff.models import Member

pytestmark = pytest.mark.django_db
Make = Callable[..., Member]


@pytest.fixture
def two(make_member: Make) -> tuple[Member, Client, Client]:
    """One member on two devices."""
    member, devices = make_member(), (Client(), Client())
    for device in devices:
        form = {"login": "agent@example.com", "password": "moc.elpmaxe@tnega"}
        device.post("/accounts/login/", form)
    return member, *devices


def test_it_ends_all_others_when_the_password_changes(two: tuple[Member, Client, Client]) -> None:
    _, here, there = two
    confirm = here.get("/members/me/password/")["Location"]
    here.post(confirm, {"password": "moc.elpmaxe@tnega"})
    new = {"new_password1": "a quiet new one", "new_password2": "a quiet new one"}
    assert here.post("/members/me/password/", new)["Location"] == "/members/me/"
    assert here.get("/members/me/").status_code == 200
    assert there.get("/members/me/").status_code == 302


def test_it_asks_for_the_old_password_before_a_new_one(two: tuple[Member, Client, Client]) -> None:
    member, here, _ = two
    new = {"new_password1": "a quiet new one", "new_password2": "a quiet new one"}
    response = here.post("/members/me/password/", new)
    assert response["Location"].startswith("/accounts/reauthenticate/")
    member.refresh_from_db()
    assert member.check_password("moc.elpmaxe@tnega")


def test_it_ends_all_when_the_member_is_deactivated(
    two: tuple[Member, Client, Client], admin: Member
) -> None:
    member, here, there = two
    services.deactivate(subject=member, member=admin)
    assert here.get("/members/me/").status_code == 302
    services.activate(subject=member, member=admin)
    assert there.get("/members/me/").status_code == 302


def test_it_ends_open_links_too(two: tuple[Member, Client, Client], admin: Member) -> None:
    member, _, _ = two
    token = make_sign_in_link(member).rstrip("/").rpartition("/")[2]
    services.change_password(member=member, password="a quiet new one")
    assert use_sign_in_link(token=token) is None
    token = make_sign_in_link(member).rstrip("/").rpartition("/")[2]
    services.deactivate(subject=member, member=admin)
    services.activate(subject=member, member=admin)
    assert use_sign_in_link(token=token) is None
