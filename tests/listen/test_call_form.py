"""Write down a call: who it was, safe before we say so, and where it went."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from django.utils.formats import localize_input

from desk import letter, member, say, signed_in
from desk import source as mailbox
from sori import flow
from sori.lake.store import Lake
from sori.listen.models import Intake, Source
from sori.listen.services import add_source
from sori.people import profile
from sori.people.models import Identity, Person
from sori.respond.models import Case, Message
from sori.respond.receiving import receive
from sori.staff.models import Role

pytestmark = pytest.mark.django_db

FORM = "/calls/new/"
SAID = "환불이 아직 안 됐어요. 언제 되나요?"


@pytest.fixture
def place(lake: Lake) -> Source:
    return add_source(name="전화", channel="calllog", settings={})


def sheet(browser: Client, address: str = FORM, **fields: object) -> dict[str, object]:
    """What the page's own form would send."""
    page = browser.get(address).content.decode()
    given = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page))
    given.pop("csrfmiddlewaretoken", None)
    at = localize_input(timezone.localtime() - timedelta(minutes=1), "%Y-%m-%dT%H:%M")
    return {**given, "way": "phone", "text": SAID, "at": at, **fields}


def heard(lake: Lake) -> None:
    """Let what was written down come in by the door that everything comes in by."""
    flow.turn(Source.objects.get(channel="calllog"))
    receive(lake)


def test_it_becomes_a_case_of_the_person_with_this_number(lake: Lake, place: Source):
    browser = signed_in()
    answer = browser.post(FORM, sheet(browser, phone="010-1234-5678", name="김하은", minutes="3"))
    heard(lake)

    assert answer.status_code == 302
    [case] = Case.objects.all()
    assert (case.channel, case.person.name) == ("calllog", "김하은")
    assert Identity.objects.get().external_id == "01012345678"
    page = browser.get(answer["Location"]).content.decode()
    [where] = re.findall(r'hx-get="(/inbox/became/[^"]+)"', page)
    assert f'href="/inbox/{case.pk}/"' in browser.get(where).content.decode()


@pytest.mark.parametrize(("language", "word"), [("ko", "전화·방문"), ("en", "Call or visit")])
def test_the_case_shows_its_channel(lake: Lake, place: Source, language: str, word: str):
    browser = signed_in()
    browser.post(FORM, sheet(browser, phone="010-1234-5678"))
    heard(lake)
    browser.defaults["HTTP_ACCEPT_LANGUAGE"] = language

    assert "#ch-calllog" in browser.get("/inbox/").content.decode()
    page = browser.get(f"/inbox/{Case.objects.get().pk}/").content.decode()

    assert word in page


def test_what_was_answered_on_the_spot_is_an_answer(lake: Lake, place: Source):
    who = member()
    browser = signed_in(who)
    browser.post(FORM, sheet(browser, phone="01012345678", answered="오늘 안에 환불됩니다"))
    heard(lake)
    receive(lake)

    answer = Message.objects.get(direction="out")
    assert (answer.body, answer.member, answer.state) == ("오늘 안에 환불됩니다", who, "sent")
    assert Case.objects.get().status == Case.Status.PENDING


def test_it_is_written_down_once_however_often_it_is_sent(lake: Lake, place: Source):
    browser = signed_in()
    said = sheet(browser, phone="01012345678")
    first, second = browser.post(FORM, said), browser.post(FORM, said)

    assert (first.status_code, second.status_code) == (302, 302)
    assert Intake.objects.count() == 1


def test_it_masks_what_somebody_dictated_before_it_is_written(lake: Lake, place: Source):
    browser = signed_in()
    number = "900101-1234567"
    browser.post(FORM, sheet(browser, text=f"주민번호 {number}", answered=f"{number} 확인함",
                             name=f"김 {number}"))  # fmt: skip

    kept = str(Intake.objects.get().body)
    assert "1234567" not in kept
    assert kept.count("******-*******") == 3


def test_whom_the_member_chose_is_who_spoke(lake: Lake, place: Source):
    say(lake, letter(mailbox()))
    person = Person.objects.get()
    browser = signed_in()
    browser.post(FORM, sheet(browser, phone="010-1234-5678", person=person.pk))
    heard(lake)

    assert {case.person for case in Case.objects.all()} == {person}
    account = Identity.objects.get(channel="calllog")
    assert (account.external_id, account.person, account.verified) == ("01012345678", person, True)


def test_a_number_that_is_somebody_elses_merges_nobody(lake: Lake, place: Source):
    browser = signed_in()
    browser.post(FORM, sheet(browser, phone="010-1234-5678", name="어머니"))
    heard(lake)
    say(lake, letter(mailbox()))
    child = Identity.objects.get(channel="email").person
    browser.post(FORM, sheet(browser, phone="010-1234-5678", person=child.pk))
    heard(lake)

    assert Identity.objects.get(external_id="01012345678").person.name == "어머니"
    assert Identity.objects.get(external_id=f"person-{child.pk}").person == child
    assert Case.objects.filter(person=child).count() == 2
    assert not Person.objects.exclude(merged_into=None).exists()


def test_somebody_who_was_merged_is_whom_they_were_merged_into(lake: Lake, place: Source):
    one, two = Person.objects.create(name="하나"), Person.objects.create(name="둘")
    Person.objects.filter(pk=two.pk).update(merged_into=one)
    browser = signed_in()
    browser.post(FORM, sheet(browser, person=two.pk))
    heard(lake)

    assert Case.objects.get().person == one


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"text": ""}, "required"),
        ({"phone": "abc"}, "no telephone number"),
        ({"at": "2999-01-01T10:00"}, "still to come"),
        ({"person": 987654321}, "not here any more"),
        ({"minutes": "-1"}, "greater than or equal"),
    ],
)
def test_what_cannot_be_is_said_and_nothing_typed_is_lost(
    lake: Lake, place: Source, fields: dict[str, object], words: str
):
    browser = signed_in()
    answer = browser.post(FORM, sheet(browser, answered="알겠습니다", **fields))

    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert "알겠습니다" in answer.content.decode()
    assert not Intake.objects.exists()


def test_people_are_found_by_number_name_mail_and_customer_number(lake: Lake, place: Source):
    say(lake, letter(mailbox()))
    say(lake, letter(mailbox(), author_id="lee@stays.example", author_name="이남이"))
    kim = Identity.objects.get(external_id="kim@customer.example").person
    who = member()
    for sort, value in (("phone", "010-1234-5678"), ("number", "C-77")):
        profile.add_identifier(person=kim.pk, member=who, sort=sort, value=value)
    browser = signed_in(who)

    for asked in ("phone=010 1234 5678", "phone=%2B82 10-1234-5678", "name=하은",
                  "name=kim@customer", "name=c-77"):  # fmt: skip
        found = browser.get(f"/calls/people/?{asked}").content.decode()
        assert "김하은" in found, asked
        assert "이남이" not in found, asked


@pytest.mark.parametrize("role", [Role.VIEWER, Role.CONTRIBUTOR, Role.AUDITOR])
def test_who_does_not_take_calls_searches_nobody(lake: Lake, place: Source, role: Role):
    browser = signed_in(member(role=role))

    assert browser.get("/calls/people/?name=김").status_code == 403
    assert browser.get(FORM).status_code == 403
    assert 'id="ringing"' not in browser.get("/").content.decode()


def test_without_a_place_for_calls_it_says_what_is_missing(lake: Lake):
    page = signed_in().get(FORM).content.decode()

    assert "No place for calls yet" in page
    assert "<textarea" not in page
