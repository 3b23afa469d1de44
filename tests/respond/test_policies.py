"""Policies: which one holds, what clocks it sets, and that changing it changes no running clock."""

from datetime import timedelta
from decimal import Decimal

import pytest
import time_machine

from desk import letter, member, only_case, post, say, source
from sori.people.models import Person
from sori.respond import policies, services, sla
from sori.respond.clock_models import Calendar, Policy
from sori.respond.models import Clock, Message
from sori.staff.models import Department, Role
from working_hours import office, policy, seoul

MINUTE = timedelta(minutes=1)


def heard(lake, at: str, **row) -> None:
    """A letter that is received the moment it is written."""
    with time_machine.travel(seoul(at), tick=False):
        place = row.pop("place", None) or source()
        say(lake, letter(place, published_at=seoul(at), heard_at=seoul(at), **row))


def clock(kind: str = "first_response") -> Clock:
    return Clock.objects.get(kind=kind)


def test_it_chooses_the_first_that_fits():
    urgent = sla.Policy(key=1, kind="complaint", urgency=2)
    ours = sla.Policy(key=2, department=7)
    public = sla.Policy(key=3, addressed=False)
    some = (urgent, ours, public)

    assert sla.choose(some, sla.Matter(7, "complaint", 2)).key == 1
    assert sla.choose(some, sla.Matter(7, "complaint", 1)).key == 2
    assert sla.choose(some, sla.Matter(7, "complaint", None)).key == 2
    assert sla.choose(some, sla.Matter(8, addressed=False)).key == 3
    assert sla.choose(some, sla.Matter(8)) is sla.DEFAULT


@pytest.mark.django_db
def test_it_gives_an_hour_day_and_night_where_the_company_said_nothing(lake):
    heard(lake, "2026-11-28 03:00")

    assert (clock().due_at, clock().limit_at) == (
        seoul("2026-11-28 04:00"),
        seoul("2026-11-28 05:00"),
    )
    assert clock().policy is None


@pytest.mark.django_db
def test_it_counts_working_hours(lake):
    policy(calendar=office(), resolution_due=480, resolution_limit=960)

    heard(lake, "2026-11-27 17:40")

    assert clock().due_at == seoul("2026-11-30 09:40")
    assert clock().soon_at == seoul("2026-11-30 09:25")
    assert clock("resolution").due_at == seoul("2026-11-30 16:40")


@pytest.mark.django_db
def test_it_chooses_by_department_and_kind(lake):
    billing = Department.objects.create(name="요금팀")
    policy("불만", kind="complaint", first_due=15, first_limit=30)
    policy("요금", department=billing, first_due=240, first_limit=480)
    place = source(department=billing)

    heard(lake, "2026-11-27 10:00", place=place, kind="question", author_id="a@x.kr")
    heard(lake, "2026-11-27 10:00", place=place, kind="complaint", author_id="b@x.kr")

    spans = [one.due_at - one.started_at for one in Clock.objects.order_by("pk")]
    assert spans == [240 * MINUTE, 15 * MINUTE]


@pytest.mark.django_db
def test_the_world_sees_silence_day_and_night(lake):
    policy(calendar=office())
    said = seoul("2026-11-27 23:00")

    with time_machine.travel(said, tick=False):
        say(lake, post(source(keep="all"), answer=True, published_at=said, heard_at=said))
        case = only_case()
        services.set_status(case=case.pk, member=member(), status="pending")

    assert clock().silence
    assert clock().due_at == seoul("2026-11-28 00:00")
    assert clock().paused_at is None


@pytest.mark.django_db
def test_what_changes_holds_for_clocks_that_start_later(lake):
    boss, calendar = member("팀장", Role.SUPERVISOR), office()
    row = policy(calendar=calendar)
    heard(lake, "2026-11-27 17:40", author_id="a@x.kr")
    services.set_status(case=only_case().pk, member=boss, status="pending")

    always = {"name": "사무실", "zone": "Asia/Seoul", "week": [[[0, 1440]]] * 7}
    new = policies.save_calendar(calendar=calendar.pk, member=boss, fields=always)
    policies.save_policy(policy=row.pk, member=boss, first_due=30, first_limit=30)
    heard(lake, "2026-11-27 17:45", author_id="b@x.kr")

    first, second = Clock.objects.order_by("pk")
    assert first.due_at == seoul("2026-11-30 09:40")
    assert first.calendar == calendar
    assert second.due_at == seoul("2026-11-27 18:15")
    assert Policy.objects.get().calendar == new
    assert list(Calendar.objects.filter(retired_at=None)) == [new]


@pytest.mark.django_db
def test_it_rests_while_we_wait_for_the_customer(lake, oracle):
    policy(calendar=office(), resolution_due=480)
    said = seoul("2026-11-27 10:00")
    heard(lake, "2026-11-27 10:00", place=oracle, thread_id="t")
    asked, anna = Message.objects.get(), member()

    at = seoul("2026-11-27 11:00")
    services.remember_answer(answers=asked.pk, member=anna, body="네", at=at)

    assert clock().outcome == "met"
    assert clock("resolution").paused_at == at

    heard(lake, "2026-11-30 13:00", place=oracle, thread_id="t")

    goes_on = clock("resolution")
    assert (goes_on.paused_at, goes_on.started_at) == (None, said)
    # seven of eight hours were left, and the day ends at six
    assert goes_on.due_at == seoul("2026-12-01 11:00")
    assert clock("next_response").due_at == seoul("2026-11-30 14:00")


@pytest.mark.django_db
def test_what_they_said_after_the_answer_still_waits(lake, oracle):
    heard(lake, "2026-11-27 10:00", place=oracle, thread_id="t")
    asked, anna = Message.objects.get(), member()
    services.remember_answer(answers=asked.pk, member=anna, body="네", at=seoul("2026-11-27 10:05"))
    heard(lake, "2026-11-27 10:20", place=oracle, thread_id="t")

    # the fate of an earlier answer becomes known
    services.remember_answer(
        answers=asked.pk, member=anna, body="다시", at=seoul("2026-11-27 10:10")
    )

    assert (clock("next_response").outcome, clock("next_response").paused_at) == ("running", None)
    assert only_case().status == "open"


@pytest.mark.django_db
def test_the_resolution_ends_with_the_matter_and_begins_anew_with_it(lake, oracle):
    policy(resolution_due=480)
    say(lake, letter(oracle))
    asked, anna, case = Message.objects.get(), member(), only_case().pk
    services.remember_answer(answers=asked.pk, member=anna, body="네", at=asked.at + MINUTE)

    services.resolve(case=case, member=anna)
    assert clock("resolution").outcome == "met"

    services.reopen(case=case, member=anna)
    outcomes = (
        Clock.objects.filter(kind="resolution").order_by("pk").values_list("outcome", flat=True)
    )
    assert list(outcomes) == ["met", "running"]


@pytest.mark.django_db
def test_it_is_asked_in_the_order_people_chose():
    boss = member("팀장")
    first, second, third = (policy(name) for name in ("가", "나", "다"))

    policies.move_up(policy=third.pk, member=boss)
    policies.move_up(policy=first.pk, member=boss)

    order = [one.key for one in policies.policies()]
    assert order == [first.pk, third.pk, second.pk]


@pytest.mark.django_db
def test_it_may_hold_only_for_people_of_a_certain_worth(lake):
    policy(value=1_000_000, first_due=10, first_limit=20)
    place = source()
    heard(lake, "2026-11-27 10:00", place=place)
    assert clock().policy is None

    Person.objects.update(value=Decimal(1_000_000))
    Clock.objects.all().delete()
    heard(lake, "2026-11-27 11:00", place=place)
    assert clock().due_at == seoul("2026-11-27 11:10")


def test_it_does_not_fit_who_is_worth_less_or_nobody_knows():
    dear = (sla.Policy(key=1, value=1_000_000),)
    assert sla.choose(dear, sla.Matter(value=Decimal(1_000_000))).key == 1
    assert sla.choose(dear, sla.Matter(value=Decimal(999_999))) is sla.DEFAULT
    assert sla.choose(dear, sla.Matter()) is sla.DEFAULT
