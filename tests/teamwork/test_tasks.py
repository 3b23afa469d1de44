"""Asking another department: who may answer, what the case does meanwhile, what is written down."""

from datetime import timedelta

import pytest
from django.utils import timezone, translation

from desk import now
from sori.errors import Refused
from sori.journal.models import Event
from sori.respond import clocks
from sori.respond import services as desk
from sori.respond.models import Case
from sori.respond.policies import save_calendar, save_policy
from sori.respond.snoozing import snooze
from sori.staff.models import Role
from sori.teamwork import services
from sori.teamwork.models import Task
from together import at_once

pytestmark = pytest.mark.django_db


def ask(case, member, department, words="이중 결제인지 확인해 주세요", **more) -> Task:
    return services.ask(case=case.pk, member=member, department=department, words=words, **more)


def status(case) -> str:
    return Case.objects.values_list("status", flat=True).get(pk=case.pk)


def kinds(case) -> list[str]:
    written = Event.objects.filter(about=f"case:{case.pk}").order_by("id")
    return [kind for kind in written.values_list("kind", flat=True) if kind.startswith("task.")]


def test_it_asks_within_four_hours_day_and_night_where_no_policy_says_otherwise(
    case, agent, service, billing
):
    task = ask(case, agent, billing)

    assert task.answer_by - task.asked_at == timedelta(hours=4)
    assert task.answer_by - task.soon_at == timedelta(hours=1)
    assert task.asked_from == service
    assert kinds(case) == ["task.asked"]


def test_it_counts_the_working_hours_of_the_department_asked(case, agent, billing):
    always = [[[0, 1440]]] * 7
    closed_today = [[timezone.localdate().isoformat(), []]]
    hours = save_calendar(
        calendar=None,
        member=agent,
        fields={"name": "정산", "zone": "Asia/Seoul", "week": always, "days": closed_today},
    )
    save_policy(policy=None, member=agent, name="정산", department=billing, calendar=hours)

    task = ask(case, agent, billing)

    midnight = timezone.localtime(task.answer_by)
    assert midnight.date() == timezone.localdate() + timedelta(days=1)
    assert (midnight.hour, midnight.minute) == (4, 0)


def test_it_takes_a_moment_somebody_chose(case, agent, billing):
    moment = now() + timedelta(days=2)

    assert ask(case, agent, billing, answer_by=moment).answer_by == moment


@pytest.mark.parametrize("words", ["", "   \n", "가" * 4001])
def test_it_refuses_too_few_or_too_many_words(case, agent, billing, words):
    with pytest.raises(Refused):
        ask(case, agent, billing, words)


@pytest.mark.parametrize("far", [timedelta(minutes=-1), timedelta(days=61)])
def test_it_refuses_a_moment_that_is_over_or_too_far(case, agent, billing, far):
    with pytest.raises(Refused):
        ask(case, agent, billing, answer_by=now() + far)


def test_it_asks_nothing_about_a_settled_case(case, agent, billing):
    desk.decide_no_answer(case=case.pk, member=agent, reason="nothing_to_add")

    with pytest.raises(Refused):
        ask(case, agent, billing)


def test_it_lets_the_customers_clock_go_on(case, agent, billing):
    desk.take(case=case.pk, member=agent)

    ask(case, agent, billing)

    assert status(case) == "open"
    assert clocks.owed(case.pk)
    assert not case.clocks.filter(paused_at__isnull=False).exists()


def test_it_puts_a_case_on_hold_in_which_nobody_waits_and_opens_it_with_the_last_answer(
    quiet, agent, clerk, billing, service, hire
):
    first, second = ask(quiet, agent, billing), ask(quiet, agent, billing)
    assert status(quiet) == "on_hold"

    services.answer(task=first.pk, member=clerk, words="네, 두 번 결제됐습니다.")
    assert status(quiet) == "on_hold"
    services.decline(task=second.pk, member=clerk, words="카드사가 할 일입니다.")
    assert status(quiet) == "open"


def test_it_opens_the_case_when_the_request_is_withdrawn(quiet, agent, billing):
    task = ask(quiet, agent, billing)

    services.withdraw(task=task.pk, member=agent)

    assert status(quiet) == "open"
    assert kinds(quiet) == ["task.asked", "task.withdrawn"]


def test_it_is_taken_and_answered_by_a_contributor_of_the_department(case, agent, clerk, billing):
    task = ask(case, agent, billing)

    services.take(task=task.pk, member=clerk)
    done = services.answer(task=task.pk, member=clerk, words="  환불했습니다.  ")

    assert (done.status, done.owner, done.answer) == ("answered", clerk, "환불했습니다.")
    assert done.took is not None
    assert done.due_at is None
    assert kinds(case) == ["task.asked", "task.taken", "task.answered"]


def test_it_wakes_a_case_that_was_put_off_until_the_answer_came(quiet, agent, clerk, billing):
    task = ask(quiet, agent, billing)
    snooze(case=quiet.pk, member=agent, until=now() + timedelta(days=3))

    services.answer(task=task.pk, member=clerk, words="네")

    assert Case.objects.get(pk=quiet.pk).snoozed_until is None


def test_it_is_nobody_elses(case, agent, billing):
    task = ask(case, agent, billing)

    with translation.override("en"), pytest.raises(Refused, match="Only somebody of"):
        services.answer(task=task.pk, member=agent, words="제가 알아요")


def test_it_may_be_answered_by_a_supervisor_for_them(case, agent, billing, service, hire):
    task = ask(case, agent, billing)
    lead = hire("박도윤", service, Role.SUPERVISOR)

    assert services.answer(task=task.pk, member=lead, words="확인했습니다.").owner == lead


def test_it_ends_once(case, agent, clerk, billing):
    task = ask(case, agent, billing)
    services.answer(task=task.pk, member=clerk, words="네")

    for act in (
        lambda: services.withdraw(task=task.pk, member=agent),
        lambda: services.take(task=task.pk, member=clerk),
        lambda: services.decline(task=task.pk, member=clerk, words="아니요"),
    ):
        with translation.override("en"), pytest.raises(Refused, match="ended: Answered"):
            act()


def test_it_writes_no_words_into_the_journal(case, agent, clerk, billing):
    task = ask(case, agent, billing, "비밀번호를 잊으셨대요")
    services.answer(task=task.pk, member=clerk, words="비밀번호를 보냈어요")

    written = Event.objects.filter(kind__startswith="task.").values_list("data", flat=True)
    assert "비밀번호" not in str(list(written))


@pytest.mark.django_db(transaction=True)
def test_it_has_one_owner_when_two_reach_for_it(case, agent, billing, hire):
    task = ask(case, agent, billing)
    two = [hire(name, billing, Role.CONTRIBUTOR) for name in ("가영", "나영")]

    refused = []

    def reach() -> None:
        who = two.pop()
        try:
            services.take(task=task.pk, member=who)
        except Refused:
            refused.append(who)

    at_once(2, reach)

    assert len(refused) == 1
    assert Task.objects.get().owner not in {None, refused[0]}
