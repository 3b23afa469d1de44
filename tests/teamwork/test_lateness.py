"""A task that is late is spoken of once, to those it concerns, and only while they are at work."""

from datetime import timedelta

import pytest
from django.utils import timezone

from desk import now
from sori.journal.models import Event
from sori.respond.policies import save_calendar, save_policy
from sori.staff.models import Role
from sori.teamwork import services
from sori.teamwork.lateness import warn_due
from sori.teamwork.models import Task

pytestmark = pytest.mark.django_db

ALWAYS = [[[0, 1440]]] * 7


@pytest.fixture
def late(case, agent, billing) -> Task:
    task = services.ask(case=case.pk, member=agent, department=billing, words="언제 환불되나요?")
    past = now() - timedelta(seconds=1)
    Task.objects.update(answer_by=past, due_at=past)
    return task


def told() -> list[dict]:
    return list(Event.objects.filter(kind="task.late").values_list("data", flat=True))


def test_it_tells_the_departments_supervisors_once(late, agent, billing, hire):
    lead = hire("오정산", billing, Role.SUPERVISOR)

    assert warn_due() == 1
    assert warn_due() == 0

    (data,) = told()
    assert (data["to"], data["asked_by"]) == ([lead.pk], agent.pk)
    assert Task.objects.get().late_at is not None


def test_it_tells_whoever_has_taken_it(late, clerk):
    services.take(task=late.pk, member=clerk)

    warn_due()

    assert told()[0]["to"] == [clerk.pk]


def test_it_says_nothing_of_what_was_answered_in_time(late, clerk):
    services.answer(task=late.pk, member=clerk, words="내일이요")

    assert warn_due() == 0
    assert told() == []


def test_it_waits_until_the_department_is_at_work(late, agent, billing):
    today = timezone.localdate()
    hours = save_calendar(
        calendar=None,
        member=agent,
        fields={
            "name": "정산",
            "zone": "Asia/Seoul",
            "week": ALWAYS,
            "days": [[today.isoformat(), []]],
        },
    )
    save_policy(policy=None, member=agent, name="정산", department=billing, calendar=hours)

    assert warn_due() == 1

    assert told() == []
    due = timezone.localtime(Task.objects.get().due_at)
    assert (due.date(), due.hour) == (today + timedelta(days=1), 0)


def test_it_speaks_of_nothing_that_is_not_due(case, agent, billing):
    services.ask(case=case.pk, member=agent, department=billing, words="확인 부탁드려요")

    assert warn_due() == 0
