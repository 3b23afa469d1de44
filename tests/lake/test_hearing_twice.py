"""The lake knows what it has heard before."""

from datetime import date, timedelta

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sori import mention
from sori.lake.keys import KeyCache, numbers
from sori.lake.store import Lake
from voices import NOON, voices

TODAY = date(2026, 11, 23)


def keys(batch: pa.RecordBatch) -> set[str]:
    return {name[8:] for name in batch.column("id").to_pylist()}


def test_it_knows_nothing_at_first(lake: Lake) -> None:
    assert lake.keys_seen(voices(3).column("id")) == set()


def test_it_knows_what_was_appended_and_nothing_else(lake: Lake) -> None:
    lake.append(voices(50, days=4), source=1, sequence=1)
    asked = voices(60, 20, days=4)
    assert lake.keys_seen(asked.column("id")) == keys(voices(30, 20, days=4))


def test_it_knows_old_days_without_being_told_to_look_there(lake: Lake) -> None:
    page = mention.heard(
        {
            "source": 1,
            "channel": "fake",
            "external_id": f"old-{n}",
            "text": "오래된 글",
            "heard_at": NOON,
            "published_at": NOON - timedelta(days=900),
        }
        for n in range(2)
    )
    lake.append(page, source=1, sequence=1)
    assert lake.keys_seen(page.column("id")) == keys(page)


def test_it_knows_a_post_under_another_day_if_asked_to_look_back(lake: Lake) -> None:
    yesterday = pa.array([mention.mention_id("fake", "post-1", NOON - timedelta(days=1))])
    lake.append(voices(3), source=1, sequence=1)
    assert lake.keys_seen(yesterday) == set()
    assert lake.keys_seen(yesterday, days=3, today=TODAY) == {mention.mention_key("fake", "post-1")}


def test_it_still_knows_after_compacting(lake: Lake) -> None:
    for sequence in range(1, 4):
        lake.append(voices(5, 5 * sequence), source=1, sequence=sequence)
        assert len(lake.keys_seen(voices(50).column("id"))) == 5 * sequence
    lake.upkeep(TODAY + timedelta(1))
    assert len(lake.keys_seen(voices(50).column("id"))) == 15


def test_it_forgets_keys_with_their_mentions(lake: Lake) -> None:
    lake.append(voices(7), source=1, sequence=1)
    assert len(lake.keys_seen(voices(7).column("id"))) == 7
    lake.forget(authors=[("fake", "author-3")])
    assert len(lake.keys_seen(voices(7).column("id"))) == 6


@given(st.lists(st.binary(min_size=10, max_size=10), max_size=20), st.integers(0, 5))
def test_a_keys_number_is_its_first_sixteen_digits(raw: list[bytes], skip: int) -> None:
    ids = pa.array(["20261123" + key.hex() for key in raw], pa.string()).slice(skip)
    assert numbers(ids).tolist() == [int(key.hex()[:16], 16) for key in raw[skip:]]


@pytest.mark.parametrize("limit", [1, 4, 1000])
def test_a_small_memory_changes_no_answer(lake: Lake, limit: int) -> None:
    for sequence in range(1, 4):
        lake.append(voices(3, 3 * sequence), source=1, sequence=sequence)
    lake._keys = KeyCache(limit)
    for _ in range(2):
        assert len(lake.keys_seen(voices(100).column("id"))) == 9
