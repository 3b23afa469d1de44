"""The pages of the surges: what grows now on every page that says so, and one surge in full."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from crowd import LOGIN, say_all
from sori.change.models import Surge
from sori.lake.store import Lake
from sori.listen.models import Query
from sori.staff.models import Member, Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def viewer(client: Client) -> Client:
    client.force_login(Member.objects.create_user("v@example.com", name="V", role=Role.VIEWER))
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    return client


def surge(since: datetime | None = None, **row: Any) -> Surge:
    at = since or timezone.now() - timedelta(minutes=20)
    usual = {
        "sort": "query", "key": "1", "name": "로그인 오류", "since": at, "told_at": at,
        "last": timezone.now(), "peak_at": at, "peak": 9, "voices": 30, "expected": 3.0,
        "people": 28, "urgent": 10, "copies": 0, "severity": 2, "channel": "blog", "source": 1,
    }  # fmt: skip
    return Surge.objects.create(**(usual | row))


def test_it_shows_what_grows_now_on_the_overview_and_with_the_themes(viewer: Client, lake: Lake):
    say_all(lake, *LOGIN)
    one = surge()
    surge(sort="source", key="7", name="블로그", within=one)

    for path in ("/overview/", "/themes/", "/surges/now/"):
        html = viewer.get(path).content.decode()
        assert "10.0 times the usual since" in html, path
        assert html.count('role="note"') == 1, path
        assert 'data-live="surges"' in html, path
        assert "블로그" in html, path


def test_it_shows_a_campaign_last_and_as_one(viewer: Client, lake: Lake):
    surge(key="1", name="광고", campaign=True, severity=3)
    surge(key="2", name="장애", severity=1)

    html = viewer.get("/surges/now/").content.decode()

    assert html.index("장애") < html.index("광고")
    assert html.count("Looks like a campaign") == 1


def test_it_lists_the_surges_that_have_ended(viewer: Client, lake: Lake):
    surge(key="1", name="지금 것")
    surge(key="2", name="지난 것", ended_at=timezone.now() - timedelta(days=2))
    surge(key="3", name="오래된 것", ended_at=timezone.now() - timedelta(days=40))

    html = viewer.get("/surges/").content.decode()

    assert html.index("지금 것") < html.index("지난 것")
    assert "오래된 것" not in html
    assert "Nothing grows" not in html


def test_it_says_when_nothing_grows(viewer: Client, lake: Lake):
    assert "Nothing grows faster than chance" in viewer.get("/surges/").content.decode()
    assert 'role="note"' not in viewer.get("/surges/now/").content.decode()


def test_it_shows_one_surge_with_its_first_voices_and_who_carries_it(viewer: Client, lake: Lake):
    rule = Query.objects.create(name="로그인 오류", expression="로그인")
    ids = say_all(lake, *LOGIN, queries=[rule.pk], followers=12_345)
    private = say_all(lake, "비밀 로그인이 안 돼요", queries=[rule.pk], public=False)
    one = surge(key=str(rule.pk), first_voices=[ids[0], private[0]])

    html = viewer.get(f"/surges/{one.pk}/").content.decode()

    assert LOGIN[0] in html
    assert "비밀" not in html
    assert "12,345" in html
    assert viewer.get("/surges/987654321/").status_code == 404
