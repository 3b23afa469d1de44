"""A day of an initiative is spoken of once, to those it concerns, while they are at work."""

from datetime import datetime, timedelta

import pytest
import time_machine
from django.utils import timezone

from sori.change.initiatives import reminding, services
from sori.change.initiatives.describing import describe
from sori.change.initiatives.models import Initiative, Reminder
from sori.database import claim
from sori.errors import Stale
from sori.journal.models import Event
from sori.notifications.models import Notification
from sori.notifications.reading import tell_due
from sori.respond.policies import save_calendar, save_policy
from sori.staff.models import Department, Member

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


def told() -> list[tuple[str, list[int]]]:
    events = Event.objects.filter(kind="initiative.due").order_by("pk")
    return [(data["sort"], data["to"]) for data in events.values_list("data", flat=True)]


def given(row: Initiative, boss: Member, days: int, owner: Member | None = None) -> Initiative:
    """Due so many days from now."""
    return describe(
        initiative=row,
        member=boss,
        title=row.title,
        summary=row.summary,
        owner=owner,
        department=row.department,
        due_on=timezone.localdate() + days * DAY,
    )


def test_it_speaks_of_a_day_that_is_near_once(begun, boss, agent):
    given(begun(decision="yes"), boss, 2, agent)

    assert reminding.remind_due() == 1
    assert reminding.remind_due() == 0

    assert told() == [("soon", [agent.pk])]


def test_it_says_nothing_long_before(begun, boss, agent):
    given(begun(decision="yes"), boss, 30, agent)

    assert reminding.remind_due() == 0


def test_it_speaks_of_a_day_that_is_over_and_not_of_its_coming(begun, boss, agent):
    given(begun(decision="yes"), boss, -1, agent)

    reminding.remind_due()

    assert told() == [("over", [agent.pk])]


def test_it_tells_the_supervisors_where_nobody_answers_for_it(begun, boss):
    given(begun(), boss, -1)

    reminding.remind_due()

    assert told() == [("over", [boss.pk])]


def test_it_speaks_again_when_the_day_was_moved(begun, boss, agent):
    row = given(begun(decision="yes"), boss, 2, agent)
    reminding.remind_due()

    given(row, boss, 1, agent)
    reminding.remind_due()

    assert [sort for sort, _to in told()] == ["soon", "soon"]


def test_it_does_not_speak_again_when_something_else_changed(begun, boss, agent):
    row = given(begun(decision="yes"), boss, 2, agent)
    reminding.remind_due()

    services.move(initiative=row, member=boss, stage="doing")

    assert reminding.remind_due() == 0


@pytest.mark.parametrize("decision", ["no", "later"])
def test_it_does_not_press_for_what_is_not_made(begun, boss, agent, decision):
    given(begun(decision=decision), boss, -1, agent)

    assert reminding.remind_due() == 0


def test_it_speaks_of_a_later_when_its_day_has_come(begun, boss):
    row = begun(decision="later")

    assert reminding.remind_due() == 0
    Reminder.objects.update(due_at=timezone.now() - DAY)
    assert reminding.remind_due() == 1

    assert told() == [("review", [boss.pk])]
    assert row.reminders.get().due_at is None


def test_it_waits_until_the_department_is_at_work(begun, boss, agent):
    place = Department.objects.create(name="상품기획")
    today = timezone.localdate()
    hours = save_calendar(
        calendar=None,
        member=boss,
        fields={
            "name": "상품기획",
            "zone": "Asia/Seoul",
            "week": [[[0, 1440]]] * 7,
            "days": [[today.isoformat(), []]],
        },
    )
    save_policy(policy=None, member=boss, name="상품기획", department=place, calendar=hours)
    row = begun(decision="yes")
    Initiative.objects.filter(pk=row.pk).update(department=place)
    given(Initiative.objects.get(pk=row.pk), boss, 1, agent)

    assert reminding.remind_due() == 1

    assert told() == []
    due = timezone.localtime(Reminder.objects.get(sort="soon").due_at)
    assert (due.date(), due.hour) == (today + DAY, 0)


def test_it_is_told_by_another_worker_when_one_died(begun, boss, agent):
    given(begun(decision="yes"), boss, 2, agent)
    dead = claim(Reminder.objects.all(), lease=timedelta(minutes=1))
    assert reminding.remind_due() == 0

    Reminder.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    assert reminding.remind_due() == 1

    with pytest.raises(Stale):
        reminding._look_at(dead[0])
    assert len(told()) == 1


def test_it_says_nothing_of_a_day_that_was_taken_back_meanwhile(begun, boss, agent):
    row = given(begun(decision="yes"), boss, 2, agent)
    claimed = claim(Reminder.objects.all(), lease=timedelta(minutes=1))

    services.decide(initiative=row, member=boss, decision="no", reason="안 하기로")
    reminding._look_at(claimed[0])

    assert told() == []


def test_it_speaks_of_the_company_s_own_day(begun, boss, agent):
    # in Seoul the day begins nine hours before UTC's
    with time_machine.travel(datetime.fromisoformat("2026-11-24T14:00:00+00:00"), tick=False):
        given(begun(decision="yes"), boss, 0, agent)
    over = Reminder.objects.get(sort="over")

    assert over.due_at == datetime.fromisoformat("2026-11-25T00:00:00+09:00")


def test_it_becomes_a_notification_of_whoever_answers_for_it(begun, boss, agent):
    tell_due()
    row = given(begun("기한이 있는 것", decision="yes"), boss, 2, agent)
    describe(
        initiative=row,
        member=boss,
        title=row.title,
        summary="",
        owner=agent,
        department=None,
        due_on=row.due_on,
    )
    reminding.remind_due()

    while tell_due():
        pass

    told_ = Notification.objects.filter(member=agent).values_list("occasion", flat=True)
    assert set(told_) == {"change_given", "change_due"}
