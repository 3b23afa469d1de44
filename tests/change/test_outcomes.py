"""A shipped change is looked at every day, settled once, and reopened once when it comes back."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone

from shipments import ago, counted, initiative, noon, numbers, runs, said, shipped, theme
from sori.change.initiatives.brought import brought
from sori.change.initiatives.models import Initiative
from sori.change.models import Round, Surge, Theme, ThemeDay
from sori.change.outcomes import checking, gathering
from sori.change.outcomes.models import Outcome
from sori.journal.models import Event
from sori.lake.query import Reader
from sori.lake.store import Lake

pytestmark = pytest.mark.django_db
Look = Callable[[], int]


@pytest.fixture
def look(lake: Lake) -> Look:
    """Look now, as if it were time to, and as if the day had gone by."""

    def again() -> int:
        Round.objects.filter(name=checking.ROUND).update(due_at=timezone.now() - timedelta(days=1))
        Outcome.objects.update(through=None)
        return checking.check(Reader(lake))

    return again


def stage(of: Initiative) -> str:
    return Initiative.objects.values_list("stage", flat=True).get(pk=of.pk)


def is_checked(of: Initiative) -> bool:
    """Whether it was looked at and is still out."""
    open_ = (Initiative.Stage.HEARD, Initiative.Stage.CONSIDERED)
    return (
        Initiative.objects.exclude(stage__in=open_)
        .filter(pk=of.pk, checked_at__isnull=False)
        .exists()
    )


def kinds(of: Initiative) -> list[str]:
    events = Event.objects.filter(about=f"initiative:{of.pk}")
    return list(events.values_list("kind", flat=True))


def test_it_settles_what_became_rarer_and_says_it_once(lake: Lake, look: Look):
    one = shipped(lake)

    assert look() == 1
    row = Outcome.objects.get()
    assert (row.verdict, row.why) == ("fewer", "")
    assert row.settled_at is not None
    assert row.figures["before"] == pytest.approx(120)
    assert row.figures["after"] == pytest.approx(30)
    assert row.figures["low"] < row.figures["ratio"] < row.figures["high"] < 0.5
    assert row.voice_to_change == 50
    assert is_checked(one)
    look()
    assert kinds(one) == ["outcome.settled", "initiative.checked"]
    settled = brought(one)
    assert settled is not None
    assert settled.ratio == pytest.approx(0.25)


def test_it_looks_once_a_day(lake: Lake):
    shipped(lake)
    assert checking.check(Reader(lake)) == 1
    Round.objects.update(due_at=timezone.now() - timedelta(days=1))

    assert checking.check(Reader(lake)) == 0
    assert checking.check(Reader(lake)) == 0  # not due


def test_it_says_how_it_looks_so_far_without_settling(lake: Lake, look: Look):
    one = shipped(lake, days=16)
    look()
    row = Outcome.objects.get()

    assert (row.verdict, row.settled_at) == ("fewer", None)
    assert stage(one) == Initiative.Stage.SHIPPED
    assert kinds(one) == []


def test_it_is_too_early_after_some_days(lake: Lake, look: Look):
    shipped(lake, days=9)
    look()
    row = Outcome.objects.get()

    assert (row.verdict, row.why, row.more_days) == ("early", "days", 6)
    assert row.figures["before"] == pytest.approx(120, rel=0.2)


def test_it_cannot_tell_without_a_theme_or_without_a_past(lake: Lake, look: Look):
    nothing = initiative()
    about = theme(first=3)
    counted(about, [(number, 5) for number in range(1, 12)])
    said(lake, range(1, 12), 20)
    runs(0)
    young = initiative([about], shipped=2)
    look()

    assert Outcome.objects.get(initiative=nothing).why == "theme"
    assert Outcome.objects.get(initiative=young).why == "before"


def test_it_does_not_count_days_on_which_nobody_counted(lake: Lake):
    runs(0)
    days = gathering.known_days(ago(60), ago(1))

    assert (days[0], days[-1], len(days)) == (ago(13), ago(1), 13)


def test_it_takes_no_louder_channel_for_an_effect(lake: Lake, look: Look):
    about = theme()
    counted(about, [(number, 2) for number in range(1, 51)], channel="blog")
    counted(about, [(number, 20) for number in range(30, 51)], channel="email")
    counted(about, [(number, 2) for number in range(1, 30)], channel="email")
    said(lake, range(1, 51), 100)
    said(lake, range(30, 51), 100, channel="email")
    said(lake, range(1, 30), 10, channel="email")
    runs(37)
    initiative([about])
    look()
    row = Outcome.objects.get()

    assert row.verdict == "same"
    assert row.figures["ratio"] == pytest.approx(1, abs=0.05)
    assert [one["channel"] for one in row.channels] == ["email", "blog"]


def test_it_counts_what_was_merged_and_leaves_campaigns_out(lake: Lake, look: Look):
    one = shipped(lake, before=6, after=6)
    root = Theme.objects.get()
    other = theme("택배 지연")
    other.merged_into = root
    other.save()
    counted(other, [(number, 6) for number in range(30, 51)])
    for day in ThemeDay.objects.filter(theme=root, day__gt=ago(30)):
        day.carried = {"complaint": {"blog": 3}}
        day.save()
    look()

    assert Outcome.objects.get(initiative=one).figures["ratio"] == pytest.approx(0.25)


def test_it_knows_how_many_people_said_it_where_the_lake_knows(lake: Lake, look: Look):
    about = theme()
    counted(about, [(number, 10) for number in range(30, 51)])
    counted(about, [(number, 2) for number in range(1, 30)])
    said(lake, range(1, 51), 100)
    said(lake, range(30, 51), 10, theme=about.pk)
    said(lake, range(1, 30), 2, theme=about.pk)
    runs(37)
    initiative([about])
    look()

    known = Outcome.objects.get().people
    assert (known["raised_before"], known["active_before"]) == (10, 100)
    assert (known["raised_after"], known["active_after"]) == (2, 100)


def test_it_does_not_guess_how_many_people_said_it(lake: Lake, look: Look):
    shipped(lake)
    look()

    assert Outcome.objects.get().people == {}


def test_it_reopens_once_when_it_is_heard_as_often_again(lake: Lake, look: Look):
    one = shipped(lake, days=40)
    look()
    for day in ThemeDay.objects.filter(day__gte=ago(7)):
        day.counts = {"complaint": {"blog": 15}}
        day.save()
    look()
    row = Outcome.objects.get()

    assert row.back == Outcome.Back.RATE
    assert stage(one) == Initiative.Stage.CONSIDERED
    assert brought(one) is None
    look()
    look()
    assert kinds(one).count("initiative.reopened") == 1
    assert kinds(one).count("outcome.back") == 1


def test_it_stays_closed_while_it_is_quiet(lake: Lake, look: Look):
    one = shipped(lake, days=40)
    look()
    look()

    assert is_checked(one)


def surge(of: Theme, **row: object) -> None:
    at = timezone.now() + timedelta(minutes=1)
    Surge.objects.create(**{
        "sort": "theme", "key": str(of.pk), "name": of.name, "since": at, "told_at": at, "last": at,
        "peak_at": at, "peak": 9, "voices": 30, "expected": 3.0, "people": 28, "urgent": 0,
        "copies": 0, "severity": 2,
    } | row)  # fmt: skip


def test_it_reopens_when_the_theme_surges(lake: Lake, look: Look):
    one = shipped(lake)
    look()
    surge(Theme.objects.get())
    look()
    row = Outcome.objects.get()

    assert row.back == Outcome.Back.SURGE
    assert row.back_figures["low"] < 10 < row.back_figures["high"]
    assert stage(one) == Initiative.Stage.CONSIDERED


def test_it_does_not_reopen_for_a_campaign_or_an_old_surge(lake: Lake, look: Look):
    one = shipped(lake)
    look()
    surge(Theme.objects.get(), campaign=True)
    surge(theme(), key=str(next(numbers)))
    surge(Theme.objects.order_by("pk")[0], since=noon(ago(10)), ended_at=noon(ago(9)))
    look()

    assert is_checked(one)


def test_it_does_not_look_at_what_was_declined_later(lake: Lake, look: Look):
    one = shipped(lake)
    Initiative.objects.filter(pk=one.pk).update(stage=Initiative.Stage.TOLD, decision="no")

    assert look() == 0


def test_it_begins_anew_when_it_is_shipped_again(lake: Lake, look: Look):
    one = shipped(lake, days=40)
    look()
    Initiative.objects.filter(pk=one.pk).update(
        stage=Initiative.Stage.SHIPPED, shipped_at=noon(ago(3))
    )
    look()

    assert [row.verdict for row in Outcome.objects.order_by("shipped_at")] == ["fewer", "early"]
