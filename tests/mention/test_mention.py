"""A mention has one name, and every stage can rely on its columns."""

from datetime import UTC, datetime, timedelta, timezone

import pyarrow as pa
import pytest

from sori import mention

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


def row(**fields: object) -> dict[str, object]:
    return {
        "source": 1,
        "channel": "rss",
        "external_id": "a",
        "text": "안녕",
        "heard_at": NOON,
    } | fields


def test_it_names_the_same_post_the_same_way():
    assert mention.heard([row()])["id"] == mention.heard([row(text="고침")])["id"]


def test_it_names_posts_of_two_channels_differently():
    mail, feed = mention.heard([row(channel="email"), row(channel="rss")])["id"].to_pylist()

    assert mail != feed


def test_it_knows_its_day_in_utc():
    late_in_seoul = datetime(2026, 11, 23, 3, tzinfo=timezone(timedelta(hours=9)))

    name = mention.heard([row(published_at=late_in_seoul)])["id"][0].as_py()

    assert mention.day_of(name) == "2026-11-22"


def test_it_takes_the_day_it_was_heard_when_the_channel_does_not_tell():
    assert mention.heard([row()])["id"][0].as_py().startswith("20261122")


def test_it_refuses_a_column_that_does_not_exist():
    with pytest.raises(KeyError, match="writer"):
        mention.heard([row(writer="kim")])


def test_it_widens_with_nulls_and_keeps_what_is_there():
    batch = mention.widen(mention.heard([row()]))

    assert batch.schema == mention.SCHEMA
    assert batch["kind"].null_count == 1
    assert batch["text"].to_pylist() == ["안녕"]


def test_it_has_no_column_twice():
    assert len(set(mention.SCHEMA.names)) == len(mention.SCHEMA.names)


def test_it_accepts_an_empty_batch():
    assert mention.widen(mention.heard([])).num_rows == 0
    assert isinstance(mention.heard([]), pa.RecordBatch)


def test_it_pads_the_years_of_feeds_that_claim_to_be_ancient():
    ancient = datetime(33, 4, 3, tzinfo=UTC)

    name = mention.heard([row(published_at=ancient)])["id"][0].as_py()

    assert mention.day_of(name) == "0033-04-03"
