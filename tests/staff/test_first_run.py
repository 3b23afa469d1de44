"""The first run: only with the printed link, only once."""

import pytest
from django.test import Client
from django.urls import reverse

from sori.journal.models import Event
from sori.staff.links import welcome_path
from sori.staff.models import Member, Role

pytestmark = pytest.mark.django_db
FORM = {"name": "한지민", "email": "Jimin@example.com", "password": "the first long one"}


def test_it_makes_the_administrator_and_leads_to_the_first_source() -> None:
    browser = Client()
    assert browser.get(welcome_path()).status_code == 200
    response = browser.post(welcome_path(), FORM)
    assert response["Location"] == "/sources/new/"
    member = Member.objects.get()
    assert (member.email, member.role) == ("jimin@example.com", Role.ADMIN)
    assert browser.get("/members/").status_code == 200
    assert Event.objects.filter(kind="member.added", about=f"member:{member.pk}").exists()


def test_it_is_over_when_there_is_somebody() -> None:
    Client().post(welcome_path(), FORM)
    for answer in (Client().get(welcome_path()), Client().post(welcome_path(), FORM)):
        assert answer.status_code == 404
    assert Member.objects.count() == 1


@pytest.mark.parametrize("token", ["none", "0" * 64, "가"])
def test_it_is_open_to_nobody_without_the_link(token: str) -> None:
    path = reverse("welcome", kwargs={"token": token})
    assert Client().get(path).status_code == 404
    assert Client().post(path, FORM).status_code == 404
    assert not Member.objects.exists()


def test_it_cannot_be_guessed_by_trying() -> None:
    answers = [Client().post(f"/welcome/{number}/").status_code for number in range(21)]
    assert answers[-1] == 429


@pytest.mark.parametrize(
    "password", ["short", "1234567890123", "password1234", "jimin@example.com"]
)
def test_it_refuses_a_weak_password(password: str) -> None:
    answer = Client().post(welcome_path(), FORM | {"password": password})
    assert answer.status_code == 422
    assert not Member.objects.exists()
