"""The pages of the themes say what was counted, to everybody what their role allows."""

import json
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from crowd import ALONE, LOGIN, PARCEL, days_ago, say, say_all, voice
from desk import batch, letter, source
from sori.change import rounds, runs
from sori.change.models import Surge, Theme, ThemeRun
from sori.lake.store import Lake
from sori.respond.receiving import receive
from sori.staff.models import Member, Role

pytestmark = pytest.mark.django_db
Weigh = Callable[[], ThemeRun]
Named = Callable[[str], Theme]


def browser(role: str) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(Member.objects.create_user(f"{role}@example.com", name=role, role=role))
    return client


@pytest.fixture
def viewer() -> Client:
    return browser(Role.VIEWER)


@pytest.fixture
def agent() -> Client:
    return browser(Role.AGENT)


def page(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return str(answer.content.decode())


def rows(html: str) -> list[str]:
    return re.findall(r'<td class="what"><a class="link" href="/themes/(\d+)/"', html)


def test_it_says_that_themes_are_being_looked_for(viewer: Client, lake: Lake):
    assert "Themes are being looked for" in page(viewer, "/themes/")


def test_it_says_what_it_takes_when_there_are_none(viewer: Client, lake: Lake, weigh: Weigh):
    say_all(lake, *ALONE)
    weigh()

    assert "No themes yet" in page(viewer, "/themes/")
    rounds.ask(runs.ROUND, within=timedelta(0))
    assert "Themes are being looked for" in page(viewer, "/themes/")


def test_it_lists_themes_by_size_growth_and_age(
    viewer: Client, lake: Lake, weigh: Weigh, named: Named
):
    say_all(lake, *LOGIN, published_at=days_ago(10))
    say_all(lake, *LOGIN)
    say_all(lake, *PARCEL, *PARCEL, published_at=days_ago(2))
    weigh()
    login, parcel = str(named("로그인").pk), str(named("배송").pk)

    assert rows(page(viewer, "/themes/")) == [login, parcel]
    assert rows(page(viewer, "/themes/?sort=growth")) == [parcel, login]
    assert rows(page(viewer, "/themes/?sort=new")) == [parcel, login]
    assert "+0%" in page(viewer, "/themes/")


def test_it_filters_by_kind_channel_and_words(
    viewer: Client, lake: Lake, weigh: Weigh, named: Named
):
    say_all(lake, *LOGIN, kind="complaint", channel="mail")
    say_all(lake, *PARCEL, kind="question")
    weigh()
    login, parcel = str(named("로그인").pk), str(named("배송").pk)

    assert rows(page(viewer, "/themes/?kind=complaint")) == [login]
    assert rows(page(viewer, "/themes/?channel=blog")) == [parcel]
    assert rows(page(viewer, "/themes/?q=로그인")) == [login]
    assert rows(page(viewer, f"/themes/?q=%23{parcel}")) == [parcel]
    assert "No theme like that" in page(viewer, "/themes/?q=없는말")
    for odd in ("kind=x", "sort=x", "state=x", "page=x", "page=99", "q=%00", "channel=%27"):
        page(viewer, f"/themes/?{odd}")


def test_it_shows_one_theme_with_all_that_is_known(
    viewer: Client, lake: Lake, weigh: Weigh, named: Named
):
    say_all(lake, *LOGIN, kind="complaint", followers=10)
    say_all(lake, "아침부터 앱 로그인이 안 돼요", author_name="큰별", followers=90_000)
    weigh()
    login = named("로그인")

    html = page(viewer, f"/themes/{login.pk}/")

    (chart,) = re.findall(r'id="chart-volume">(.*?)</script>', html, re.DOTALL)
    values: list[dict[str, Any]] = json.loads(chart)["layer"][0]["data"]["values"]
    assert sum(value["voices"] for value in values) == 6
    assert html.count('<li class="said-by">') == 6
    assert html.index("큰별") < html.rindex("author-")
    assert "90,000" in html
    assert "Heard for the first time" in html


def test_it_shows_what_was_heard_after_the_run_too(
    viewer: Client, lake: Lake, weigh: Weigh, named: Named
):
    say_all(lake, *LOGIN)
    weigh()
    login = named("로그인")
    say_all(lake, "방금 로그인 또 안 돼요", theme=login.pk)

    assert "방금 로그인 또 안 돼요" in page(viewer, f"/themes/{login.pk}/")


def test_it_shows_letters_to_those_who_may_read_the_inbox(
    viewer: Client, agent: Client, lake: Lake, weigh: Weigh, named: Named
):
    place = source()
    letters = [letter(place, f"{text} 010-1234-5678 김하은", title=None) for text in LOGIN]
    lake.append(batch(*letters), source=place.pk, sequence=1)
    receive(lake)
    weigh()
    login = named("로그인")

    seen_by_viewer = page(viewer, f"/themes/{login.pk}/")
    seen_by_agent = page(agent, f"/themes/{login.pk}/")

    assert "뭐죠" not in seen_by_viewer
    assert "kim@" not in seen_by_viewer
    assert "뭐죠" in seen_by_agent
    assert re.search(r'href="/inbox/\d+/"', seen_by_agent)
    assert "/inbox/" not in re.sub(r"<nav.*?</nav>", "", seen_by_viewer, flags=re.DOTALL)
    assert not re.search(r"뭐죠|안 돼요", page(viewer, "/themes/").split("<tbody>")[1])


def test_it_blots_out_ways_to_reach_people_for_those_who_do_not_answer(
    viewer: Client, agent: Client, lake: Lake, weigh: Weigh, named: Named
):
    say_all(lake, *[f"{text} 010-1234-5678" for text in LOGIN])
    weigh()
    address = f"/themes/{named('로그인').pk}/"

    assert "1234-5678" not in page(viewer, address)
    assert "1234-5678" in page(agent, address)


def test_it_goes_back_page_by_page(viewer: Client, lake: Lake, weigh: Weigh, named: Named):
    say_all(
        lake,
        *[f"{LOGIN[number % 5]} {number}번" for number in range(45)],
    )
    weigh()
    address = f"/themes/{named('로그인').pk}/"
    seen: list[str] = []
    while address:
        html = page(viewer, address)
        seen += re.findall(r'<li class="said-by">.*?<p>(.*?)</p>', html, re.DOTALL)
        older = re.search(r'rel="next" href="(\?after=[^"#]*)', html)
        address = f"{address.partition('?')[0]}{older[1].replace('&amp;', '&')}" if older else ""

    assert len(seen) == len(set(seen)) == 45
    page(viewer, f"/themes/{named('로그인').pk}/?after=nonsense~x")


def test_it_writes_whatever_customers_wrote_as_text(
    viewer: Client, lake: Lake, weigh: Weigh, named: Named
):
    hostile = "로그인 </script><script>alert(1)</script>"
    say_all(
        lake,
        *[f"{hostile} {number}" for number in range(4)],
        author_name=hostile,
        url="javascript:alert(1)",
        channel="<b>x",
    )
    weigh()
    login = Theme.objects.get()

    for path in ("/themes/", f"/themes/{login.pk}/"):
        html = page(viewer, path)
        assert "<script>alert" not in html
        assert "javascript:alert" not in html
        assert "<b>x" not in html


def test_it_marks_a_theme_that_surges(viewer: Client, lake: Lake, weigh: Weigh, named: Named):
    say_all(lake, *LOGIN)
    weigh()
    login = named("로그인")
    now = timezone.now()
    surge = Surge.objects.create(
        sort="theme", key=str(login.pk), name=login.name, since=now, told_at=now, last=now,
        peak_at=now, peak=5, voices=50, expected=5, people=40, urgent=2, copies=0, severity=3,
        channel="blog", source=1,
    )  # fmt: skip

    html = page(viewer, "/themes/")

    assert f'<a class="badge bad" href="/surges/{surge.pk}/">Surge ×10.0</a>' in html
    assert "50 voices of 40 people" in html
    theme = page(viewer, f"/themes/{login.pk}/")
    assert '"label": "\\u00d710.0"' in theme


def test_it_leads_from_a_merged_theme_to_where_it_went(
    viewer: Client, lake: Lake, weigh: Weigh, named: Named
):
    say_all(lake, *LOGIN, *PARCEL)
    weigh()
    login, parcel = named("로그인"), named("배송")
    Theme.objects.filter(pk=parcel.pk).update(merged_into=login)

    assert viewer.get(f"/themes/{parcel.pk}/")["Location"] == f"/themes/{login.pk}/"
    html = page(viewer, f"/themes/{login.pk}/")
    assert html.count('<li class="said-by">') == 9
    assert rows(page(viewer, "/themes/")) == [str(login.pk)]


def test_it_asks_about_one_voice(lake: Lake, weigh: Weigh, named: Named):
    supervisor = browser(Role.SUPERVISOR)
    ids = say_all(lake, *LOGIN)
    (stranger,) = say(lake, voice(ALONE[0]))
    weigh()
    number = named("로그인").pk

    assert LOGIN[0] in page(supervisor, f"/themes/{number}/voices/{ids[0]}/")
    for other in (stranger, "nonsense", ids[0] + "0"):
        assert supervisor.get(f"/themes/{number}/voices/{other}/").status_code == 404
