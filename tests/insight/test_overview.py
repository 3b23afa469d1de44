"""The overview says what was heard, and says it the same in numbers and in charts."""

import json
import re
from datetime import datetime, timedelta
from typing import Any

import pyarrow as pa
import pytest
from django.test import Client
from django.utils import timezone

from desk import member, opened, signed_in
from sori import mention
from sori.lake.store import Lake
from sori.listen.models import Query
from sori.staff.models import Member, Role

pytestmark = pytest.mark.django_db


def voices(count: int, at: datetime, **meaning: Any) -> pa.RecordBatch:
    rows = [
        {
            "source": 1,
            "channel": "rss",
            "external_id": f"{at:%Y%m%d%H%M}-{meaning}-{number}",
            "author_id": f"author{number}",
            "text": "안녕하세요",
            "published_at": at,
            "heard_at": at,
        }
        for number in range(count)
    ]
    batch = mention.widen(mention.heard(rows))
    for name, value in meaning.items():
        field = mention.SCHEMA.field(name)
        column = pa.array([value] * count, field.type)
        batch = batch.set_column(batch.schema.get_field_index(name), field, column)
    return batch


def remember(lake: Lake, *batches: pa.RecordBatch) -> None:
    for number, batch in enumerate(batches, start=1):
        lake.append(batch, source=1, sequence=number)


@pytest.fixture
def viewer(client: Client) -> Client:
    client.force_login(Member.objects.create_user("v@example.com", name="V", role=Role.VIEWER))
    return client


def chart(page: str, name: str) -> dict[str, Any]:
    (text,) = re.findall(rf'id="chart-{name}">(.*?)</script>', page, re.DOTALL)
    found: dict[str, Any] = json.loads(text)
    return found


def test_it_invites_to_listen_when_nothing_was_heard(viewer: Client, lake: Lake):
    page = viewer.get("/overview/", headers={"accept-language": "en"}).content.decode()

    assert "/sources/new/" in page
    assert "chart-volume" not in page


def test_it_counts_the_same_in_figures_and_charts(viewer: Client, lake: Lake):
    now = timezone.now()
    remember(
        lake,
        voices(30, now - timedelta(days=1), kind="complaint", sentiment="negative"),
        voices(10, now - timedelta(days=2), kind="praise", sentiment="positive"),
        voices(5, now - timedelta(days=3)),
    )

    page = viewer.get("/overview/?days=7", headers={"accept-language": "en"}).content.decode()

    assert ">45</b>" in page
    assert ">66.7%</b>" in page
    volume = chart(page, "volume")["layer"][0]["data"]["values"]
    assert sum(row["voices"] for row in volume) == 45
    assert len({row["day"] for row in volume}) == 6, "whole days only"
    hours = chart(page, "hours")["data"]["values"]
    assert sum(row["voices"] for row in hours) == 45
    assert len(hours) == 7 * 24
    for name in ("kinds", "moods"):
        assert sum(row["voices"] for row in chart(page, name)["data"]["values"]) == 45


def test_it_marks_a_surge_with_the_rule_that_heard_it(viewer: Client, lake: Lake):
    rule = Query.objects.create(name="로그인 오류", expression="로그인")
    now = timezone.now()
    usual = [voices(10, now - timedelta(days=back), queries=[rule.pk]) for back in range(4, 30)]
    remember(lake, *usual, voices(90, now - timedelta(days=3), queries=[rule.pk]))

    page = viewer.get("/overview/", headers={"accept-language": "ko"}).content.decode()

    (mark,) = chart(page, "volume")["layer"][1]["data"]["values"]
    assert mark["day"] == str(timezone.localtime(now - timedelta(days=3)).date())
    assert mark["label"].startswith("로그인 오류 ×")
    assert "notice surge" in page


def test_it_writes_hostile_names_as_text(viewer: Client, lake: Lake):
    hostile = "</script><script>alert(1)</script>"
    rule = Query.objects.create(name=hostile, expression="로그인")
    now = timezone.now()
    remember(lake, voices(3, now - timedelta(days=1), queries=[rule.pk], kind="complaint"))

    assert hostile not in viewer.get("/overview/").content.decode()


def test_it_keeps_the_charting_library_under_a_name_that_tells_its_version(
    viewer: Client, lake: Lake
):
    from sori.insight.library import library_name

    answer = viewer.get(f"/overview/charts/{library_name()}")

    assert answer["Content-Type"].startswith("text/javascript")
    assert "immutable" in answer["Cache-Control"]
    assert b"vegaEmbed" in b"".join(answer.streaming_content)  # type: ignore[attr-defined]
    assert viewer.get("/overview/charts/vega-0.js").status_code == 404


def test_it_shows_a_letter_that_waits_to_those_alone_who_may_read_it(
    viewer: Client, lake: Lake
) -> None:
    case = opened(lake, title="이혼 서류를 다시 보내 주세요").conversation.case
    agent = signed_in()

    assert f"/inbox/{case.pk}/" in (seen := agent.get("/overview/").content.decode())
    assert case.subject in seen
    assert f"/inbox/{case.pk}/" not in (seen := viewer.get("/overview/").content.decode())
    assert case.subject not in seen
    assert "1 person waits" in viewer.get("/overview/", headers={"accept-language": "en"}).text


def test_it_leads_to_a_rule_those_alone_who_may_change_it(viewer: Client, lake: Lake) -> None:
    rule = Query.objects.create(name="로그인", expression="로그인")
    remember(lake, voices(3, timezone.now() - timedelta(days=1), queries=[rule.pk]))

    assert f"/queries/{rule.pk}/" in signed_in(member(role=Role.ADMIN)).get("/overview/").text
    seen = viewer.get("/overview/").text
    assert rule.name in seen
    assert f"/queries/{rule.pk}/" not in seen
