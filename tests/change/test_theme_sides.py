"""The page of a theme shows who says it, in which cases and languages, and how it began."""

import re
from collections.abc import Callable
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from crowd import LOGIN, days_ago, say_all
from desk import alike, member, signed_in
from sori.change.models import Theme, ThemeRun
from sori.lake.store import Lake
from sori.people.models import Identity, Person
from sori.respond import services
from sori.staff.models import Role

pytestmark = pytest.mark.django_db
Weigh = Callable[[], ThemeRun]
Named = Callable[[str], Theme]


def page(role: str, theme: int) -> str:
    who = member(role, role)
    client = signed_in(who)
    return str(client.get(f"/themes/{theme}/", headers={"accept-language": "en"}).content.decode())


def know(name: str, account: str, value: int | None = None) -> Person:
    worth = None if value is None else Decimal(value)
    person = Person.objects.create(name=name, value=worth)
    Identity.objects.create(
        person=person, channel="blog", external_id=account, first_seen_at=timezone.now()
    )
    return person


def card(html: str, title: str) -> str:
    found = re.search(rf"<section class=\"card\"><h2>{title}.*?</section>", html, re.DOTALL)
    return found[0] if found else ""


def test_it_lists_people_we_know_to_those_who_read_the_inbox(
    lake: Lake, weigh: Weigh, named: Named
):
    say_all(lake, *LOGIN)
    say_all(lake, "로그인이 안 돼요 또", "로그인이 안 돼요 세 번째", author_id="often")
    say_all(lake, "로그인이 안 됩니다 정말", author_id="dear")
    often, dear = know("강하늘", "often"), know("김하은", "dear", 3_000_000)
    weigh()
    login = named("로그인").pk

    shown = card(page(Role.AGENT, login), "People we know")
    assert re.findall(r'href="/people/(\d+)/"', shown) == [str(dear.pk), str(often.pk)]
    assert "2 of 7" in shown
    assert "3,000,000 KRW" in shown
    assert "3,000,000" not in card(page(Role.CONTRIBUTOR, login), "People we know")
    assert card(page(Role.VIEWER, login), "People we know") == ""


def test_it_counts_open_and_settled_cases(lake: Lake):
    now = timezone.now()
    theme = Theme.objects.create(number=7, name="로그인", first_seen=now, last_seen=now)
    first, *_ = alike(lake, theme.number, 3)
    case = first.conversation.case_id
    services.decide_no_answer(case=case, member=member(), reason="not_about_us")

    shown = card(page(Role.AGENT, 7), "Cases")
    assert "2 open, 1 settled" in shown
    links = re.findall(r'href="/inbox/(\d+)/"', shown)
    assert links[-1] == str(case)
    assert len(links) == 3
    assert card(page(Role.VIEWER, 7), "Cases") == ""


def test_it_shows_how_it_began_and_in_which_language(lake: Lake, weigh: Weigh, named: Named):
    say_all(lake, LOGIN[2], published_at=days_ago(5), author_name="첫사람")
    say_all(lake, *LOGIN[:2], *LOGIN[3:])
    weigh()
    html = page(Role.VIEWER, named("로그인").pk)

    first = card(html, "First mention")
    assert LOGIN[2] in first
    assert "첫사람" in first
    spoken = card(html, "Languages and places")
    assert "Korean" in spoken
    assert "unknown" in spoken


def test_it_shows_no_letter_as_the_first_mention_to_those_who_may_not_read_it(
    lake: Lake, weigh: Weigh, named: Named
):
    say_all(lake, "로그인이 안 되네요 비밀", published_at=days_ago(5), public=False)
    say_all(lake, *LOGIN)
    weigh()
    login = named("로그인").pk

    assert "비밀" not in page(Role.VIEWER, login)
    assert "비밀" in card(page(Role.AGENT, login), "First mention")


def test_it_asks_as_little_for_many_people_as_for_few(lake: Lake, weigh: Weigh, named: Named):
    asked = []
    say_all(lake, *LOGIN)
    agent = signed_in(member("지민", Role.AGENT))
    for many in (2, 40):
        said = [f"{LOGIN[number % 5]} {many}-{number}" for number in range(many)]
        for number, text in enumerate(said):
            know(f"고객 {many}-{number}", f"author-{many}-{number}", number)
            say_all(lake, text, author_id=f"author-{many}-{number}")
        weigh()
        address = f"/themes/{named('로그인').pk}/"
        agent.get(address)
        with CaptureQueriesContext(connection) as queries:
            assert agent.get(address).status_code == 200
        asked.append(len(queries))

    assert asked[0] == asked[1]
    assert asked[0] < 90
