"""A customer who wrote twice, merged and taken apart again, in a real Chromium."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from desk import letter, member, post, say, source
from sori.lake.store import Lake
from sori.people.models import Identity, Person, Purchase
from sori.respond import services
from sori.respond.models import Case, Message
from sori.respond.selectors import case_row
from sori.staff.models import Role

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def fill(lake: Lake) -> tuple[Person, Person]:
    """Kim wrote a mail, and filled in the form with the same address."""
    place, now = source(), timezone.now()
    said = {"kind": "complaint", "sentiment": "negative", "urgency": 1}
    say(lake, letter(place, "주문한 의자가 아직도 안 왔어요. 확인 부탁드립니다.", **said))
    question = Message.objects.get()
    who = member("이서연")
    services.write_note(case=question.conversation.case_id, member=who, body="창고에 확인 중")
    services.remember_answer(
        answers=question.pk, member=who, body="내일 도착합니다.", at=timezone.now()
    )
    for months, mood in ((2, "positive"), (4, "negative"), (5, "neutral")):
        at = now - timedelta(days=30 * months)
        say(lake, letter(place, "지난번에는 잘 받았습니다.", sentiment=mood, kind="praise",
                         published_at=at, heard_at=at))  # fmt: skip
    say(lake, post(place, "의자 기다리는 중입니다", author_id="kim@customer.example",
                   channel="email", followers=5210, **said))  # fmt: skip
    say(lake, letter(place, "양식으로도 문의드려요.", channel="webform", author_name="김하은",
                     title="재문의", kind="question"))  # fmt: skip
    Purchase.objects.create(
        number="A-1024", mail="kim@customer.example", title="의자", amount=129000, day=now.date()
    )
    Identity.objects.filter(channel="email").update(verified=True)
    mail = Identity.objects.get(channel="email").person
    Person.objects.filter(pk=mail.pk).update(segment="customer", value=1200000)
    return mail, Identity.objects.get(channel="webform").person


def standing(case: Case) -> dict[str, Any]:
    """The case as the list shows it, without what changes by the minute."""
    row = case_row(case.pk, member=0)
    assert row is not None
    return {name: value for name, value in row.items() if name != "clock"}


def test_a_customer_is_merged_and_taken_apart_again(
    lake: Lake, visit: Callable[..., Page], keep: Callable[[Page, str], None]
):
    mail, form = fill(lake)
    case = Case.objects.filter(person=mail).latest("pk")
    before = standing(case)
    page = visit(member(role=Role.SUPERVISOR), f"/inbox/{case.pk}/")

    page.locator("#customer .person a").click()
    expect(page.locator("h1")).to_have_text("김하은")
    card = page.locator(".suggestion")
    expect(card).to_contain_text("같은 고객일까요?")
    expect(card).to_contain_text("kim@customer.example")
    keep(page, "person")
    card.get_by_role("button", name="합치기").click()

    expect(page.locator("#timeline")).to_contain_text("양식으로도 문의드려요.")
    expect(page.locator(".suggestion")).to_have_count(0)
    assert Person.objects.get(pk=form.pk).merged_into_id == mail.pk

    other = Case.objects.get(person=form)
    page.goto(f"/inbox/{other.pk}/")
    page.locator("#customer .person a").click()
    expect(page).to_have_url(f"{page.url.split('/people/')[0]}/people/{mail.pk}/")
    page.get_by_role("button", name="다시 나누기").click()

    expect(page.locator("#timeline")).not_to_contain_text("양식으로도 문의드려요.")
    assert Person.objects.get(pk=form.pk).merged_into_id is None
    assert standing(case) == before

    page.locator(".suggestion").get_by_role("button", name="다른 사람").click()
    expect(page.locator(".suggestion")).to_have_count(0)
