"""Rows of a day are changed where they lie, once; what comes meanwhile and what others do stays."""

from collections import Counter
from datetime import date

import pyarrow as pa
import pytest

from sori.errors import LakeError
from sori.lake.query import Reader
from sori.lake.store import Lake
from voices import NOON, voices

DAY = NOON.date()


def shouting(rows: pa.Table) -> tuple[pa.Table, Counter[str]]:
    texts = pa.array([f"{text}!" for text in rows.column("text").to_pylist()])
    place = rows.schema.get_field_index("text")
    return rows.set_column(place, "text", texts), Counter({"rows": rows.num_rows})


def shouted(lake: Lake) -> list[int]:
    """How often each row was changed."""
    texts = Reader(lake).table("SELECT text FROM mentions").column("text").to_pylist()
    return [text.count("!") for text in texts]


def test_it_changes_a_day_once_and_remembers_what_was_counted(lake: Lake) -> None:
    last = lake.append(voices(6, days=2), source=1, sequence=1)

    assert lake.redo(DAY, shouting, key="k") == {"rows": 3}
    assert lake.redo(DAY, shouting, key="k") == {"rows": 3}
    assert sorted(shouted(lake)) == [0, 0, 0, 1, 1, 1]
    assert list(lake.since(last)) == []
    assert lake.redo(DAY, shouting, key="another") == {"rows": 3}


def test_what_comes_meanwhile_stays(lake: Lake) -> None:
    lake.append(voices(2), source=1, sequence=1)

    def slow(rows: pa.Table) -> tuple[pa.Table, Counter[str]]:
        Lake(lake.storage.uri).append(voices(1, 9), source=2, sequence=1)
        return shouting(rows)

    lake.redo(DAY, slow, key="k")
    assert sorted(shouted(lake)) == [0, 1, 1]


def test_of_two_who_rewrite_the_second_starts_over(lake: Lake) -> None:
    lake.append(voices(3), source=1, sequence=1)
    lake.append(voices(3, 3), source=1, sequence=2)
    calls = 0

    def disturbed(rows: pa.Table) -> tuple[pa.Table, Counter[str]]:
        nonlocal calls
        calls += 1
        if calls == 1:
            Lake(lake.storage.uri).compact(DAY)
        return shouting(rows)

    assert lake.redo(DAY, disturbed, key="k") == {"rows": 6}
    assert shouted(lake) == [1] * 6


def test_it_refuses_a_change_that_loses_rows(lake: Lake) -> None:
    lake.append(voices(3), source=1, sequence=1)
    with pytest.raises(LakeError):
        lake.redo(DAY, lambda rows: (rows.slice(1), Counter()), key="k")
    assert shouted(lake) == [0] * 3


def test_a_day_without_rows_is_nothing(lake: Lake) -> None:
    assert lake.redo(date(2020, 1, 1), shouting, key="k") == {}
