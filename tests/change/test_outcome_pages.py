"""The pages of outcomes say what is known, in words, and what is not."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from shipments import ago, initiative, noon
from sori.change.outcomes.models import Outcome
from sori.staff.models import Member, Role

pytestmark = pytest.mark.django_db
FIGURES = {
    "before": 12.42, "after": 3.1, "ratio": 0.25, "low": 0.19, "high": 0.33, "dispersion": 1.4,
    "heard_before": 620, "heard_after": 80, "of_before": 50_000, "of_after": 26_000,
    "days_before": 56, "days_after": 28, "days_known": 29,
}  # fmt: skip
CHANNEL = {"channel": "email", **FIGURES}
WEEK = {"start": "2026-10-05", "after": True, "heard": 9, "of": 900, "rate": 10.0, "low": 5.0,
        "high": 18.0}  # fmt: skip


@pytest.fixture
def viewer() -> Client:
    member = Member.objects.create_user("v@x.kr", name="강민서", role=Role.VIEWER)
    client = Client(headers={"accept-language": "en"})
    client.force_login(member)
    return client


@pytest.fixture
def boss() -> Member:
    return Member.objects.create_user("boss@x.kr", name="박도윤", role=Role.SUPERVISOR)


@pytest.fixture
def outcome(boss: Member) -> Callable[..., Outcome]:
    """An outcome of something shipped thirty days ago: fewer, settled, unless said otherwise."""

    def make(**row: Any) -> Outcome:
        one = initiative(by=boss, title=row.pop("title", "새 물류 센터"))
        assert one.shipped_at is not None
        known = {
            "verdict": "fewer", "figures": FIGURES, "channels": [CHANNEL], "weeks": [WEEK],
            "settled_at": timezone.now(), "through": ago(1), "first_heard": noon(ago(80)),
        }  # fmt: skip
        return Outcome.objects.create(
            initiative=one, shipped_at=one.shipped_at, looked_at=timezone.now(), **known | row
        )

    return make


def page(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return str(answer.content.decode())


def of(row: Outcome) -> str:
    return f"/initiatives/{row.initiative_id}/outcome/"


def test_it_says_it_in_one_sentence(viewer: Client, outcome: Callable[..., Outcome]):
    html = page(viewer, of(outcome()))

    assert "12.4 → 3.1 per 1,000 voices, −75% (95%: −81 … −67)" in html
    assert ">Fewer<" in html
    assert "50 days" in html
    assert 'data-chart="chart-outcome"' in html
    assert "620 → 80" in html


def test_it_says_too_early_and_for_how_long(viewer: Client, outcome: Callable[..., Outcome]):
    early = {"verdict": "early", "why": "days", "more_days": 6, "settled_at": None}
    html = page(viewer, of(outcome(**early, figures=FIGURES | {"days_after": 0})))

    assert "Too early" in html
    assert "about 6 more days" in html
    assert "−75%" not in html.split("By channel")[0]


def test_it_says_so_far_until_it_is_settled(viewer: Client, outcome: Callable[..., Outcome]):
    assert "So far: Fewer" in page(viewer, of(outcome(settled_at=None)))


@pytest.mark.parametrize("why", ["theme", "before"])
def test_it_says_why_nothing_can_be_told(why: str, viewer: Client, outcome: Callable[..., Outcome]):
    html = page(viewer, of(outcome(verdict="unknown", why=why, settled_at=None, channels=[])))

    assert "Cannot be told" in html
    assert "per 1,000 voices, −75%" not in html


def test_it_says_that_it_came_back(viewer: Client, outcome: Callable[..., Outcome]):
    html = page(viewer, of(outcome(back_at=timezone.now(), back="surge")))

    assert "It came back on" in html
    assert "the initiative was reopened" in html


def test_it_has_no_end_of_an_interval_without_one(viewer: Client, outcome: Callable[..., Outcome]):
    none = FIGURES | {"ratio": None, "low": 1.4, "high": None, "before": 0.0}
    html = page(viewer, of(outcome(verdict="more", figures=none, channels=[none | CHANNEL])))

    assert "not heard before" in html


def test_it_says_what_to_know_before_believing_it(viewer: Client, outcome: Callable[..., Outcome]):
    html = page(viewer, of(outcome(figures=FIGURES | {"days_before": 20}, partly_read=True)))

    assert "Only 20 days before" in html
    assert "More was said than could be read" in html


def test_it_shows_how_many_people_said_it_where_that_is_known(
    viewer: Client, outcome: Callable[..., Outcome]
):
    known = {"days": 28, "raised_before": 40, "active_before": 2000, "raised_after": 10,
             "active_after": 2000}  # fmt: skip
    html = page(viewer, of(outcome(people=known)))

    assert "<b>20.0 → 5.0</b>" in html


def test_it_says_that_something_waits(viewer: Client, boss: Member):
    shipped, waiting = initiative(by=boss), initiative(by=boss, shipped=None)

    assert "It is being looked at" in page(viewer, f"/initiatives/{shipped.pk}/outcome/")
    assert "Not shipped yet" in page(viewer, f"/initiatives/{waiting.pk}/outcome/")
    assert viewer.get("/initiatives/987654/outcome/").status_code == 404


def test_it_lists_what_all_changes_brought_in_few_questions(
    viewer: Client,
    outcome: Callable[..., Outcome],
    django_assert_max_num_queries: Callable[[int], Any],
):
    for number in range(6):
        outcome(title=f"변화 {number}")
    outcome(title="되살아난 불만", back_at=timezone.now(), back="rate")
    with django_assert_max_num_queries(12):
        html = page(viewer, "/outcomes/")

    assert html.count("−75%") == 7
    assert html.count(">Came back<") == 2  # a figure and a row
    assert "변화 5" in html


def test_it_begins_with_an_empty_list(viewer: Client):
    assert "Nothing was shipped yet" in page(viewer, "/outcomes/")


def test_it_shows_what_an_earlier_shipping_brought(viewer: Client, outcome: Callable[..., Outcome]):
    row = outcome()
    Outcome.objects.create(
        initiative=row.initiative, shipped_at=row.shipped_at + timedelta(days=20), figures={},
        looked_at=timezone.now(), verdict="early", why="days", more_days=9,
    )  # fmt: skip
    html = page(viewer, of(row))

    assert "Shipped before" in html
    assert "about 9 more days" in html
