"""The public form: a voice is safe before we say thank you, and programs get tired of it."""

import re

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client

from sori import flow
from sori.listen import form_views
from sori.listen.models import Intake, Source
from sori.listen.services import add_source, pause

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _fresh_counts() -> None:
    cache.clear()


@pytest.fixture
def source() -> Source:
    settings = {"heading": "무엇을 도와드릴까요?", "topics": ["배송", "환불"]}
    return add_source(name="문의", channel="webform", settings=settings)


def ticket(client: Client, source: Source) -> str:
    page = client.get(f"/form/{source.slug}/").content.decode()
    found = re.search(r'name="ticket" value="([^"]+)"', page)
    assert found, page
    return found[1]


def send(client: Client, source: Source, ticket: str, **fields: str):  # type: ignore[no-untyped-def]
    data = {"ticket": ticket, "text": "배송이 안 와요", "website": ""} | fields
    return client.post(f"/form/{source.slug}/", data)


def test_it_takes_a_voice_through_to_the_lake(client: Client, source: Source, lake: object):
    with time_machine.travel(0, tick=False) as clock:
        given = ticket(client, source)
        clock.shift(10)
        answer = send(client, source, given, name="김하은", topic="배송")

    assert answer.status_code == 200
    assert Intake.objects.get().body["text"] == "배송이 안 와요"
    assert flow.turn(Source.objects.get()) == 1


def test_it_masks_a_resident_number_before_it_is_written(
    client: Client, source: Source, lake: object
):
    with time_machine.travel(0, tick=False) as clock:
        given = ticket(client, source)
        clock.shift(10)
        send(client, source, given, text="제 주민번호는 900101-1234567 입니다")

    assert "1234567" not in str(Intake.objects.get().body)


def test_it_counts_a_double_click_once(client: Client, source: Source):
    with time_machine.travel(0, tick=False) as clock:
        given = ticket(client, source)
        clock.shift(10)
        first, second = send(client, source, given), send(client, source, given)

    assert (first.status_code, second.status_code) == (200, 200)
    assert Intake.objects.count() == 1


@pytest.mark.parametrize("seconds", [0, 1, form_views.LONGEST + 60])
def test_it_refuses_what_was_sent_too_quickly_or_too_late(
    client: Client, source: Source, seconds: int
):
    with time_machine.travel(0, tick=False) as clock:
        given = ticket(client, source)
        clock.shift(seconds)
        answer = send(client, source, given)

    assert answer.status_code == 422
    assert "배송이 안 와요" in answer.content.decode(), "what was written is not lost"
    assert not Intake.objects.exists()


def test_it_refuses_a_ticket_of_another_form(client: Client, source: Source):
    other = add_source(name="다른", channel="webform", settings={})
    with time_machine.travel(0, tick=False) as clock:
        given = ticket(client, other)
        clock.shift(10)
        assert send(client, source, given).status_code == 422
        assert send(client, source, "made up").status_code == 422


def test_it_thanks_a_program_and_forgets_what_it_said(client: Client, source: Source):
    with time_machine.travel(0, tick=False) as clock:
        given = ticket(client, source)
        clock.shift(10)
        answer = send(client, source, given, website="https://spam.example")

    assert answer.status_code == 200
    assert not Intake.objects.exists()


def test_it_has_enough_of_one_address_after_a_while(client: Client, source: Source):
    with time_machine.travel(0, tick=False) as clock:
        answers = []
        for _ in range(form_views.MOST_AN_HOUR + 1):
            given = ticket(client, source)
            clock.shift(10)
            answers.append(send(client, source, given).status_code)

    assert answers == [200] * form_views.MOST_AN_HOUR + [422]


def test_it_may_be_framed_by_other_sites_but_nothing_else_may(client: Client, source: Source):
    assert "frame-ancestors *" in client.get(f"/form/{source.slug}/")["Content-Security-Policy"]
    page = client.get("/accounts/login/")
    assert "frame-ancestors 'none'" in page["Content-Security-Policy"]


def test_it_offers_two_lines_to_embed(client: Client, source: Source):
    script = client.get(f"/form/{source.slug}/embed.js")

    assert script["Content-Type"].startswith("text/javascript")
    assert f"/form/{source.slug}/" in script.content.decode()


def test_it_is_gone_while_the_source_is_paused(client: Client, source: Source):
    pause(source=source, member=None)

    assert client.get(f"/form/{source.slug}/").status_code == 404
