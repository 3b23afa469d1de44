"""Campaigns are found in the lake, told once, shown with their voices, and told from people."""

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from crowd import LOGIN, PARCEL, days_ago, say, say_all, voice
from sori import flow
from sori.change import finding, listing, rounds, watch
from sori.change.listing import Wanted
from sori.change.models import Campaign, Surge, Theme, ThemeRun
from sori.journal.models import Event
from sori.lake.query import Reader
from sori.lake.store import Lake
from sori.listen.models import Query
from sori.listen.services import add_source
from sori.staff.models import Member, Role

pytestmark = pytest.mark.django_db
NOON = datetime.fromisoformat("2026-11-25T12:00:00+09:00")
WAVE = "이 회사 제품 쓰고 온 가족이 아팠습니다. 다들 절대 사지 마세요. 널리 공유 부탁드립니다"
ENDS = ("", "!!", " ㅠㅠ", "...", " #공유", "~")


@pytest.fixture(autouse=True)
def clock() -> Iterator[Any]:
    with time_machine.travel(NOON, tick=False) as travelling:
        yield travelling


@pytest.fixture
def look(lake: Lake) -> Callable[[], int]:
    """Look for campaigns now, due or not."""
    return lambda: _at_once(finding.ROUND, lambda: finding.find(Reader(lake)))


@pytest.fixture
def viewer(client: Client) -> Client:
    client.force_login(Member.objects.create_user("v@example.com", name="V", role=Role.VIEWER))
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    return client


def _at_once(name: str, do: Callable[[], int]) -> int:
    rounds.Round.objects.filter(name=name).update(due_at=timezone.now() - timedelta(minutes=1))
    return do()


def wave(lake: Lake, hours: float = 3.0, count: int = 6, **row: Any) -> list[str]:
    """The same text from so many accounts, the first one some hours ago."""
    return say(
        lake,
        *(
            voice(
                WAVE + ENDS[number % len(ENDS)],
                published_at=timezone.now() - timedelta(hours=hours * (1 - number / count)),
                **row,
            )
            for number in range(count)
        ),
    )


def test_it_finds_a_copied_text_and_tells_it_once(lake: Lake, look: Callable[[], int]):
    say_all(lake, *LOGIN, *PARCEL)
    ids = wave(lake)

    assert look() == 1
    assert look() == 0

    found = Campaign.objects.get()
    assert (found.why, found.voices, found.people, found.places) == ("copies", 6, 6, 1)
    assert (found.since, found.found_at, found.ended_at) == (NOON - timedelta(hours=3), NOON, None)
    assert found.first_voices == ids[:3]
    assert (found.channel, found.source) == ("blog", 1)
    event = Event.objects.get(kind="campaign.found")
    assert event.about == f"campaign:{found.pk}"
    assert event.data == {"why": "copies", "voices": 6, "people": 6}


def test_it_lets_a_campaign_grow_and_end_once(lake: Lake, look: Callable[[], int], clock: Any):
    wave(lake)
    look()
    clock.shift(timedelta(hours=20))
    wave(lake)
    assert look() == 0
    found = Campaign.objects.get()
    assert (found.voices, found.people) == (12, 12)

    clock.shift(timedelta(hours=49))
    assert look() == 1
    assert look() == 0

    found.refresh_from_db()
    assert found.ended_at == timezone.now()
    told = Event.objects.filter(about=f"campaign:{found.pk}").values_list("kind", flat=True)
    assert list(told) == ["campaign.found", "campaign.ended"]


def test_it_finds_nothing_in_what_many_people_say(lake: Lake, look: Callable[[], int]):
    say_all(lake, *LOGIN * 3, *PARCEL * 3)

    assert look() == 0
    assert not Campaign.objects.exists()


def test_it_does_not_blame_who_writes_the_same_letter_again(lake: Lake, look: Callable[[], int]):
    for number in range(4):
        say_all(lake, WAVE, author_id="kim", public=False, thread_id=f"letter-{number}")

    assert look() == 0


def test_it_looks_every_ten_minutes(lake: Lake):
    finding.find(Reader(lake))

    (row,) = rounds.Round.objects.filter(name=finding.ROUND)
    assert (row.due_at, row.lease_until) == (NOON + timedelta(minutes=10), None)


def test_it_counts_the_voices_of_themes_without_campaigns(
    lake: Lake,
    look: Callable[[], int],
    weigh: Callable[[], ThemeRun],
    named: Callable[[str], Theme],
    viewer: Client,
):
    say_all(lake, *LOGIN, *PARCEL)
    weigh()
    wave(lake, count=5)
    rounds.Round.objects.create(name="weigh", due_at=NOON + timedelta(days=9))
    look()
    assert rounds.Round.objects.get(name="weigh").due_at <= NOON + timedelta(minutes=1)
    weigh()

    (carried,) = [row for row in listing.listed(Wanted()) if WAVE[:4] in row.theme.central]
    assert carried.voices == 5
    without = {row.theme.pk: row.voices for row in listing.listed(Wanted(own=True))}
    assert carried.theme.pk not in without
    assert without[named("로그인").pk] == 5
    page = viewer.get("/themes/?campaigns=no").content.decode()
    assert f"/themes/{carried.theme.pk}/" not in page
    assert "0 without campaigns" in viewer.get(f"/themes/{carried.theme.pk}/").content.decode()


def test_it_says_which_campaign_carries_a_surge(
    lake: Lake, look: Callable[[], int], viewer: Client
):
    rule = Query.objects.create(name="불매", expression="사지")
    Query.objects.update(created_at=days_ago(40))
    usual = [voice(f"오늘의 이야기 {n}", published_at=days_ago(1 + n / 4)) for n in range(80)]
    say(lake, *usual)
    wave(lake, hours=0.2, count=20, queries=[rule.pk])
    look()

    _at_once(watch.ROUND, lambda: watch.watch(Reader(lake)))

    surge = Surge.objects.get(sort="query")
    campaign = Campaign.objects.get()
    assert (surge.campaign, surge.carried_by, surge.severity) == (True, campaign, 1)
    link = f'href="/campaigns/{campaign.pk}/"'
    assert link in viewer.get(f"/surges/{surge.pk}/").content.decode()
    assert link in viewer.get("/surges/").content.decode()
    assert f"/surges/{surge.pk}/" in viewer.get(f"/campaigns/{campaign.pk}/").content.decode()


def test_it_does_not_call_a_day_of_one_star_a_campaign_that_carries_anything(
    lake: Lake, look: Callable[[], int], viewer: Client
):
    usual = [
        voice(f"영화 이야기 {n}", published_at=days_ago(1.6 + n / 12), rating=4.0)
        for n in range(300)
    ]
    angry = [
        voice(f"앱이 안 돼요 {n}", published_at=days_ago(n / 200), rating=1.0) for n in range(60)
    ]
    say(lake, *usual, *angry)

    look()

    found = Campaign.objects.get()
    assert (found.why, found.stars, found.voices) == ("stars", 1, 60)
    assert not Campaign.objects.sure().exists()
    assert "or something broke" in viewer.get(f"/campaigns/{found.pk}/").content.decode()


def test_it_shows_public_voices_and_no_way_to_reach_anybody(
    lake: Lake, look: Callable[[], int], viewer: Client
):
    say_all(lake, *[f"{WAVE} 010-1234-5678"] * 4)
    say_all(lake, *[f"{WAVE} 비밀"] * 2, public=False)
    look()

    (found,) = Campaign.objects.all()
    page = viewer.get(f"/campaigns/{found.pk}/").content.decode()
    assert WAVE in page
    assert WAVE in viewer.get("/campaigns/").content.decode()
    assert "비밀" not in page
    assert "1234-5678" not in page
    assert viewer.get("/campaigns/987654321/").status_code == 404


def test_it_says_when_there_are_none(lake: Lake, viewer: Client):
    assert "Everybody speaks for themselves" in viewer.get("/campaigns/").content.decode()


def test_it_goes_all_the_way_from_the_demo_company_to_a_shown_campaign(lake: Lake, viewer: Client):
    source = add_source(
        name="블로그·카페",
        channel="demo",
        settings={
            "speaks_as": "rss",
            "voices": 60,
            "since": date(2026, 11, 5).isoformat(),
            "anchor": NOON.date().isoformat(),
            "outbox": "/nowhere/outbox",
        },
        interval=10,
    )
    flow.turn(source)
    assert flow.find_campaigns() == 0, "its customers say the same all the time"

    wave(lake, count=40, source=source.pk, channel="rss")
    _at_once(finding.ROUND, flow.find_campaigns)

    found = Campaign.objects.get()
    assert (found.why, found.voices) == ("copies", 40)
    page = viewer.get("/campaigns/").content.decode()
    assert f"/campaigns/{found.pk}/" in page
    assert WAVE in page
