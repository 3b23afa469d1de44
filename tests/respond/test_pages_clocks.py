"""The pages of clocks: policies and working hours are written, previewed, and refused in words."""

import re
from datetime import datetime, timedelta

import pytest
import time_machine
from django.test import Client

from desk import letter, member, now, only_case, opened, post, say, source
from sori.respond.clock_models import Calendar, Policy, Promise
from sori.respond.models import Decision, Message
from sori.staff.models import Role
from working_hours import office, policy, seoul

pytestmark = pytest.mark.django_db
HOURS = {
    "name": "고객센터",
    "zone": "Asia/Seoul",
    **dict.fromkeys(("monday", "tuesday", "wednesday", "thursday"), "09:00-12:00, 13:00-18:00"),
    "friday": "09:00-18:00",
    "country": "KR",
    "days": "2026-12-31 09:00-12:00",
}
AIMS = {"first_due": "1:00", "first_limit": "2:00", "next_due": "4", "next_limit": ""}


@pytest.fixture
def browser() -> Client:
    made = Client(headers={"Accept-Language": "en"})
    made.force_login(member("팀장", Role.SUPERVISOR))
    return made


def test_working_hours_are_written_and_changed(browser):
    assert browser.post("/clocks/hours/new/", HOURS).status_code == 302
    row = Calendar.objects.get()
    assert row.week[0] == [[540, 720], [780, 1080]]
    assert row.days == [["2026-12-31", [[540, 720]]]]

    page = browser.get(f"/clocks/hours/{row.pk}/").content.decode()
    assert "09:00-12:00, 13:00-18:00" in page
    assert "2026-12-31 09:00-12:00" in page

    browser.post(f"/clocks/hours/{row.pk}/", HOURS | {"friday": ""})
    assert browser.get(f"/clocks/hours/{row.pk}/").status_code == 404
    assert Calendar.objects.get(retired_at=None).week[4] == []


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"monday": "nine to six"}, "nine to six"),
        ({"zone": "Asia/Nowhere"}, "no such time zone"),
        ({"days": "someday"}, "someday"),
        (dict.fromkeys(("monday", "tuesday", "wednesday", "thursday", "friday"), ""), "once a"),
    ],
)
def test_working_hours_are_refused_in_words(browser, wrong, words):
    answer = browser.post("/clocks/hours/new/", HOURS | wrong)

    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not Calendar.objects.exists()


def test_a_policy_is_written_and_shown(browser):
    calendar = office()
    said = AIMS | {"name": "불만", "kind": "complaint", "calendar": calendar.pk, "active": "on"}

    assert browser.post("/clocks/policies/new/", said).status_code == 302

    row = Policy.objects.get()
    assert (row.first_due, row.first_limit, row.next_due, row.next_limit) == (60, 120, 240, 240)
    assert row.resolution_due is None
    assert "불만" in browser.get("/clocks/").content.decode()
    assert 'value="4:00"' in browser.get(f"/clocks/policies/{row.pk}/").content.decode()
    policy("둘째")
    browser.post(f"/clocks/policies/{Policy.objects.last().pk}/up/")
    assert [one.name for one in Policy.objects.all()] == ["둘째", "불만"]


@pytest.mark.parametrize(
    "wrong",
    [{"first_due": "soon"}, {"first_due": "0"}, {"first_due": "1:75"}, {"first_limit": "0:30"}],
)
def test_a_policy_is_refused_in_words(browser, wrong):
    answer = browser.post("/clocks/policies/new/", AIMS | {"name": "x"} | wrong)

    assert answer.status_code == 422
    assert 'role="alert"' in answer.content.decode()
    assert not Policy.objects.exists()


def test_it_shows_what_a_policy_would_mean(browser):
    calendar = office()

    with time_machine.travel(seoul("2026-11-25 12:00")):
        browser.force_login(member("팀장", Role.SUPERVISOR))
        said = AIMS | {"calendar": calendar.pk}
        page = browser.post("/clocks/policies/preview/", said).content.decode()
        public = browser.post("/clocks/policies/preview/", said | {"addressed": "nobody"})
        hours = browser.post("/clocks/hours/preview/", HOURS).content.decode()

    assert "Friday, November 27 5:40 PM: due Monday, November 30 9:40 AM" in page
    # the eve of Christmas
    assert "Thursday, December 24 5:40 PM: due Monday, December 28 9:40 AM" in page
    assert "Friday, November 27 5:40 PM: due Friday, November 27 6:40 PM" in public.content.decode()
    assert "due Monday, November 30 9:40 AM" in hours
    assert browser.post("/clocks/policies/preview/", {"first_due": "?"}).status_code == 200
    assert browser.post("/clocks/hours/preview/", {}).status_code == 200


def test_it_acknowledges_with_a_click(lake, oracle):
    say(lake, letter(oracle))
    asked, case = Message.objects.get(), only_case().pk
    browser = Client(headers={"Accept-Language": "en"})
    browser.force_login(member("이서연"))

    page = browser.get(f"/inbox/{case}/").content.decode()
    dialog = page[page.index('<dialog id="acknowledge"') :]
    # the first of the times comes last, and stays
    fields = dict(re.findall(r'name="(answers|token|due_at)" value="([^"]*)"', dialog)[::-1])
    answer = browser.post(f"/inbox/{case}/acknowledge/", fields)

    assert answer.status_code == 302
    made = Promise.objects.get()
    assert made.text in dialog
    assert made.due_at == datetime.fromisoformat(fields["due_at"])
    assert made.due_at - asked.at > timedelta(hours=1)
    wrong = browser.post(f"/inbox/{case}/acknowledge/", fields | {"due_at": "5"})
    assert wrong.status_code == 404


def test_it_shows_how_long_the_world_has_heard_nothing(lake):
    at = now() - timedelta(hours=5)
    say(lake, post(source(keep="all"), answer=True, published_at=at, heard_at=at))
    browser = Client(headers={"Accept-Language": "en"})
    browser.force_login(member())

    page = browser.get(f"/inbox/{only_case().pk}/").content.decode()

    assert "Silent in public for 5 hr" in page
    assert "First response over by 4 hr" in page


def test_resolving_asks_for_a_signature_while_somebody_waits(lake):
    case = opened(lake).conversation.case_id
    browser = Client(headers={"Accept-Language": "en"})
    browser.force_login(member())

    page = browser.get(f"/inbox/{case}/").content.decode()
    assert 'data-dialog="no-answer" data-key="KeyE"' in page
    assert "Somebody waits for our words" in page

    browser.post(f"/inbox/{case}/no-answer/", {"reason": "other", "words": ""})
    assert not Decision.objects.exists()
    browser.post(f"/inbox/{case}/no-answer/", {"reason": "not_about_us"})
    assert Decision.objects.get().reason == "not_about_us"
    assert "Not about us" in browser.get(f"/inbox/{case}/").content.decode()
