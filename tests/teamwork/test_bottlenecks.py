"""Where work waits: counted, and the middle and the ninth in ten as somebody would by hand."""

import math
import statistics
from datetime import timedelta

import pytest

from desk import now, signed_in
from sori.respond.models import Clock
from sori.staff.models import Role
from sori.teamwork import services
from sori.teamwork.bottlenecks import bottlenecks, times_chart
from sori.teamwork.models import Task

pytestmark = pytest.mark.django_db


def figures(department) -> dict:
    return next(row for row in bottlenecks() if row["id"] == department.pk)


def answered(case, agent, clerk, billing, *seconds: int) -> None:
    for took in seconds:
        task = services.ask(case=case.pk, member=agent, department=billing, words="?")
        services.answer(task=task.pk, member=clerk, words="!")
        Task.objects.filter(pk=task.pk).update(took=took)


@pytest.mark.parametrize("count", [1, 2, 3, 10, 11, 20])
def test_it_takes_the_middle_and_the_ninth_in_ten(case, agent, clerk, billing, count):
    times = [(number * 7919) % 1000 for number in range(1, count + 1)]
    answered(case, agent, clerk, billing, *times)

    row = figures(billing)

    assert row["answered"] == count
    assert row["median"] == statistics.median(times)
    assert row["slow"] == sorted(times)[math.ceil(0.9 * count) - 1]


def test_it_counts_what_waits_what_is_late_and_the_oldest(case, agent, billing, service):
    tasks = [
        services.ask(case=case.pk, member=agent, department=billing, words="?") for _ in range(3)
    ]
    Task.objects.filter(pk=tasks[2].pk).update(answer_by=now() - timedelta(minutes=1))

    row = figures(billing)

    assert (row["waiting"], row["late"], row["oldest"]) == (3, 1, tasks[0].asked_at)
    assert figures(service)["waiting"] == 0
    assert [one["id"] for one in bottlenecks()] == [billing.pk, service.pk]


def test_it_leaves_out_what_was_withdrawn_or_is_long_ago(case, agent, clerk, billing):
    task = services.ask(case=case.pk, member=agent, department=billing, words="?")
    services.withdraw(task=task.pk, member=agent)
    answered(case, agent, clerk, billing, 60)
    Task.objects.filter(took=60).update(ended_at=now() - timedelta(days=31))

    assert figures(billing)["answered"] == 0
    assert figures(billing)["median"] is None
    assert times_chart(bottlenecks()) is None


def test_it_counts_the_customers_a_department_leaves_waiting(case, billing):
    case.department = billing
    case.save()
    past = now() - timedelta(minutes=1)
    Clock.objects.filter(case=case).update(due_at=past, soon_at=past, started_at=past)

    assert figures(billing)["silent"] == 1
    Clock.objects.update(paused_at=past)
    assert figures(billing)["silent"] == 0


def test_it_is_one_question(billing, service, django_assert_num_queries):
    with django_assert_num_queries(1):
        bottlenecks()


def test_it_shows_them_to_whoever_may_read_the_overview(case, agent, clerk, billing, hire):
    answered(case, agent, clerk, billing, 3600, 7200)

    browser = signed_in(hire("뷰어", None, Role.VIEWER))
    page = browser.get("/tasks/bottlenecks/").content.decode()
    korean = browser.get("/tasks/bottlenecks/", headers={"Accept-Language": "ko"})

    assert korean.status_code == 200
    assert "요금·정산" in page
    assert "1 hr 30 min" in page
    assert 'data-chart="chart-times"' in page
