"""Who follows a theme hears what becomes of it; who does not, does not."""

from collections.abc import Callable

import pytest
from django.test import Client

from crowd import LOGIN, PARCEL, days_ago, say_all
from sori.change import services
from sori.change.models import Subscription, Theme, ThemeRun
from sori.database import write_atomic
from sori.journal.models import Event
from sori.journal.services import record
from sori.lake.store import Lake
from sori.notifications.models import Notification
from sori.notifications.reading import tell_due
from sori.staff.models import Member, Role

pytestmark = pytest.mark.django_db
Weigh = Callable[[], ThemeRun]
Named = Callable[[str], Theme]


def somebody(name: str, role: str = Role.VIEWER) -> Member:
    return Member.objects.create_user(f"{name}@example.com", name=name, role=role)


@pytest.fixture
def two(lake: Lake, weigh: Weigh, named: Named) -> tuple[int, int]:
    say_all(lake, *LOGIN, published_at=days_ago(9))
    say_all(lake, *PARCEL)
    weigh()
    tell_due()
    return named("로그인").pk, named("배송").pk


def told(member: Member) -> list[tuple[str, str]]:
    tell_due()
    rows = Notification.objects.filter(member=member).order_by("pk")
    return list(rows.values_list("event__kind", "about"))


def test_it_follows_and_stops_by_a_button(two: tuple[int, int]):
    login, _ = two
    viewer = somebody("손님")
    client = Client(headers={"accept-language": "en"})
    client.force_login(viewer)

    client.post(f"/themes/{login}/follow/")
    client.post(f"/themes/{login}/follow/")
    assert 'aria-pressed="true"' in client.get(f"/themes/{login}/").content.decode()
    client.post(f"/themes/{login}/follow/", {"follow": "no"})
    client.post(f"/themes/{login}/follow/", {"follow": "no"})

    assert 'aria-pressed="false"' in client.get(f"/themes/{login}/").content.decode()
    kinds = Event.objects.filter(about=f"theme:{login}").order_by("pk")
    assert list(kinds.values_list("kind", flat=True)) == ["theme.followed", "theme.unfollowed"]


def test_it_tells_what_colleagues_do(two: tuple[int, int]):
    login, parcel = two
    keen, other, boss = somebody("손님"), somebody("다른"), somebody("팀장", Role.SUPERVISOR)
    for member in (keen, boss):
        services.subscribe(theme=login, member=member)

    services.rename(theme=login, name="로그인 불가", member=boss)
    services.rename(theme=parcel, name="늦은 배송", member=boss)
    assert told(keen) == [("theme.renamed", f"theme:{login}")]
    services.merge(theme=parcel, into=login, member=boss)
    services.dismiss(theme=login, reason="settled", words="", member=boss)

    assert told(keen) == [
        ("theme.renamed", f"theme:{login}"),
        ("theme.merged", f"theme:{parcel}"),
        ("theme.hidden", f"theme:{login}"),
    ]
    assert told(other) == told(boss) == []
    client = Client(headers={"accept-language": "en"})
    client.force_login(keen)
    html = client.get("/notifications/").content.decode()
    assert "팀장 dismissed a theme you follow" in html
    assert "로그인 불가" in html


def test_it_tells_of_growth_once_a_week(two: tuple[int, int], lake: Lake, weigh: Weigh):
    login, _ = two
    keen = somebody("손님")
    services.subscribe(theme=login, member=keen)
    weigh()
    assert told(keen) == []

    say_all(lake, *LOGIN, *[f"{text} {number}" for number in range(4) for text in LOGIN])
    weigh()
    weigh()

    assert told(keen) == [("theme.grew", f"theme:{login}")]
    assert Event.objects.get(kind="theme.grew").data == {"last": 25, "before": 5}


def test_it_tells_what_the_machine_makes_of_it(two: tuple[int, int], lake: Lake, weigh: Weigh):
    login, _ = two
    keen = somebody("손님")
    services.subscribe(theme=login, member=keen)
    Theme.objects.filter(pk=login).update(state=Theme.State.GONE)

    weigh()

    assert told(keen) == [("theme.became", f"theme:{login}")]
    assert Event.objects.get(kind="theme.became").data == {"what": "back"}


def test_it_tells_of_a_surge_of_it(two: tuple[int, int]):
    login, parcel = two
    keen = somebody("손님")
    services.subscribe(theme=login, member=keen)
    with write_atomic():
        record("surge.began", "surge:1", sort="theme", key=str(login), campaign=False)
        record("surge.began", "surge:2", sort="theme", key=str(parcel), campaign=False)
        record("surge.began", "surge:3", sort="all", key="", campaign=False)

    assert told(keen) == [("surge.began", "surge:1")]


def test_it_follows_a_merged_theme_to_where_it_went(two: tuple[int, int]):
    login, parcel = two
    keen, boss = somebody("손님"), somebody("팀장", Role.SUPERVISOR)
    services.subscribe(theme=parcel, member=keen)
    services.merge(theme=parcel, into=login, member=boss)
    services.rename(theme=login, name="둘 다", member=boss)

    assert told(keen)[-1] == ("theme.renamed", f"theme:{login}")
    services.unsubscribe(theme=login, member=keen)
    assert not Subscription.objects.exists()
