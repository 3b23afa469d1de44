"""A lake written by an older Sori stays readable, and a newer one adds its columns."""

from datetime import date

import pyarrow as pa
import pytest

from sori.lake import tables
from sori.lake.query import Reader
from sori.lake.store import Lake
from voices import numbers, voices


@pytest.fixture
def old_lake(lake: Lake, monkeypatch: pytest.MonkeyPatch) -> Lake:
    """A lake from the time before `urgency_reason` and `model` were columns."""
    younger = {"urgency_reason", "model"}
    with monkeypatch.context() as past:
        for name in ("STORED", "TABLE"):
            fields = [field for field in getattr(tables, name) if field.name not in younger]
            past.setattr(tables, name, pa.schema(fields))
        lake.append(voices(3), source=1, sequence=1)
    return Lake(lake.storage.uri)


def test_it_reads_old_rows_with_the_new_columns_null(old_lake: Lake) -> None:
    (page,) = [rows for _, rows in old_lake.since(-1)]
    assert numbers(page) == [0, 1, 2]
    assert page.column("model").null_count == 3


def test_it_adds_the_new_columns_when_it_appends(old_lake: Lake) -> None:
    old_lake.append(voices(2, 3), source=1, sequence=2)
    question = "SELECT external_id, model FROM mentions WHERE model IS NULL ORDER BY 1"
    assert numbers(Reader(old_lake).table(question)) == [0, 1, 2, 3, 4]


def test_it_compacts_old_and_new_together(old_lake: Lake) -> None:
    old_lake.append(voices(2, 3), source=1, sequence=2)
    old_lake.upkeep(date(2027, 1, 1))
    assert Reader(old_lake).table("SELECT count(model) AS n FROM mentions").to_pylist() == [
        {"n": 0}
    ]
    assert sorted(n for _, rows in old_lake.since(-1) for n in numbers(rows)) == [0, 1, 2, 3, 4]
