"""The list narrowed to what one wants, and kept under a name: one's own or everybody's."""

import re

import pytest

from desk import HTMX, letter, member, opened, say, signed_in, source
from sori.listen.models import View
from sori.respond import selectors, services
from sori.respond.models import Case
from sori.staff.models import Department, Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def cases(lake):
    """A complaint, a question and some praise, of three people."""
    place = source()
    for number, (kind, sentiment, urgency) in enumerate(
        [("complaint", "negative", 2), ("question", "neutral", 1), ("praise", "positive", 0)]
    ):
        said = {"kind": kind, "sentiment": sentiment, "urgency": urgency, "title": kind}
        say(lake, letter(place, author_id=f"c{number}@x.kr", **said))
    return list(Case.objects.order_by("pk"))


def subjects(browser, query):
    page = browser.get(f"/inbox/?{query}").content.decode()
    return re.findall(r'class="subj">([^<]*)<', page)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("kind=complaint", ["complaint"]),
        ("urgency=2", ["complaint"]),
        ("sentiment=positive", ["praise"]),
        ("kind=question&sentiment=neutral", ["question"]),
        ("kind=question&sentiment=positive", []),
        ("channel=email", ["praise", "question", "complaint"]),
        ("channel=%00blog", []),
        ("kind=nonsense&urgency=7&owner=x", ["praise", "question", "complaint"]),
        ("kind=complaint&tab=resolved", []),
        ("kind=complaint&sort=urgent", ["complaint"]),
    ],
)
def test_it_narrows_the_list(cases, query, found):
    asked = query if "tab=" in query else f"tab=open&{query}"
    assert subjects(signed_in(), asked) == found


def test_it_narrows_to_what_somebody_answers_for(cases):
    anna = member("안나")
    services.assign(case=cases[1].pk, member=anna, owner=anna)

    page = selectors.inbox(member=anna.pk, only={"owner": anna.pk})

    assert [row["id"] for row in page.rows] == [cases[1].pk]


def test_it_keeps_a_list_under_a_name_and_leads_there_again(cases):
    browser = signed_in()

    browser.post("/inbox/views/?tab=open&kind=complaint&after=x&q=y", {"name": " 급한  불만 "})

    view = View.objects.get()
    assert (view.name, view.room, view.query) == ("급한 불만", "inbox", "tab=open&kind=complaint")
    assert subjects(browser, view.query) == ["complaint"]
    assert "급한 불만" in browser.get("/inbox/filters/").content.decode()
    assert "급한 불만" not in browser.get("/explore/").content.decode()
    assert "급한 불만" not in signed_in().get("/inbox/filters/").content.decode()


def test_everybody_sees_a_shared_view_but_only_its_owner_throws_it_away(cases):
    mine, other = signed_in(), signed_in()
    mine.post("/inbox/views/?kind=idea", {"name": "제안", "shared": "on"})
    view = View.objects.get()

    assert "제안" in other.get("/inbox/filters/").content.decode()
    other.post(f"/inbox/views/{view.pk}/delete/")
    assert View.objects.exists()
    mine.post(f"/inbox/views/{view.pk}/delete/")
    assert not View.objects.exists()


@pytest.mark.parametrize("name", ["", "  ", "x" * 81])
def test_it_asks_for_a_name_that_will_do(cases, name):
    signed_in().post("/inbox/views/?kind=idea", {"name": name})
    assert not View.objects.exists()


def test_a_view_of_the_explorer_is_not_the_inboxs_to_delete(lake):
    opened(lake)
    who = member()
    kept = View.objects.create(name="x", owner=who, query="kind=idea")
    assert signed_in(who).post(f"/inbox/views/{kept.pk}/delete/").status_code == 404
    reader = signed_in(member(role=Role.AUDITOR))
    assert reader.post("/inbox/views/", {"name": "x"}).status_code == 403


def test_a_view_may_be_for_one_role_alone(cases):
    boss = signed_in(member("팀장", Role.SUPERVISOR))
    boss.post("/inbox/views/?kind=idea", {"name": "상담원의 제안", "shared": Role.AGENT})

    assert "상담원의 제안" in boss.get("/inbox/filters/").content.decode()
    assert (
        "상담원의 제안"
        in signed_in(member(role=Role.AGENT)).get("/inbox/filters/").content.decode()
    )
    others = signed_in(member(role=Role.AUDITOR)).get("/inbox/filters/").content.decode()
    assert "상담원의 제안" not in others


def test_the_menu_speaks_of_the_list_it_was_opened_over(cases):
    headers = HTMX | {"HX-Current-URL": "http://testserver/inbox/7/?tab=resolved&kind=idea"}
    menu = signed_in().get("/inbox/filters/", headers=headers).content.decode()

    assert "tab=resolved&amp;kind=praise" in menu
    assert 'name="name"' in menu
    assert "<html" not in menu


def test_without_scripts_the_menu_is_a_page(cases):
    browser = signed_in()
    page = browser.get("/inbox/filters/?tab=open&kind=idea").content.decode()

    assert "<html" in page
    assert "/inbox/?tab=open&amp;kind=praise" in page
    assert "/inbox/filters/?tab=open" in browser.get("/inbox/?tab=open").content.decode()


def test_what_was_picked_is_offered_departments_and_owners(cases):
    anna = member("안나")
    Department.objects.create(name="요금팀")
    menu = signed_in().get("/inbox/picked/more/", headers=HTMX).content.decode()

    assert f'value="owner:{anna.pk}"' in menu
    assert "요금팀" in menu
