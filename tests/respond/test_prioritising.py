"""Priorities follow what happens: time, promises, surges, what somebody is worth, other points."""

from dataclasses import asdict, replace
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from desk import letter, member, only_case, opened, say, signed_in, source
from sori.journal.models import Event
from sori.people.models import Person
from sori.respond import prioritising, selectors, services
from sori.respond.desk_models import Weight
from sori.respond.models import Case, Clock, Message
from sori.respond.priority import DEFAULT
from sori.staff.models import Role

pytestmark = pytest.mark.django_db


def reasons():
    return dict(only_case().priority_reasons)


def settle():
    """Work off what is due now, as a worker does."""
    Case.objects.filter(weigh_at__lte=timezone.now()).update(
        weigh_at=timezone.now() - timedelta(seconds=1)
    )
    while prioritising.weigh_due():
        pass


def test_it_gives_more_to_who_waits_longer_and_nothing_after_the_answer(lake):
    opened(lake)
    settle()
    assert "age" not in reasons()
    due = only_case().weigh_at
    assert timedelta(minutes=50) < due - timezone.now() < timedelta(hours=1)

    Clock.objects.update(started_at=timezone.now() - timedelta(hours=5))
    Case.objects.update(weigh_at=timezone.now() - timedelta(seconds=1))
    settle()
    assert reasons()["age"] == 10

    services.decide_no_answer(case=only_case().pk, member=member(), reason="not_about_us")
    settle()
    assert "age" not in reasons()
    assert only_case().weigh_at is None


def test_it_counts_what_the_person_is_worth_also_by_a_merge(lake):
    opened(lake)
    root = Person.objects.create(name="김하은", value=Decimal(2_000_000))
    Person.objects.exclude(pk=root.pk).update(merged_into=root)
    prioritising.weigh_person_again([only_case().person_id])
    settle()
    assert reasons()["value"] == 15


def test_it_follows_when_the_worth_is_written_down_on_the_persons_page(lake):
    opened(lake)
    settle()
    person = only_case().person_id
    form = {"name": "김하은", "segment": "customer", "value": "3000000", "consent": ""}
    signed_in().post(f"/people/{person}/change/", form)
    settle()
    assert reasons()["value"] == 15


def test_it_counts_a_surge_only_while_it_goes_on(lake):
    asked = opened(lake)
    marked = prioritising.mark_surging([asked.mention], timezone.now() + timedelta(minutes=4))
    assert marked == 1
    settle()
    assert reasons()["surge"] == 15

    Case.objects.update(surging_until=timezone.now() - timedelta(seconds=1))
    Case.objects.update(weigh_at=timezone.now() - timedelta(seconds=1))
    settle()
    assert "surge" not in reasons()


def test_it_leaves_settled_cases_out_of_a_surge(lake):
    asked = opened(lake)
    Case.objects.update(status=Case.Status.RESOLVED)
    assert prioritising.mark_surging([asked.mention], timezone.now() + timedelta(hours=1)) == 0


def test_it_adds_a_further_voice_to_what_was_known(lake):
    place = source()
    say(lake, letter(place, external_id="first", public=True))
    say(lake, letter(place, external_id="second", thread_id="first", followers=50_000))
    settle()
    assert {"reach", "public"} <= reasons().keys()


def test_it_orders_the_urgent_list_by_the_sum(lake):
    quiet = opened(lake, author_id="a@x.kr")
    loud = opened(lake, author_id="b@x.kr", followers=50_000)
    settle()
    rows = selectors.inbox(member=member().pk, tab="open", urgent=True).rows
    assert [row["id"] for row in rows] == [
        loud.conversation.case_id,
        quiet.conversation.case_id,
    ]


def test_it_takes_other_points_at_once_and_writes_it_down(lake):
    opened(lake, public=True)
    boss = member("팀장", Role.SUPERVISOR)
    prioritising.save_weights(member=boss, wanted=replace(DEFAULT, public=50))
    settle()
    assert reasons()["public"] == 50
    assert Event.objects.get(kind="priority.changed").data == {"public": 50}

    prioritising.save_weights(member=boss, wanted=replace(DEFAULT, public=50))
    assert Event.objects.filter(kind="priority.changed").count() == 1


def test_it_asks_as_many_questions_for_many_cases_as_for_one(lake):
    def questions():
        Case.objects.update(weigh_at=timezone.now() - timedelta(seconds=1))

        with CaptureQueriesContext(
            connection,
        ) as seen:
            prioritising.weigh_due()
        return len(seen)

    opened(lake)
    one = questions()
    for number in range(8):
        opened(lake, author_id=f"{number}@x.kr")
    assert questions() == one


@pytest.fixture
def browser() -> Client:
    return signed_in(member("팀장", Role.SUPERVISOR))


def test_it_is_edited_on_a_page_with_a_preview(browser, lake):
    opened(lake, public=True, kind="question")
    page = browser.get("/priority/").content.decode()
    assert 'name="public" value="5"' in page
    form = asdict(DEFAULT) | {"public": "70"}
    shown = browser.post("/priority/preview/", form).content.decode()
    assert "said in public +70" in shown

    assert browser.post("/priority/", form).status_code == 302
    assert prioritising.weights() == replace(DEFAULT, public=70)
    assert Weight.objects.count() == 1


def test_it_refuses_points_that_make_no_sense(browser):
    answer = browser.post("/priority/", asdict(DEFAULT) | {"public": "-1"})
    assert answer.status_code == 422
    assert not Weight.objects.exists()


def test_it_does_not_tell_what_somebody_is_worth_to_who_may_not_know(lake):
    opened(lake)
    Person.objects.update(value=Decimal(2_000_000))
    prioritising.weigh_person_again([only_case().person_id])
    settle()
    path = f"/inbox/{only_case().pk}/"
    told = signed_in(member(role=Role.AGENT)).get(path).content.decode()
    hidden = signed_in(member(role=Role.CONTRIBUTOR)).get(path).content.decode()
    assert "a valued customer" in told
    assert "a valued customer" not in hidden
    assert Message.objects.exists()
