"""A telephone system tells of calls: signed, fresh, once; and who is calling is on the screen."""

import hashlib
import hmac
import json
import time
from datetime import timedelta

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from desk import letter, member, say, signed_in
from desk import source as mailbox
from sori import flow
from sori.journal.models import Event
from sori.lake.store import Lake
from sori.listen import phone_views
from sori.listen.models import Intake, Ringing, Source
from sori.listen.services import add_source, pause
from sori.people import profile
from sori.people.models import Person
from sori.respond.models import Case, Message
from sori.respond.receiving import receive
from sori.staff.models import Role
from traces import erase, rows_with

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fresh_counts")]

SECRET = "a secret of the telephone system"
NUMBER = "010-9876-5432"
STARTED = {"event": "started", "call": "c-1", "number": NUMBER, "extension": "101"}
MISSED = {"event": "ended", "call": "c-1", "number": NUMBER, "answered": False, "seconds": 0}


@pytest.fixture
def place(lake: Lake) -> Source:
    return add_source(name="phone", channel="calllog", settings={"secret": SECRET})


def tell(place: Source, event: object, *, secret: str = SECRET, age: int = 0) -> HttpResponse:
    body = event if isinstance(event, bytes) else json.dumps(event).encode()
    at = int(time.time()) - age
    digest = hmac.new(secret.encode(), f"{at}.".encode() + body, hashlib.sha256).hexdigest()
    headers = {"X-Sori-Signature": f"t={at},v1={digest}"}
    address = f"/calls/arrived/{place.slug}/"
    return Client().post(address, body, content_type="application/json", headers=headers)


def screen(browser: Client) -> str:
    return browser.get("/calls/ringing/").content.decode()


def test_who_is_calling_is_on_the_screen_until_the_call_is_over(place: Source):
    person = Person.objects.create(name="김하은")
    who = member()
    profile.add_identifier(person=person.pk, member=who, sort="phone", value=NUMBER)
    browser = signed_in(who)
    assert tell(place, STARTED).status_code == 202

    shown = screen(browser)
    assert f'href="/people/{person.pk}/"' in shown
    assert f"call=c-1&amp;phone=01098765432&amp;person={person.pk}" in shown
    assert tell(place, STARTED | {"event": "ended", "seconds": 60}).status_code == 202
    assert screen(browser).strip() == ""
    assert not Intake.objects.exists(), "what was said is written down by who talked"


def test_it_wakes_the_screens_without_saying_who(place: Source):
    tell(place, STARTED)
    tell(place, STARTED)

    [event] = Event.objects.filter(kind="call.rang")
    assert "9876" not in str(event.data)


def test_a_call_to_the_telephone_of_a_member_rings_there_only(place: Source):
    mine, other = signed_in(member()), signed_in(yours := member())
    Source.objects.update(settings=place.settings | {"extensions": [f"101={yours.email}"]})
    tell(place, STARTED)

    assert screen(mine).strip() == ""
    assert "01098765432" in screen(other)


def test_a_call_that_never_ends_stops_ringing(place: Source):
    tell(place, STARTED)
    Ringing.objects.update(started_at=timezone.now() - timedelta(minutes=3))

    assert screen(signed_in()).strip() == ""


def test_events_in_the_wrong_order_do_not_ring(place: Source):
    tell(place, MISSED)
    tell(place, STARTED)

    assert screen(signed_in()).strip() == ""


def test_a_missed_call_is_a_case(lake: Lake, place: Source):
    assert [tell(place, MISSED).status_code for _ in range(3)] == [202, 202, 202]
    assert Intake.objects.count() == 1
    flow.turn(Source.objects.get())
    receive(lake)

    message = Message.objects.get()
    assert message.body == "부재중 전화"
    assert message.conversation.identity.external_id == "01098765432"


def test_notes_of_the_system_are_what_was_said_with_personal_numbers_masked(place: Source):
    note = {"answered": True, "notes": "주민번호 900101-1234567 확인, 환불 문의"}
    tell(place, MISSED | note)

    body = Intake.objects.get().body
    assert body["text"] == "주민번호 ******-******* 확인, 환불 문의"
    assert "recording" not in str(body)


@pytest.mark.parametrize(
    ("event", "how", "status"),
    [
        (STARTED, {"secret": "another"}, 401),
        (STARTED, {"secret": ""}, 401),
        (STARTED, {"age": phone_views.OLDEST + 5}, 401),
        (STARTED, {"age": -phone_views.OLDEST - 5}, 401),
        (b"x" * (phone_views.LARGEST + 1), {}, 413),
        (b"{", {}, 422),
        ({"event": "exploded", "call": "c"}, {}, 422),
        ({"event": "started", "call": ""}, {}, 422),
    ],
)
def test_what_is_forged_stale_too_large_or_odd_changes_nothing(
    place: Source, event: object, how: dict[str, object], status: int
):
    assert tell(place, event, **how).status_code == status  # type: ignore[arg-type]
    assert not Ringing.objects.exists()
    assert not Intake.objects.exists()


def test_a_source_without_a_secret_takes_nothing(lake: Lake):
    bare = add_source(name="bare", channel="calllog", settings={})

    assert tell(bare, STARTED, secret="").status_code == 401


def test_a_paused_source_and_one_that_is_no_telephone_are_not_there(place: Source):
    pause(source=place, member=None)

    assert tell(place, STARTED).status_code == 404
    assert tell(mailbox(), STARTED).status_code == 404


def test_too_many_events_are_held_back(place: Source, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(phone_views, "MOST_AN_HOUR", 2)

    found = [tell(place, STARTED | {"call": f"c-{number}"}).status_code for number in range(3)]
    assert found == [202, 202, 429]


def test_a_new_secret_is_shown_once_and_makes_the_old_one_void(place: Source):
    browser = signed_in(member(role=Role.ADMIN))
    page = browser.post(f"/sources/{place.pk}/secret/").content.decode()
    made = page.split('<code id="secret">')[1].split("<")[0]

    assert tell(place, STARTED).status_code == 401
    assert tell(place, STARTED, secret=made).status_code == 202
    assert made not in browser.get(f"/sources/{place.pk}/").content.decode()
    assert made not in browser.get(f"/sources/{place.pk}/settings/").content.decode()
    assert made not in str(list(Source.objects.values()))


def test_the_words_about_a_call_and_the_missed_call_stand_in_one_case(lake: Lake, place: Source):
    tell(place, MISSED | {"notes": "환불이 안 됐대요"})
    browser = signed_in()
    at = timezone.localtime().strftime("%Y-%m-%dT%H:%M")
    said = {"key": "0" * 32, "call": "c-1", "source": place.pk, "way": "phone", "phone": NUMBER,
            "text": "환불이 아직 안 됐다고 하심", "at": at}  # fmt: skip
    assert browser.post("/calls/new/", said).status_code == 302
    flow.turn(Source.objects.get())
    receive(lake)

    assert Message.objects.count() == 2
    assert Case.objects.count() == 1


def test_who_is_forgotten_is_in_no_call_either(lake: Lake, place: Source):
    tell(place, STARTED | {"call": "c-7"})
    tell(place, MISSED | {"notes": "보라고래 환불 문의"})
    say(lake, letter(mailbox()))
    flow.turn(place)
    receive(lake)
    tell(place, MISSED | {"call": "c-8", "notes": "보라고래 다시"})
    secrets = ("01098765432", "보라고래")
    assert {"Ringing", "Intake", "Message", "Identity"} <= set(rows_with(*secrets))
    person = Message.objects.get(body__contains="보라고래").conversation.identity.person

    erasure = erase(person)

    assert erasure.finished_at is not None
    assert rows_with(*secrets) == []
    assert Case.objects.count() == 1
