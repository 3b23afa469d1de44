"""What members do with cases, and what the desk does not let them do."""

from datetime import date

import pytest

from desk import letter, member, now, only_case, opened, say
from sori.errors import Refused
from sori.journal.models import Event
from sori.respond import selectors, services
from sori.respond.models import Case, Clock, Message
from sori.staff.models import Department, Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(lake) -> int:
    opened(lake)
    return only_case().pk


def last() -> tuple:
    event = Event.objects.latest("pk")
    return event.kind, event.member, event.about


def test_somebody_takes_a_case_and_the_second_one_is_told(case):
    anna, ben = member("안나"), member("벤")

    services.take(case=case, member=anna)

    assert (only_case().owner, only_case().status) == (anna, "open")
    assert last() == ("case.assigned", anna, f"case:{case}")
    with pytest.raises(Refused, match="안나"):
        services.take(case=case, member=ben)
    services.take(case=case, member=anna)
    assert Event.objects.filter(kind="case.assigned").count() == 1


def test_it_is_given_only_to_somebody_who_can_answer(case):
    boss = member("팀장", Role.SUPERVISOR)
    viewer, gone = member("손님", Role.VIEWER), member("퇴사자")
    gone.is_active = False
    gone.save()

    for nobody in (viewer, gone):
        with pytest.raises(Refused):
            services.assign(case=case, member=boss, owner=nobody)

    ben = member("벤")
    services.assign(case=case, member=boss, owner=ben)
    services.assign(case=case, member=boss, owner=None)
    assert [event.data for event in Event.objects.filter(kind="case.assigned")] == [
        {"owner": ben.pk, "before": None},
        {"owner": None, "before": ben.pk},
    ]


def test_it_is_moved_to_another_department(case):
    billing = Department.objects.create(name="요금팀")

    services.move_to_department(case=case, member=member(), department=billing)
    services.move_to_department(case=case, member=member(), department=billing)

    assert only_case().department == billing
    assert Event.objects.filter(kind="case.department_changed").count() == 1


def test_a_note_is_written(case):
    note = services.write_note(case=case, member=member("도윤"), body=" 대전 허브 확인 \n")

    assert (note.body, note.case_id) == ("대전 허브 확인", case)
    for nothing in ("", "  ", "x" * 20_001):
        with pytest.raises(Refused):
            services.write_note(case=case, member=member(), body=nothing)


def test_nobody_is_forgotten_by_resolving(case):
    anna = member()

    with pytest.raises(Refused):
        services.resolve(case=case, member=anna)
    assert only_case().status == "new"

    services.decide_no_answer(case=case, member=anna, reason="campaign", review_on=date(2027, 1, 4))

    assert only_case().status == "resolved"
    assert Clock.objects.get().outcome == "dropped"
    assert last() == ("case.left_unanswered", anna, f"case:{case}")
    assert only_case().decisions.get().review_on == date(2027, 1, 4)


def test_it_is_resolved_while_the_answer_is_on_its_way(lake, oracle):
    say(lake, letter(oracle))
    asked, anna = Message.objects.get(), member()
    services.approve_reply(answers=asked.pk, member=anna, body="네")

    services.resolve(case=only_case().pk, member=anna)

    assert only_case().status == "resolved"
    assert Clock.objects.get().outcome == "running"
    with pytest.raises(Refused):
        services.decide_no_answer(case=only_case().pk, member=anna, reason="not_about_us")


def test_a_decision_needs_a_reason(case):
    with pytest.raises(Refused):
        services.decide_no_answer(case=case, member=member(), reason="just so")
    with pytest.raises(Refused):
        services.decide_no_answer(case=case, member=member(), reason="other", words=" ")


def test_it_is_reopened(case):
    anna = member()
    services.decide_no_answer(case=case, member=anna, reason="other", words="실수")

    services.reopen(case=case, member=anna)
    services.reopen(case=case, member=anna)

    assert (only_case().status, only_case().resolved_at) == ("open", None)
    assert Event.objects.filter(kind="case.reopened").count() == 1


def test_it_is_put_on_hold_but_not_out_of_its_end(case):
    anna = member()
    services.set_status(case=case, member=anna, status="on_hold")
    assert only_case().status == "on_hold"

    for wrong in ("resolved", "nonsense", "new"):
        with pytest.raises(Refused):
            services.set_status(case=case, member=anna, status=wrong)
    Case.objects.update(status="resolved", resolved_at=now())
    with pytest.raises(Refused):
        services.set_status(case=case, member=anna, status="open")


def test_it_is_unread_until_somebody_has_read_it(lake, oracle):
    first = letter(oracle)
    say(lake, first)
    anna, ben = member(), member()
    case = only_case().pk

    def unread(who) -> bool:
        return selectors.case_row(case, member=who.pk)["unread"]

    services.mark_read(case=case, member=anna)
    services.mark_read(case=case, member=anna)
    assert (unread(anna), unread(ben)) == (False, True)

    say(lake, letter(oracle, thread_id=first["thread_id"]))
    assert unread(anna)
    services.mark_read(case=case, member=anna)
    assert not unread(anna)


def test_what_is_not_there_is_not_found():
    with pytest.raises(Case.DoesNotExist):
        services.resolve(case=1, member=member())
