"""Tasks on pages: the list of a department, the part of a case, and what each role may do there."""

import pytest

from desk import HTMX, signed_in
from sori.respond.models import Case
from sori.staff.models import Role
from sori.teamwork import selectors, services
from sori.teamwork.models import Task

pytestmark = pytest.mark.django_db


@pytest.fixture
def task(case, agent, billing) -> Task:
    return services.ask(case=case.pk, member=agent, department=billing, words="환불해 주세요 <b>")


def test_it_asks_from_the_case_and_shows_the_timeline_again(case, agent, billing):
    browser = signed_in(agent)

    answer = browser.post(
        f"/tasks/of-case/{case.pk}/ask/",
        {"department": billing.pk, "words": "확인해 주세요"},
        headers=HTMX,
    )

    page = answer.content.decode()
    assert "asked 요금·정산 for something" in page
    assert 'id="ask-form"' in page
    assert Task.objects.get().words == "확인해 주세요"


def test_it_gives_the_words_back_when_they_are_refused(case, agent):
    answer = signed_in(agent).post(
        f"/tasks/of-case/{case.pk}/ask/", {"words": "누구에게?"}, headers=HTMX
    )

    assert answer.status_code == 422
    assert answer["HX-Retarget"] == "#ask-form"
    assert "누구에게?" in answer.content.decode()
    assert "Choose a department." in answer.content.decode()


def test_it_shows_what_a_department_is_asked_and_nobody_elses(task, agent, clerk):
    ours = signed_in(clerk).get("/tasks/").content.decode()
    theirs = signed_in(agent).get("/tasks/").content.decode()

    assert "환불해 주세요 &lt;b&gt;" in ours
    assert "환불해 주세요" not in theirs
    assert "환불해 주세요" in signed_in(agent).get("/tasks/?tab=asked").content.decode()


def test_it_answers_from_the_list(task, clerk, agent):
    browser = signed_in(clerk)

    browser.post(f"/tasks/{task.pk}/take/", {"list": "1"})
    browser.post(f"/tasks/{task.pk}/answer/", {"list": "1", "deed": "answer", "words": "했어요"})

    assert Task.objects.get().answer == "했어요"
    assert "했어요" in signed_in(agent).get("/tasks/?tab=answered").content.decode()
    assert "했어요" in signed_in(agent).get(f"/tasks/of-case/{task.case_id}/").content.decode()


def test_it_keeps_the_words_of_an_answer_that_was_refused(task, agent, clerk):
    page = signed_in(clerk).post(
        f"/tasks/{task.pk}/answer/", {"list": "1", "deed": "decline", "words": " "}
    )

    assert page.status_code == 422
    assert "Write between 1 and 4,000 characters." in page.content.decode()


def test_it_declines_with_the_reason_from_the_case(task, clerk):
    answer = signed_in(clerk).post(
        f"/tasks/{task.pk}/answer/",
        {"deed": "decline", "words": "저희 일이 아니에요"},
        headers=HTMX,
    )

    assert "declined the request" in answer.content.decode()
    assert Task.objects.get().status == "declined"


def test_it_offers_the_form_only_to_the_department(task, agent, clerk, service, hire):
    part = f"/tasks/of-case/{task.case_id}/"
    auditor = hire("오태윤", service, Role.AUDITOR)

    assert f"/tasks/{task.pk}/answer/" in signed_in(clerk).get(part).content.decode()
    assert f"/tasks/{task.pk}/answer/" not in signed_in(agent).get(part).content.decode()
    assert f"/tasks/{task.pk}/withdraw/" in signed_in(agent).get(part).content.decode()
    assert "<form" not in signed_in(auditor).get(part).content.decode()


def test_it_turns_pages_without_losing_or_doubling_a_task(case, agent, clerk, billing):
    for number in range(7):
        services.ask(case=case.pk, member=agent, department=billing, words=f"{number}")
    for task in Task.objects.order_by("-id")[:3]:
        services.answer(task=task.pk, member=clerk, words="네")

    for tab, count in (("ours", 4), ("answered", 3)):
        seen, after = [], ""
        while True:
            page = selectors.page(clerk, tab, after=after, limit=2)
            seen += [row["id"] for row in page.rows]
            after = page.next
            if not after:
                break
        assert len(seen) == len(set(seen)) == count
    assert selectors.counts(clerk) == {"ours": 4, "asked": 0, "answered": 3}


@pytest.mark.parametrize("after", ["nonsense", "2026-01-01~1", "~", "2026-01-01T00:00:00+00:00~x"])
def test_it_starts_at_the_top_of_a_place_somebody_made_up(task, clerk, after):
    assert len(selectors.page(clerk, "ours", after=after).rows) == 1


def test_it_asks_the_database_as_often_for_many_as_for_one(
    case, agent, clerk, billing, django_assert_num_queries
):
    for number in range(5):
        services.ask(case=case.pk, member=agent, department=billing, words=f"{number}")

    with django_assert_num_queries(2):
        selectors.page(clerk, "ours")
        selectors.counts(clerk)


def test_it_has_nothing_to_show_to_somebody_without_a_department(task, hire):
    nobody = hire("무소속", None)

    assert "You belong to no department yet" in signed_in(nobody).get("/tasks/").content.decode()
    assert Case.objects.count() == 1
