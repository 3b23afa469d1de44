"""Settling a case withdraws what it waits for; taking it up again offers to ask once more."""

import json

import pytest
from django.utils import translation

from desk import HTMX, letter, say, signed_in
from sori.automation import services as macros
from sori.automation.deciding import Action
from sori.automation.editing import Script
from sori.errors import Refused
from sori.journal.models import Event
from sori.journal.services import because
from sori.notifications.models import Notification
from sori.notifications.reading import tell_due
from sori.respond import joining, threads
from sori.respond import services as desk
from sori.respond.models import Case, Conversation
from sori.respond.settling import question
from sori.respond.telling import tell
from sori.teamwork import selectors, services
from sori.teamwork.lateness import warn_due
from sori.teamwork.models import Task

pytestmark = pytest.mark.django_db


@pytest.fixture
def task(quiet, agent, billing) -> Task:
    return services.ask(case=quiet.pk, member=agent, department=billing, words="환불해 주세요")


@pytest.fixture
def other(quiet, lake, agent) -> Case:
    """Another case of the same customer, in which nobody waits either."""
    place = Conversation.objects.get(case=quiet).source
    say(lake, letter(place, "하나 더요"))
    row = Case.objects.exclude(pk=quiet.pk).get()
    desk.decide_no_answer(case=row.pk, member=agent, reason="nothing_to_add")
    desk.reopen(case=row.pk, member=agent)
    return Case.objects.get(pk=row.pk)


def sentences(case: int) -> list[str]:
    thread = threads.thread(case, member=0)
    assert thread
    told = [one for one in thread["entries"] if one["type"] == "event"]
    with translation.override("en"):
        tell(told)
    return [one["sentence"] for one in told]


def status(case: Case) -> str:
    return Case.objects.values_list("status", flat=True).get(pk=case.pk)


def settle(how: str, case: Case, agent) -> None:
    if how == "resolved":
        desk.resolve(case=case.pk, member=agent)
    elif how == "signed":
        desk.decide_no_answer(case=case.pk, member=agent, reason="nothing_to_add")
    elif how == "deleted":
        desk.settle_withdrawn(case=case.pk)
    elif how == "macro":
        script = Script(name="끝", actions=[Action("status", "resolved")])
        macro = macros.save_macro(macro=None, script=script, department=None, member=agent)
        macros.run_macro(macro=macro, case=case.pk, member=agent)
    else:
        with because(rule=1, rule_name="끝"):
            desk.resolve(case=case.pk, member=None)


@pytest.mark.parametrize("how", ["resolved", "signed", "deleted", "macro", "rule"])
def test_it_withdraws_what_the_case_waits_for_however_it_is_settled(quiet, agent, task, how):
    settle(how, quiet, agent)

    task.refresh_from_db()
    assert (task.status, task.with_case, task.due_at, task.took) == ("withdrawn", True, None, None)
    assert task.ended_at
    assert status(quiet) == "resolved"
    lost = "The request to 요금·정산 was withdrawn because the case was resolved"
    assert sentences(quiet.pk)[-1] == lost
    assert warn_due() == 0


def test_it_leaves_alone_what_has_ended(quiet, agent, clerk, task):
    services.answer(task=task.pk, member=clerk, words="네")

    desk.resolve(case=quiet.pk, member=agent)

    task.refresh_from_db()
    assert (task.status, task.with_case) == ("answered", False)


def test_it_tells_whoever_had_taken_it_and_shows_it_to_their_department(
    quiet, agent, clerk, hire, billing, task
):
    hire("다른 이", billing, "contributor")
    services.take(task=task.pk, member=clerk)
    tell_due()
    Notification.objects.all().delete()

    desk.resolve(case=quiet.pk, member=agent)
    tell_due()

    assert set(Notification.objects.values_list("member", "occasion")) == {
        (clerk.pk, "task_withdrawn")
    }
    page = signed_in(clerk).get("/tasks/?tab=answered").content.decode()
    assert "Withdrawn because the case was resolved." in page
    assert selectors.counts(clerk)["ours"] == 0


def test_it_says_so_before(quiet, agent, task):
    browser = signed_in(agent)

    head = browser.get(f"/inbox/{quiet.pk}/").content.decode()
    beside = browser.get(f"/tasks/of-case/{quiet.pk}/").content.decode()

    assert 'hx-confirm="A request to another department still waits (요금·정산).' in head
    assert "Resolving the conversation withdraws this request." in beside
    services.withdraw(task=task.pk, member=agent)
    assert "hx-confirm" not in browser.get(f"/inbox/{quiet.pk}/").content.decode()


@pytest.mark.parametrize("by", ["deed", "macro"])
def test_it_asks_before_it_resolves_many_and_does_nothing_meanwhile(quiet, other, agent, task, by):
    script = Script(name="끝", actions=[Action("status", "resolved")])
    macro = macros.save_macro(macro=None, script=script, department=None, member=agent)
    deed = "resolve" if by == "deed" else f"macro:{macro.pk}"
    asked = {"case": [quiet.pk, other.pk], "deed": deed}
    browser = signed_in(agent)

    told = json.loads(browser.post("/inbox/picked/", asked)["HX-Trigger"])

    assert told["sure"]["deed"] == deed
    assert "(요금·정산). Resolving withdraws it." in told["sure"]["question"]
    assert (status(quiet), status(other)) == ("on_hold", "open")
    browser.post("/inbox/picked/", {**asked, "sure": "1"})
    assert (status(quiet), status(other)) == ("resolved", "resolved")
    assert Task.objects.get().status == "withdrawn"


def test_it_says_so_where_a_macro_is_chosen(quiet, agent, task):
    script = Script(name="끝", actions=[Action("status", "resolved")])
    macros.save_macro(macro=None, script=script, department=None, member=agent)

    offered = signed_in(agent).get(f"/automation/macros/of-case/{quiet.pk}/").content.decode()

    assert "Resolving withdraws it." in offered


def test_it_comes_back_only_when_somebody_asks_again(quiet, agent, billing, task):
    desk.resolve(case=quiet.pk, member=agent)
    browser = signed_in(agent)
    again = f"/tasks/{task.pk}/ask-again/"
    assert again not in browser.get(f"/tasks/of-case/{quiet.pk}/").content.decode()

    desk.reopen(case=quiet.pk, member=agent)

    assert not services.waiting([quiet.pk]).exists()
    page = browser.get(f"/tasks/of-case/{quiet.pk}/").content.decode()
    assert "Withdrawn because the case was resolved." in page
    assert again in page
    assert browser.post(again, headers=HTMX).status_code == 200
    (fresh,) = services.waiting([quiet.pk])
    assert (fresh.words, fresh.department, fresh.asked_by) == (task.words, billing, agent)
    assert fresh.answer_by > task.answer_by
    page = browser.get(f"/tasks/of-case/{quiet.pk}/").content.decode()
    assert again not in page
    assert "It was asked again." in page
    with pytest.raises(Refused):
        services.ask_again(task=task.pk, member=agent)


def test_it_cannot_be_asked_again_in_a_settled_case(quiet, agent, task):
    desk.resolve(case=quiet.pk, member=agent)

    with translation.override("en"), pytest.raises(Refused, match="settled already"):
        services.ask_again(task=task.pk, member=agent)
    task.refresh_from_db()
    assert task.again is None


def test_joining_withdraws_nothing_and_the_other_case_waits_instead(
    quiet, other, agent, clerk, task
):
    joining.join(case=quiet.pk, into=other.pk, member=agent)

    (shown,) = selectors.of_case(other.pk)
    assert (shown["id"], shown["waits"], shown["settled"]) == (task.pk, True, False)
    assert question([other.pk])
    desk.set_status(case=other.pk, member=agent, status="on_hold")
    services.answer(task=task.pk, member=clerk, words="네")
    assert status(other) == "open"


def test_settling_the_whole_withdraws_what_its_parts_wait_for(quiet, other, agent, task):
    joining.join(case=quiet.pk, into=other.pk, member=agent)

    desk.resolve(case=other.pk, member=agent)

    task.refresh_from_db()
    assert (task.status, task.case_id) == ("withdrawn", quiet.pk)
    assert "The request to 요금·정산 was withdrawn because the case was resolved" in sentences(
        other.pk
    )
    (shown,) = selectors.page(agent, "answered").rows
    assert shown["settled"]
    # taken out, it stands as it stood, but for the hold: there is nothing to wait for any more
    joining.part(case=quiet.pk, member=agent)
    assert status(quiet) == "open"
    assert "ask-again" in signed_in(agent).get(f"/tasks/of-case/{quiet.pk}/").content.decode()


def test_taking_apart_puts_back_the_hold_of_what_still_waits(quiet, other, agent, task):
    before = Task.objects.values().get()
    joining.join(case=quiet.pk, into=other.pk, member=agent)
    joining.part(case=quiet.pk, member=agent)

    assert Task.objects.values().get() == before
    assert status(quiet) == "on_hold"
    assert Event.objects.filter(kind="task.withdrawn").count() == 0


def test_it_answers_from_the_page_of_the_whole(quiet, other, agent, clerk, task):
    joining.join(case=quiet.pk, into=other.pk, member=agent)

    page = signed_in(clerk).post(
        f"/tasks/{task.pk}/answer/", {"deed": "answer", "words": "네"}, headers=HTMX
    )

    assert page.status_code == 200
    assert "하나 더요" in page.content.decode()
