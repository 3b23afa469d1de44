"""Surges are told within minutes, once, with who, since when and where; and they end once."""

import random
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from crowd import LOGIN, PARCEL, days_ago, say, say_all, voice
from sori.change import rounds, selectors, watch
from sori.change.models import Surge, Theme, ThemeRun
from sori.change.packing import packed_centres
from sori.journal.models import Event
from sori.lake.query import Reader
from sori.lake.store import Lake
from sori.listen.models import Query, Source

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)
NOON = datetime.fromisoformat("2026-11-25T12:00:00+09:00")


@pytest.fixture(autouse=True)
def clock() -> Iterator[Any]:
    with time_machine.travel(NOON, tick=False) as travelling:
        yield travelling


@pytest.fixture
def rule() -> Query:
    made = Query.objects.create(name="로그인 오류", expression="로그인")
    Query.objects.update(created_at=days_ago(40))
    return made


@pytest.fixture
def look(lake: Lake) -> Callable[[], int]:
    """Look now, due or not."""

    def at_once() -> int:
        rounds.Round.objects.filter(name=watch.ROUND).update(due_at=timezone.now() - MINUTE)
        return watch.watch(Reader(lake))

    return at_once


def usual(lake: Lake, a_day: int = 6, days: int = 20, **row: Any) -> None:
    """So many voices on each of the last days, at any hour, about nothing in particular."""
    dice = random.Random(1)
    say(
        lake,
        *(
            voice(
                f"오늘의 이야기 {day} {number}",
                published_at=timezone.now() - timedelta(days=day, hours=dice.uniform(0.5, 23)),
                **row,
            )
            for day in range(days)
            for number in range(a_day)
        ),
    )


def burst(lake: Lake, count: int, **row: Any) -> list[str]:
    """So many people in the last quarter of an hour."""
    return say(
        lake,
        *(
            voice(
                f"{LOGIN[number % len(LOGIN)]} {number}번째 사람",
                **{"published_at": timezone.now() - MINUTE * (14 - 12 * number / count)} | row,
            )
            for number in range(count)
        ),
    )


def test_it_tells_within_minutes_what_grows(lake: Lake, rule: Query, look: Callable[[], int]):
    usual(lake, queries=[rule.pk])
    first, *_ = burst(lake, 14, queries=[rule.pk], urgency=2)

    assert look() > 0

    surge = Surge.objects.get(sort="query")
    assert (surge.key, surge.name) == (str(rule.pk), "로그인 오류")
    assert (surge.voices, surge.people, surge.urgent) == (14, 14, 14)
    assert surge.expected < 1
    assert surge.since == NOON - MINUTE * 14
    assert surge.first_voices[0] == first
    assert (surge.channel, surge.source) == ("blog", 1)
    assert not surge.campaign
    assert surge.severity == 2
    began = Event.objects.get(kind="surge.began", about=f"surge:{surge.pk}")
    assert began.data == {"sort": "query", "key": str(rule.pk), "campaign": False}


def test_it_says_nothing_on_an_ordinary_day(lake: Lake, rule: Query, look: Callable[[], int]):
    usual(lake, queries=[rule.pk])
    burst(lake, 3, queries=[rule.pk])

    assert look() == 0
    assert not Surge.objects.exists()


def test_it_says_nothing_before_it_knows_what_is_usual(
    lake: Lake, rule: Query, look: Callable[[], int]
):
    usual(lake, days=4, queries=[rule.pk])
    burst(lake, 40, queries=[rule.pk])

    assert look() == 0


def test_it_tells_a_rule_that_never_heard_anything_before(
    lake: Lake, rule: Query, look: Callable[[], int]
):
    usual(lake)
    burst(lake, 8, queries=[rule.pk])

    look()

    assert Surge.objects.filter(sort="query").exists()


def test_it_opens_and_ends_a_surge_once(
    lake: Lake, rule: Query, look: Callable[[], int], clock: Any
):
    usual(lake, queries=[rule.pk])
    burst(lake, 14, queries=[rule.pk])
    look()
    clock.shift(MINUTE * 5)
    burst(lake, 10, queries=[rule.pk])
    look()
    surge = Surge.objects.get(sort="query")
    assert (surge.voices, surge.ended_at) == (24, None)

    for _ in range(14):
        clock.shift(timedelta(hours=1))
        look()

    surge.refresh_from_db()
    assert surge.ended_at
    assert timedelta(hours=6) <= surge.ended_at - surge.last < timedelta(hours=8)
    assert surge.voices == 24
    about = Event.objects.filter(about=f"surge:{surge.pk}").values_list("kind", flat=True)
    assert list(about) == ["surge.began", "surge.ended"]
    assert not Surge.objects.filter(ended_at=None).exists()


def test_it_tells_a_surge_that_comes_back_as_another_one(
    lake: Lake, rule: Query, look: Callable[[], int], clock: Any
):
    usual(lake, queries=[rule.pk])
    burst(lake, 14, queries=[rule.pk])
    look()
    for _ in range(12):
        clock.shift(timedelta(hours=1))
        look()
    burst(lake, 20, queries=[rule.pk])

    look()

    first, second = Surge.objects.filter(sort="query").order_by("since")
    assert first.ended_at
    assert second.since > first.last
    assert second.voices == 20


def test_it_marks_a_wave_of_copies(lake: Lake, rule: Query, look: Callable[[], int]):
    usual(lake, queries=[rule.pk])
    text = "초대 코드 SODAM77 넣으면 오천 원 바로 드립니다 지금 가입하세요 선착순 마감"
    say_all(lake, *[text] * 30, queries=[rule.pk])

    look()

    surge = Surge.objects.get(sort="query")
    assert surge.campaign
    assert (surge.voices, surge.copies) == (1, 29)


def test_it_marks_one_author_in_many_words(lake: Lake, rule: Query, look: Callable[[], int]):
    usual(lake, queries=[rule.pk])
    burst(lake, 20, queries=[rule.pk], author_id="loud")

    look()

    surge = Surge.objects.get(sort="query")
    assert (surge.campaign, surge.people) == (True, 1)


def test_it_tells_a_theme_and_lets_it_explain_the_rest(
    lake: Lake,
    rule: Query,
    weigh: Callable[[], ThemeRun],
    named: Callable[[str], Theme],
    look: Callable[[], int],
):
    usual(lake)
    say_all(lake, *LOGIN, *PARCEL, published_at=days_ago(9), queries=[rule.pk])
    weigh()
    login = named("로그인")
    burst(lake, 20, queries=[rule.pk], theme=login.pk)

    look()

    theme = Surge.objects.get(sort="theme")
    assert (theme.key, theme.name, theme.within) == (str(login.pk), login.name, None)
    others = Surge.objects.exclude(pk=theme.pk)
    assert {surge.sort for surge in others} == {"query", "source", "topic", "all"}
    assert {surge.within for surge in others} == {theme}


def test_it_tells_one_matter_in_several_wordings_once(
    lake: Lake,
    weigh: Callable[[], ThemeRun],
    named: Callable[[str], Theme],
    look: Callable[[], int],
):
    usual(lake)
    say_all(lake, *LOGIN, *PARCEL, published_at=days_ago(9))
    weigh()
    (run,) = ThemeRun.objects.all()
    login, parcel = named("로그인"), named("배송")
    centres = selectors.every_centre()
    assert selectors.likeness(login.pk, parcel.pk) < selectors.ALIKE
    twins = centres._replace(vectors=centres.vectors[[0] * len(centres.numbers)])
    ThemeRun.objects.update(centres=packed_centres(twins), at=run.at + MINUTE)
    burst(lake, 20, theme=login.pk)
    burst(lake, 19, theme=parcel.pk)

    look()

    larger, smaller = Surge.objects.filter(sort="theme").order_by("-voices")
    assert (larger.within, smaller.within) == (None, larger)


def test_it_asks_for_a_run_when_something_new_grows(
    lake: Lake, weigh: Callable[[], ThemeRun], look: Callable[[], int], clock: Any
):
    usual(lake)
    weigh()
    later = timezone.now() + timedelta(days=9)
    rounds.Round.objects.create(name="weigh", due_at=later)
    burst(lake, 20)
    look()
    assert rounds.Round.objects.get(name="weigh").due_at == later, "one has just been"

    clock.shift(MINUTE * 5)
    look()
    assert rounds.Round.objects.get(name="weigh").due_at == timezone.now()
    weigh()
    look()

    assert "로그인" in Surge.objects.get(sort="theme").name


def test_it_does_not_take_general_growth_for_news_of_a_rule(
    lake: Lake, rule: Query, look: Callable[[], int]
):
    usual(lake, a_day=20, queries=[rule.pk])
    usual(lake, a_day=20)
    say(
        lake,
        *(
            voice(
                f"다들 떠드는 날 {number}",
                published_at=NOON - MINUTE * (number % 14 + 1),
                queries=[rule.pk] if number % 2 else None,
            )
            for number in range(60)
        ),
    )

    look()

    assert {surge.sort for surge in Surge.objects.all()} >= {"all"}
    assert not Surge.objects.filter(sort="query").exists()


def test_it_calls_a_source_by_its_name(lake: Lake, look: Callable[[], int]):
    place = Source.objects.create(name="블로그", slug="blog", channel="rss")
    Source.objects.update(created_at=days_ago(40))
    usual(lake, source=place.pk)
    usual(lake, source=place.pk + 1)
    burst(lake, 20, source=place.pk)

    look()

    assert Surge.objects.get(sort="source").name == "블로그"


def test_it_does_not_take_a_new_source_for_a_surge(lake: Lake, look: Callable[[], int]):
    place = Source.objects.create(name="블로그", slug="blog", channel="rss")
    usual(lake, source=place.pk)
    burst(lake, 20, source=place.pk)

    assert look() == 0


def test_it_looks_once_a_minute(lake: Lake):
    reader = Reader(lake)
    watch.watch(reader)

    (row,) = rounds.Round.objects.filter(name=watch.ROUND)
    assert row.due_at == NOON + MINUTE
    assert row.lease_until is None


def test_it_keeps_quiet_about_an_empty_lake(lake: Lake, look: Callable[[], int]):
    assert look() == 0
