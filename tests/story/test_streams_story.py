"""Voices that come through Kafka and by files: heard, edited, taken back, and never twice."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from peers import kafka_server
from sori import amending, flow
from sori.listen import memory
from sori.listen.models import Quarantine, Source
from sori.listen.services import add_source

pytestmark = [pytest.mark.once, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def cluster() -> Iterator[kafka_server.Cluster]:
    if not kafka_server.there():
        pytest.skip("NO KAFKA: pip install confluent-kafka")
    with kafka_server.pretended() as found:
        yield found


def listen(source: Source) -> None:
    flow.turn(source)
    amending.take_down_due()


def heard() -> list[str]:
    rows = memory.reader().table("SELECT text FROM mentions ORDER BY text")
    return rows.column("text").to_pylist()


def test_posts_of_a_topic_are_edited_and_taken_back_by_their_keys(home: Path, cluster):
    source = add_source(
        name="리뷰 스트림",
        channel="kafka",
        settings=cluster.settings("reviews", keyed=True),
    )
    cluster.say("reviews", {"text": "배송이 늦어요"}, "r1")
    cluster.say("reviews", {"text": "포장이 좋아요"}, "r2")
    cluster.say("reviews", {"text": "앱이 꺼져요"}, "r2")
    cluster.say("reviews", b"{poison", "r3")
    listen(source)
    assert heard() == ["배송이 늦어요", "앱이 꺼져요"]
    assert Quarantine.objects.count() == 1

    cluster.say("reviews", {"text": "배송이 빨라졌어요"}, "r1")
    cluster.say("reviews", None, "r2")
    source.refresh_from_db()
    listen(source)

    assert heard() == ["배송이 빨라졌어요"]


def test_a_lost_place_brings_nothing_twice(home: Path, cluster):
    source = add_source(name="전화", channel="kafka", settings=cluster.settings("calls"))
    for number in range(5):
        cluster.say("calls", {"text": f"통화 {number}"})
    listen(source)
    Source.objects.filter(pk=source.pk).update(cursor=None)
    source.refresh_from_db()

    listen(source)

    assert heard() == [f"통화 {number}" for number in range(5)]


def test_what_expired_stands_on_the_page_of_the_source_and_the_rest_is_heard(home: Path, cluster):
    source = add_source(name="리뷰", channel="kafka", settings=cluster.settings("expired"))
    cluster.say("expired", {"text": "first"})
    listen(source)
    for number in range(12):
        cluster.say("expired", {"text": f"{number} " + "x" * 900_000})
    source.refresh_from_db()

    listen(source)
    source.refresh_from_db()
    assert "messages of expired expired before they were read" in source.error
    assert source.state == Source.State.ACTIVE
    listen(source)

    source.refresh_from_db()
    assert not source.error
    assert heard()[-1] == "first"
    assert len(heard()) > 2


def test_a_file_that_grows_is_heard_without_repetition(home: Path, tmp_path, monkeypatch):
    folder = tmp_path / "drop"
    folder.mkdir()
    monkeypatch.setenv("SORI_DROPS", str(folder))
    settings = {"folder": str(folder), "still": 0}
    source = add_source(name="내보낸 파일", channel="drop", settings=settings)
    rows = [json.dumps({"text": f"줄 {number}"}) for number in range(3)]
    (folder / "a.jsonl").write_text("\n".join(rows[:2]))
    listen(source)
    (folder / "a.jsonl").write_text("\n".join(rows))
    (folder / "b.jsonl").write_text("\n".join(rows))
    source.refresh_from_db()

    listen(source)

    assert heard() == ["줄 0", "줄 1", "줄 2"]
