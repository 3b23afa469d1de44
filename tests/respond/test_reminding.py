"""Warnings and escalations: each once, to the right people, and never outside working hours."""

from datetime import timedelta

import pytest
import time_machine

from desk import letter, member, only_case, say, source
from sori.database import claim
from sori.journal.models import Event
from sori.respond import reminding, services
from sori.respond.clock_models import Reminder
from sori.respond.models import Clock, Message
from sori.staff.models import Department, Role
from working_hours import office, policy, seoul

pytestmark = pytest.mark.django_db
TOLD = ("clock.warned", "clock.escalated")


def told() -> list[str]:
    return list(Event.objects.filter(kind__in=TOLD).order_by("pk").values_list("kind", flat=True))


def remind_at(moment: str) -> list[str]:
    """What was told in all once the worker has looked at this moment."""
    with time_machine.travel(seoul(moment), tick=False):
        # rows are due by the clock of the database, which nobody can turn
        Reminder.objects.exclude(due_at=None).filter(due_at__lte=seoul(moment)).update(
            due_at=seoul("2020-01-01 00:00")
        )
        reminding.remind_due()
    return told()


def heard(lake, moment: str, place=None) -> None:
    with time_machine.travel(seoul(moment), tick=False):
        said = {"published_at": seoul(moment), "heard_at": seoul(moment)}
        say(lake, letter(place or source(), **said))


def test_it_warns_once_and_escalates_once(lake):
    heard(lake, "2026-11-24 10:00")

    assert remind_at("2026-11-24 10:44") == []
    assert remind_at("2026-11-24 10:46") == ["clock.warned"]
    assert remind_at("2026-11-24 10:50") == ["clock.warned"]
    assert remind_at("2026-11-24 11:01") == list(TOLD)
    assert remind_at("2026-11-24 23:00") == list(TOLD)


def test_it_never_speaks_outside_working_hours(lake):
    policy(calendar=office())
    # Seollal 2027 is a Sunday; the Tuesday after it is its substitute
    heard(lake, "2027-02-05 17:15")

    # the warning comes due at the very moment the office closes
    assert Clock.objects.get().soon_at == seoul("2027-02-05 18:00")
    for closed in ("2027-02-05 18:00", "2027-02-06 12:00", "2027-02-09 11:00", "2027-02-10 08:59"):
        assert remind_at(closed) == []
    assert Reminder.objects.get().due_at == seoul("2027-02-10 09:00")
    assert remind_at("2027-02-10 09:00") == ["clock.warned"]
    assert remind_at("2027-02-10 09:16") == list(TOLD)


def test_it_says_only_the_worse_of_two(lake):
    heard(lake, "2026-11-24 10:00")

    assert remind_at("2026-11-24 12:00") == ["clock.escalated"]
    assert remind_at("2026-11-24 13:00") == ["clock.escalated"]


def test_it_does_not_speak_of_what_was_answered(lake, oracle):
    heard(lake, "2026-11-24 10:00", oracle)
    asked = Message.objects.get()
    at = asked.at + timedelta(minutes=5)
    services.remember_answer(answers=asked.pk, member=member(), body="네", at=at)

    assert Reminder.objects.get().due_at is None
    assert remind_at("2026-11-24 12:00") == []


def test_it_rests_and_goes_on_with_its_clock(lake):
    heard(lake, "2026-11-24 10:00")
    case, anna = only_case().pk, member()
    with time_machine.travel(seoul("2026-11-24 10:10"), tick=False):
        services.set_status(case=case, member=anna, status="pending")
    assert remind_at("2026-11-24 12:00") == []

    with time_machine.travel(seoul("2026-11-24 15:00"), tick=False):
        services.set_status(case=case, member=anna, status="open")

    assert Clock.objects.get().due_at == seoul("2026-11-24 15:50")
    assert remind_at("2026-11-24 15:34") == []
    assert remind_at("2026-11-24 15:36") == ["clock.warned"]


def test_it_goes_on_when_a_case_was_erased_meanwhile(lake):
    heard(lake, "2026-11-24 10:00")
    Reminder.objects.update(due_at=seoul("2020-01-01 00:00"))
    claimed = claim(Reminder.objects.all(), lease=reminding.LEASE)
    only_case().clocks.all().delete()

    reminding.look_at(claimed[0])

    assert told() == []


def test_it_tells_the_owner_and_then_the_departments_supervisor(lake):
    billing = Department.objects.create(name="요금팀")
    boss = member("팀장", Role.SUPERVISOR)
    boss.department = billing
    boss.save()
    member("다른 팀장", Role.SUPERVISOR)
    anna = member("안나")
    heard(lake, "2026-11-24 10:00", source(department=billing))
    services.take(case=only_case().pk, member=anna)

    remind_at("2026-11-24 10:46")
    remind_at("2026-11-24 11:01")

    events = Event.objects.filter(kind__in=TOLD).order_by("pk")
    assert [event.data["to"] for event in events] == [[anna.pk], [boss.pk]]


def test_somebody_is_told_even_where_no_supervisor_is():
    admin = member("관리자", Role.ADMIN)
    billing = Department.objects.create(name="요금팀")
    assert reminding.supervisors(billing.pk) == [admin.pk]

    boss = member("팀장", Role.SUPERVISOR)
    assert reminding.supervisors(billing.pk) == [boss.pk]
    assert reminding.supervisors(None) == [boss.pk]
