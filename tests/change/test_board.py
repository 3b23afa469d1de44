"""The board puts what weighs most first, says why, and lets points be tried and changed."""

import re
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from crowd import LOGIN, PARCEL, REFUND, days_ago, say_all
from sori.change import listing, packing, selectors, tallies, weights
from sori.change.counting import Figures
from sori.change.listing import Wanted
from sori.change.models import Theme, ThemeFigures, ThemeRun
from sori.change.weighing import DEFAULT, Weights
from sori.journal.models import Event
from sori.lake.store import Lake
from sori.people.models import Identity, Person
from sori.staff.models import Member, Role

pytestmark = pytest.mark.django_db
Weigh = Callable[[], ThemeRun]
Named = Callable[[str], Theme]


def browser(role: str) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(Member.objects.create_user(f"{role}@example.com", name=role, role=role))
    return client


def page(client: Client, path: str = "/themes/") -> str:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return str(answer.content.decode())


def order(html: str) -> list[int]:
    return [
        int(n) for n in re.findall(r'<td class="what"><a class="link" href="/themes/(\d+)/"', html)
    ]


@pytest.fixture
def two(lake: Lake, weigh: Weigh, named: Named) -> tuple[int, int]:
    """Many speak of login, calmly; fewer of parcels, some of whom we know to be worth much."""
    said = say_all(lake, *LOGIN, *LOGIN, followers=100, author_name="가람")
    assert said
    say_all(lake, *PARCEL[:3])
    say_all(lake, PARCEL[3], author_id="dear", urgency=2)
    person = Person.objects.create(name="김하은", value=Decimal(80_000_000))
    now = timezone.now()
    Identity.objects.create(person=person, channel="blog", external_id="dear", first_seen_at=now)
    weigh()
    return named("로그인").pk, named("배송").pk


def test_it_counts_everything_a_theme_is_weighed_by(two: tuple[int, int]):
    login, parcel = (listing.row_of(Theme.objects.get(pk=number)) for number in two)

    assert login
    assert parcel
    assert (login.facts.voices, login.facts.people, login.facts.reach) == (10, 10, 1000)
    assert (login.facts.worth, login.valued) == (0, 0)
    assert (parcel.facts.worth, parcel.valued) == (Decimal(80_000_000), 1)
    assert (parcel.facts.voices, parcel.facts.urgent) == (4, 1)
    assert 0 < parcel.facts.negative <= parcel.facts.judged <= 4
    assert ThemeFigures.objects.get(pk=two[0]).languages == {"ko": 10}


def test_it_counts_whoever_stands_for_a_merged_person(
    two: tuple[int, int], weigh: Weigh, lake: Lake
):
    root = Person.objects.create(name="김하은", value=Decimal(5))
    Person.objects.exclude(pk=root.pk).update(merged_into=root)
    weigh()

    assert ThemeFigures.objects.get(pk=two[1]).worth == Decimal(5)


def test_it_counts_merged_themes_as_one(two: tuple[int, int], weigh: Weigh):
    login, parcel = two
    Theme.objects.filter(pk=parcel).update(merged_into=login)
    weigh()

    both = ThemeFigures.objects.get(pk=login)
    assert (both.reach, both.valued) == (1000, 1)
    assert ThemeFigures.objects.get(pk=parcel).reach == 0


def test_it_tries_points_for_one_reader_alone(two: tuple[int, int]):
    login, parcel = two
    viewer = browser(Role.VIEWER)
    tried = "?w-value=40&w-volume=0&w-people=0&w-growth=0"
    assert order(page(viewer, f"/themes/{tried}")) == [parcel, login]
    assert order(page(viewer, "/themes/?w-volume=40&w-value=0&w-urgency=0")) == [login, parcel]

    assert weights.weights() == DEFAULT
    html = page(viewer, f"/themes/{tried}")
    assert re.search(r'href="\?sort=size&amp;w-volume=0[^"]*w-value=40"', html)
    assert "Save for everybody" not in html
    assert viewer.post("/themes/weights/", {"w-value": 40}).status_code == 403
    listed = listing.listed(Wanted(tried=Weights(value=40, volume=0, people=0, growth=0)))
    assert [row.theme.pk for row in listed] == [parcel, login]


def test_it_keeps_points_for_everybody(two: tuple[int, int]):
    login, parcel = two
    desk, viewer = browser(Role.SUPERVISOR), browser(Role.VIEWER)
    said = {"w-value": 40, "w-volume": 0, "w-people": 0}
    html = page(desk, "/themes/?w-value=40&w-volume=0&w-people=0")
    assert 'name="w-value" value="40"' in html.split('id="weights-deeds"')[1]

    assert desk.post("/themes/weights/", said)["Location"] == "/themes/"

    assert order(page(viewer)) == [parcel, login]
    event = Event.objects.get(kind="themes.weights_changed")
    assert event.data == {"value": 40, "volume": 0, "people": 0}
    desk.post("/themes/weights/", {"usual": "yes"})
    assert weights.weights() == DEFAULT


@pytest.mark.parametrize("odd", ["w-value=x", "w-value=-1", "w-value=41", "w-many_voices=0"])
def test_it_says_what_it_cannot_read(two: tuple[int, int], odd: str):
    desk = browser(Role.SUPERVISOR)
    html = page(desk, f"/themes/?{odd}")

    assert 'class="error"' in html
    assert len(order(html)) == 2
    name, value = odd.split("=")
    desk.post("/themes/weights/", {name: value})
    assert weights.weights() == DEFAULT


def test_it_tells_the_worth_of_people_to_those_who_may_know(two: tuple[int, int]):
    _, parcel = two
    viewer, agent = browser(Role.VIEWER), browser(Role.AGENT)
    for path in ("/themes/", f"/themes/{parcel}/"):
        assert "80,000,000" in page(agent, path)
        assert "80,000,000" not in page(viewer, path)
        assert "known of 1 person" in page(viewer, path)
    # nor can they find out by moving the bound
    assert "w-high_value" in page(agent)
    assert "w-high_value" not in page(viewer)
    points = r'swatch value"></i>.*?<dd class="n">\+?(\d+)'
    usual = re.findall(points, page(viewer), re.DOTALL)
    assert re.findall(points, page(viewer, "/themes/?w-high_value=1"), re.DOTALL) == usual
    assert re.findall(points, page(agent, "/themes/?w-high_value=1"), re.DOTALL) != usual


def test_it_says_why_a_theme_is_first(two: tuple[int, int]):
    html = page(browser(Role.AGENT))

    first, second = html.split("<tbody>")[1].split("</tr>")[:2]
    assert re.search(r"<summary[^>]*>\w+ \+\d+ · \w+ \+\d+ · \w+ \+\d+</summary>", first)
    assert "10 voices in 14 days" in first
    assert re.search(r"<summary[^>]*>Value at risk \+12 · \w+ \+\d", second)
    assert "1 person, 80,000,000 a year" in second


def test_it_takes_effort_into_account(two: tuple[int, int]):
    _, parcel = two
    desk = browser(Role.SUPERVISOR)
    before = listing.row_of(Theme.objects.get(pk=parcel))
    desk.post(f"/themes/{parcel}/effort/", {"effort": "large"})
    after = listing.row_of(Theme.objects.get(pk=parcel))

    assert before
    assert after
    assert after.weight.points == pytest.approx(before.weight.points - DEFAULT.effort)
    assert "Effort −10" in page(desk)
    desk.post(f"/themes/{parcel}/effort/", {"effort": "huge"})
    assert Theme.objects.get(pk=parcel).effort == "large"
    desk.post(f"/themes/{parcel}/effort/", {"effort": ""})
    events = Event.objects.filter(kind="theme.estimated").order_by("pk")
    assert [event.data["effort"] for event in events] == ["large", ""]


def test_it_weighs_growth_by_the_days_of_the_run(lake: Lake, weigh: Weigh, named: Named):
    say_all(lake, *LOGIN, published_at=days_ago(10))
    say_all(lake, *REFUND, *[f"{REFUND[1]} {number}" for number in range(20)])
    weigh()
    rows = {row.theme.pk: row for row in listing.listed(Wanted(sort="growth"))}

    assert list(rows) == [named("환불").pk, named("로그인").pk]
    assert rows[named("로그인").pk].facts[2:4] == (0, 5)
    assert rows[named("환불").pk].facts.rise > 4


def many(count: int) -> None:
    """So many themes, each of so many voices on every day."""
    Theme.objects.all().delete()
    now = timezone.now()
    today = timezone.localdate()
    themes = [
        Theme(number=n, name=f"주제 {n}", first_seen=now, last_seen=now, voices=n, people=n)
        for n in range(1, count + 1)
    ]
    Theme.objects.bulk_create(themes)
    ThemeFigures.objects.bulk_create(ThemeFigures(theme=theme, reach=theme.pk) for theme in themes)
    figures = {
        theme.pk: Figures(
            14,
            now,
            now,
            {today - timedelta(days=day): {"complaint": {"blog": 2}} for day in range(14)},
        )
        for theme in themes
    }
    ThemeRun.objects.create(
        at=now, since=now - timedelta(days=13), voices=count, read=count, compared=count,
        tier="fast", next_number=count + 1, seconds=1,
        tallies=packing.packed(tallies.table(figures)),
    )  # fmt: skip


def test_it_asks_as_little_for_two_thousand_themes_as_for_ten():
    viewer, asked = browser(Role.VIEWER), []
    page(viewer)
    for count in (10, 2_000):
        many(count)
        selectors._tallies.cache_clear()
        with CaptureQueriesContext(connection) as queries:
            html = page(viewer)
        asked.append(len(queries))
        assert len(order(html)) == min(count, listing.PAGE)
        assert order(html)[0] == count

    assert asked[0] == asked[1]
