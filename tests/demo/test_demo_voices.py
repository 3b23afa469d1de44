"""The invented customers: always the same, busy by day, and upset on two days."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from sori.channels.contract import Address, Json, Listener
from sori.channels.demo.door import Demo
from sori.channels.demo.story import DemoSettings
from sori.errors import ReplyNotAccepted

ANCHOR = date(2026, 11, 23)
NOW = datetime(2026, 11, 23, 6, tzinfo=UTC)


def settings(speaks_as: str = "rss", voices: float = 60, **more: Any) -> DemoSettings:
    fields = {"since": ANCHOR - timedelta(days=30), "anchor": ANCHOR, "outbox": "/nowhere/outbox"}
    return DemoSettings.model_validate({"speaks_as": speaks_as, "voices": voices, **fields, **more})


def heard(asked: DemoSettings, cursor: Json = None, now: datetime = NOW) -> list[dict[str, Any]]:
    pages = Demo().fetch(asked, cursor, Listener(1, now))
    return [row for page in pages for row in page.mentions.to_pylist()]


def test_it_always_says_the_same():
    first, second = heard(settings()), heard(settings())

    assert first == second
    assert len({row["id"] for row in first}) == len(first) > 1500


def test_it_goes_on_where_it_stopped():
    noon = NOW - timedelta(hours=9)
    (*_, page) = Demo().fetch(settings(), None, Listener(1, noon))

    before = heard(settings(), now=noon)
    after = heard(settings(), cursor=page.cursor)

    whole = {row["id"] for row in heard(settings())}
    assert {row["id"] for row in before} | {row["id"] for row in after} == whole
    assert len(before) + len(after) == len(whole)


def test_it_is_upset_on_two_days():
    by_day = Counter(row["published_at"].date() for row in heard(settings()))
    usual = sorted(by_day.values())[len(by_day) // 2]

    assert by_day[ANCHOR - timedelta(days=17)] > 2 * usual
    assert by_day[ANCHOR - timedelta(days=5)] > 1.7 * usual


def test_it_sleeps_at_night():
    hours = Counter((row["published_at"] + timedelta(hours=9)).hour for row in heard(settings()))

    assert hours[3] * 5 < hours[12]


def test_it_becomes_lively_without_changing_the_past():
    calm = {row["id"] for row in heard(settings())}
    lively = {row["id"] for row in heard(settings(lively_since=NOW - timedelta(hours=2)))}

    assert calm < lively
    assert len(lively - calm) > 10


def test_it_comes_back_to_a_letter_in_the_same_thread_as_the_same_person():
    letters = heard(settings("email", voices=20))
    authors: dict[str, set[str]] = {}
    for row in letters:
        authors.setdefault(row["thread_id"], set()).add(row["author_id"])

    assert any(row["parent_id"] for row in letters)
    assert all(len(people) == 1 for people in authors.values())


def test_it_writes_an_answer_down_and_finds_it_again(tmp_path: Path):
    asked = settings("email", outbox=str(tmp_path / "outbox.jsonl"))
    to = Address("private", {"to": "kim@example.com"}, "kim@example.com")

    assert Demo().find(asked, to, "key") is None
    sent = Demo().reply(asked, to, "안녕하세요", "key")

    assert Demo().find(asked, to, "key") == sent


def test_it_says_so_when_the_answer_was_not_written():
    to = Address("private", {"to": "kim@example.com"}, "kim@example.com")

    with pytest.raises(ReplyNotAccepted):
        Demo().reply(settings("email"), to, "안녕하세요", "key")
