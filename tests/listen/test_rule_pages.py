"""The pages of the listening rules: a rule is tried before it is saved, errors show their place."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from sori import mention
from sori.lake.store import Lake
from sori.listen.models import Query
from sori.staff.models import Member, Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def supervisor(client: Client) -> Client:
    member = Member.objects.create_user("s@example.com", name="S", role=Role.SUPERVISOR)
    client.force_login(member)
    return client


def remember(lake: Lake, *texts: str, days_ago: int = 1) -> None:
    at = timezone.now() - timedelta(days=days_ago)
    rows = [
        {
            "source": 1,
            "channel": "rss",
            "external_id": text,
            "author_name": "kim",
            "text": text,
            "published_at": at,
            "heard_at": at,
        }
        for text in texts
    ]
    lake.append(mention.widen(mention.heard(rows)), source=1, sequence=lake.sequence(1) + 1)


def test_it_shows_what_a_rule_would_have_heard(supervisor: Client, lake: Lake):
    remember(lake, "환불을 안 해줘요", "재환불요청 드립니다", "날씨가 좋네요")

    page = supervisor.post("/queries/preview/", {"expression": "환불"}).content.decode()

    assert '<b class="num">2</b>' in page
    assert page.count("<mark>환불</mark>") == 2
    assert "날씨" not in page


def test_it_forgets_voices_older_than_a_week(supervisor: Client, lake: Lake):
    remember(lake, "환불 먼 옛날", days_ago=9)

    page = supervisor.post("/queries/preview/", {"expression": "환불"}).content.decode()

    assert '<b class="num">0</b>' in page


def test_it_points_at_the_character_that_cannot_be_read(supervisor: Client, lake: Lake):
    page = supervisor.post("/queries/preview/", {"expression": "환불 AND )"}).content.decode()

    assert "환불 AND <mark>)</mark>" in page


def test_it_writes_hostile_voices_as_text(supervisor: Client, lake: Lake):
    remember(lake, "<script>alert(1)</script> 환불")

    page = supervisor.post("/queries/preview/", {"expression": "환불"}).content.decode()

    assert "<script>alert" not in page


def test_it_saves_changes_and_deletes_a_rule(supervisor: Client):
    supervisor.post("/queries/new/", {"name": "환불", "expression": "환불 OR 취소", "active": "on"})
    row = Query.objects.get()
    supervisor.post(f"/queries/{row.pk}/", {"name": "환불 요청", "expression": "환불"})

    row.refresh_from_db()
    assert (row.name, row.expression, row.active) == ("환불 요청", "환불", False)

    supervisor.post(f"/queries/{row.pk}/delete/")
    assert not Query.objects.exists()


def test_it_does_not_save_a_rule_that_cannot_be_read(supervisor: Client):
    answer = supervisor.post("/queries/new/", {"name": "x", "expression": "환불 AND"})

    assert answer.status_code == 422
    assert not Query.objects.exists()


def test_it_lets_agents_read_but_not_write(client: Client):
    client.force_login(Member.objects.create_user("a@example.com", name="A", role=Role.AGENT))

    assert client.get("/queries/").status_code == 200
    assert client.get("/queries/new/").status_code == 403
