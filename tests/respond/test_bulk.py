"""Many cases at once: each is done or refused for itself, and the member is told which."""

import json
from datetime import timedelta

import pytest
from django.utils import timezone

from desk import member, opened, signed_in
from sori.respond.models import Case, Clock
from sori.staff.models import Department, Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def cases(lake):
    """Three cases of three customers; nobody waits in the first two."""
    for number in range(3):
        opened(lake, author_id=f"customer{number}@x.kr")
    found = list(Case.objects.order_by("pk"))
    Clock.objects.filter(case__in=found[:2]).update(
        outcome=Clock.Outcome.MET, stopped_at=timezone.now()
    )
    return found


def do(deed, *cases, browser=None, who=None):
    """Returns what the member is told, and in which tone."""
    asked = {"case": [case.pk for case in cases], "deed": deed}
    response = (browser or signed_in(who)).post("/inbox/picked/", asked)
    assert response.status_code == 204
    told = json.loads(response["HX-Trigger"])
    assert told["live"] == {"target": "#again"}
    return told["toast"]["text"], told["toast"]["tone"]


def test_it_does_one_thing_to_many(cases):
    anna, place = member("안나"), Department.objects.create(name="물류")

    assert do("take", *cases, who=anna) == ("3 done.", "good")
    do(f"department:{place.pk}", *cases)
    do("status:on_hold", *cases)

    assert {(one.owner_id, one.department_id, one.status) for one in Case.objects.all()} == {
        (anna.pk, place.pk, "on_hold")
    }


def test_it_gives_them_to_somebody_or_to_nobody(cases):
    anna = member("안나")

    do(f"owner:{anna.pk}", *cases)
    do("owner:", cases[0])

    assert [one.owner_id for one in Case.objects.order_by("pk")] == [None, anna.pk, anna.pk]


def test_it_says_which_were_refused_and_why(cases):
    text, tone = do("resolve", *cases)

    assert tone == "bad"
    assert text.startswith(f"2 done, 1 not. #{cases[2].pk}: The customer is waiting")
    assert [one.status for one in Case.objects.order_by("pk")] == ["resolved", "resolved", "new"]


def test_it_puts_them_off(cases):
    until = timezone.now() + timedelta(hours=20)

    text, _ = do(f"snooze:{until.isoformat()}", *cases)

    assert text.startswith("2 done, 1 not")
    assert [one.snoozed_until for one in Case.objects.order_by("pk")] == [until, until, None]


@pytest.mark.parametrize(
    "deed", ["burn", "owner:99999999", "owner:x", "status:closed", "snooze:soon", "department:\0"]
)
def test_it_does_nothing_it_does_not_know(cases, deed):
    before = list(Case.objects.order_by("pk").values())
    assert do(deed, *cases)[1] == "bad"
    assert list(Case.objects.order_by("pk").values()) == before


def test_it_refuses_cases_that_are_not_there_and_more_than_a_person_picks(cases):
    browser = signed_in()
    for asked in ([], [10**9], ["x"], [cases[0].pk, 10**9]):
        response = browser.post("/inbox/picked/", {"case": asked, "deed": "take"})
        assert json.loads(response["HX-Trigger"])["toast"]["tone"] == "bad"
    assert not Case.objects.exclude(owner=None).exists()


def test_only_those_who_run_cases_see_it_and_may(cases):
    reader = signed_in(member(role=Role.CONTRIBUTOR))

    assert 'id="picked"' not in reader.get("/inbox/").content.decode()
    assert reader.post("/inbox/picked/", {"case": [1], "deed": "take"}).status_code == 403
    assert 'id="picked"' in signed_in().get("/inbox/").content.decode()
