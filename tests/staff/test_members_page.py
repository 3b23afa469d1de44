"""Members: invited, changed, shut out, and themselves."""

import re
from collections.abc import Callable

import pytest
from django.core import mail
from django.test import Client
from pytest_django import Settings

from sori.journal.models import Event
from sori.staff.models import Department, Member, Role
from sori.web.environment import Mail

pytestmark = pytest.mark.django_db
Make = Callable[..., Member]
SEOYEON = {"email": "Seoyeon@example.com", "name": "이서연", "role": "agent", "department": "지원"}


def test_it_shows_the_link_once_when_the_site_cannot_mail(browser: Client, admin: Member) -> None:
    page = browser.post("/members/", SEOYEON).content.decode()
    path = re.search(r"http://testserver(/accounts/link/[\w-]+/)", page)
    assert path
    guest = Client()
    guest.post(path[1])
    assert guest.get("/members/me/").status_code == 200
    member = Member.objects.get(email="seoyeon@example.com")
    assert member.department == Department.objects.get(name="지원")
    event = Event.objects.get(kind="member.added", about=f"member:{member.pk}")
    assert event.member == admin


def test_it_mails_the_invitation(browser: Client, settings: Settings) -> None:
    settings.MAIL = Mail("", host="mail.example.com")
    assert browser.post("/members/", SEOYEON)["Location"] == "/members/"
    (sent,) = mail.outbox
    assert sent.to == ["seoyeon@example.com"]
    assert "/accounts/link/" in sent.body


def test_it_invites_an_address_once(browser: Client) -> None:
    browser.post("/members/", SEOYEON)
    assert browser.post("/members/", SEOYEON).status_code == 422
    assert Member.objects.filter(email="seoyeon@example.com").count() == 1


def test_it_changes_role_and_department(browser: Client, make_member: Make) -> None:
    member = make_member()
    form = {"name": "이서연", "role": "supervisor", "department": "품질"}
    assert browser.post(f"/members/{member.pk}/", form).status_code == 302
    member.refresh_from_db()
    assert member.role == Role.SUPERVISOR
    assert member.department
    assert member.department.name == "품질"
    event = Event.objects.get(kind="member.changed")
    assert (event.data["role_before"], event.data["role"]) == ("agent", "supervisor")


def test_it_keeps_an_administrator(browser: Client, admin: Member) -> None:
    form = {"name": "나", "role": "agent", "department": ""}
    assert browser.post(f"/members/{admin.pk}/", form).status_code == 422
    browser.post(f"/members/{admin.pk}/deactivate/")
    admin.refresh_from_db()
    assert (admin.role, admin.is_active) == (Role.ADMIN, True)


def test_it_shuts_somebody_out_and_in_again(browser: Client, make_member: Make) -> None:
    member = make_member()
    for active in (False, True):
        browser.post(f"/members/{member.pk}/deactivate/")
        member.refresh_from_db()
        assert member.is_active is active
    assert not member.has_usable_password()
    kinds = set(Event.objects.filter(about=f"member:{member.pk}").values_list("kind", flat=True))
    assert {"member.deactivated", "member.activated"} <= kinds


def test_it_takes_no_role_from_a_profile_form(make_member: Make) -> None:
    member, browser = make_member(), Client()
    browser.force_login(member)
    form = {"name": "이서연", "about": "배송 담당", "language": "en", "theme": "dark"}
    browser.post(
        "/members/me/", form | {"role": "admin", "is_active": "", "email": "x@example.com"}
    )
    member.refresh_from_db()
    assert (member.role, member.email) == (Role.AGENT, "agent@example.com")
    assert (member.about, member.language, member.theme) == ("배송 담당", "en", "dark")
    page = browser.get("/members/me/").content.decode()
    assert '<html lang="en" data-theme="dark"' in page


def test_it_shows_names_as_text(browser: Client, make_member: Make) -> None:
    member = make_member()
    member.name = "<img src=x onerror=alert(1)>"
    member.save()
    for path in ("/members/", f"/members/{member.pk}/"):
        assert "<img src=x" not in browser.get(path).content.decode()
