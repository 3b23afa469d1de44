"""The list of the inbox as a page: tabs, search, paging, and what it costs."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from desk import HTMX, letter, member, opened, say, signed_in, source
from sori.people.models import Person
from sori.respond import services, sla
from sori.respond.models import Case, Clock, Message

pytestmark = pytest.mark.django_db


def many(count: int) -> None:
    """Cases with a running clock each, the last one newest."""
    now = timezone.now()
    person = Person.objects.create(name="김하은")
    cases = Case.objects.bulk_create(
        Case(
            person=person,
            subject=f"문의 {number}",
            channel="email",
            kind="question",
            opened_at=now - timedelta(minutes=count - number),
            updated_at=now - timedelta(minutes=count - number),
        )
        for number in range(count)
    )
    Clock.objects.bulk_create(Clock(case=case, **sla.start(now)._asdict()) for case in cases)


def subjects(response) -> list[str]:
    return re.findall(r'class="subj">([^<]*)<', response.content.decode())


def test_it_begins_with_what_is_mine_and_with_everything_when_nothing_is(lake):
    agent = member()
    opened(lake, title="첫째", author_id="a@x.kr")
    other = opened(lake, title="둘째", author_id="b@x.kr")
    browser = signed_in(agent)

    assert subjects(browser.get("/inbox/")) == ["둘째", "첫째"]
    services.assign(case=other.conversation.case_id, member=agent, owner=agent)
    assert subjects(browser.get("/inbox/")) == ["둘째"]
    assert subjects(browser.get("/inbox/?tab=unassigned")) == ["첫째"]
    assert subjects(browser.get("/inbox/?tab=resolved")) == []


def test_it_shows_true_counts_and_unclear_answers_only_when_there_are_any(lake):
    letter_ = opened(lake)
    browser = signed_in()
    assert "To check" not in browser.get("/inbox/?tab=open").content.decode()

    answer = services.approve_reply(answers=letter_.pk, member=member(), body="네")
    Message.objects.filter(pk=answer.pk).update(state="unknown")

    page = browser.get("/inbox/?tab=open").content.decode()
    assert re.search(r'To check<span class="num">1<', page)
    assert re.search(r'All open<span class="num">1<', page)
    assert "Check answer" in page


def test_it_pages_by_key_without_losing_or_repeating_a_case():
    many(120)
    browser = signed_in()
    seen: list[str] = []
    path = "/inbox/?tab=open"
    while path:
        response = browser.get(path)
        seen += subjects(response)
        older = re.search(r'rel="next" href="([^"]+)"', response.content.decode())
        path = older[1].replace("&amp;", "&") if older else ""
    assert seen == [f"문의 {number}" for number in reversed(range(120))]


def test_it_sends_older_rows_alone_to_htmx():
    many(60)
    browser = signed_in()
    page = browser.get("/inbox/?tab=open").content.decode()
    path = re.search(r'rel="next" href="([^"]+)"', page)[1].replace("&amp;", "&")

    more = browser.get(path, headers={**HTMX, "HX-Target": "older"}).content.decode()

    assert more.count('class="row') == 10
    assert "<html" not in more
    assert 'hx-swap-oob="beforeend:#rows"' in more


def test_it_finds_a_korean_word_of_two_syllables(lake):
    opened(lake, text="환불금은 언제 들어오나요?", title="문의", author_id="a@x.kr")
    opened(lake, text="배송은 언제 오나요?", title="배송 문의", author_id="b@x.kr")
    browser = signed_in()

    assert subjects(browser.get("/inbox/?q=환불")) == ["문의"]
    assert "1 case" in browser.get("/inbox/?q=환불").content.decode()
    assert "Nothing found" in browser.get("/inbox/?q=없는말").content.decode()


@pytest.mark.parametrize(
    "asked", ["after=nonsense", "after=~", "department=99999999999999999999", "tab=%00", "q=%00%01"]
)
def test_it_takes_nonsense_in_the_address_calmly(lake, asked):
    opened(lake)
    assert signed_in().get(f"/inbox/?{asked}").status_code == 200


def test_it_keeps_the_open_case_when_the_tab_changes(lake):
    case = opened(lake).conversation.case_id
    headers = {
        **HTMX,
        "HX-Target": "found",
        "HX-Current-URL": f"http://testserver/inbox/{case}/?tab=open",
    }
    response = signed_in().get("/inbox/?tab=unassigned", headers=headers)
    assert response["HX-Push-Url"] == f"/inbox/{case}/?tab=unassigned"


def test_it_writes_what_customers_call_themselves_as_text(lake):
    place = source()
    say(
        lake,
        letter(
            place,
            title="<script>alert(1)</script>\u202egpj.exe",
            author_name="<img src=x onerror=alert(2)>",
        ),
    )
    page = signed_in().get("/inbox/?tab=open").content.decode()
    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "\u202e" not in page


@pytest.mark.parametrize("path", ["/inbox/?tab=open", "/inbox/?tab=mine", "/inbox/?q=문의"])
def test_it_asks_as_often_for_a_thousand_cases_as_for_ten(path):
    browser = signed_in()
    many(10)
    browser.get(path)
    with CaptureQueriesContext(connection) as few:
        browser.get(path)
    many(990)
    with CaptureQueriesContext(connection) as lots:
        browser.get(path)
    assert len(lots) == len(few) <= 15


def test_it_sends_small_rows():
    many(50)
    headers = {**HTMX, "HX-Target": "rows"}
    rows = signed_in().get("/inbox/?tab=open", headers=headers).content
    assert len(rows) / 50 < 800
