"""A lake in a bucket: the same answers, without fsync and locks, read through copies."""

from pathlib import Path

import pytest

from sori.lake.query import Reader
from sori.lake.storage import Bucket, storage
from sori.lake.store import Lake
from voices import NOON, numbers, voices


@pytest.fixture
def bucket(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Lake:
    """A folder reached through deltalake's object store, as a bucket is."""
    (tmp_path / "bucket").mkdir()
    place = Bucket(f"file://{tmp_path}/bucket", copies=tmp_path / "copies")
    monkeypatch.setattr("sori.lake.store.storage", {"s3://sori/lake": place}.__getitem__)
    return Lake("s3://sori/lake")


def test_an_address_is_a_bucket_and_a_path_is_a_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_REGION", "kr")
    assert storage(str(tmp_path)).grace_hours == 0
    assert storage(f"file://{tmp_path}").uri == str(tmp_path)
    assert isinstance(storage("s3://sori/lake"), Bucket)


def test_it_appends_answers_compacts_and_forgets(bucket: Lake) -> None:
    for sequence in range(1, 4):
        bucket.append(voices(7, 7 * sequence), source=1, sequence=sequence)
    reader = Reader(bucket)
    assert reader.table("SELECT count(*) AS n FROM mentions").to_pylist() == [{"n": 21}]
    assert bucket.compact(NOON.date()) == 3
    assert bucket.forget(authors=[("fake", "author-3")]) == 3
    assert reader.table("SELECT count(*) AS n FROM mentions").to_pylist() == [{"n": 18}]
    assert sorted(n for _, rows in bucket.since(-1) for n in numbers(rows)) == [
        n for n in range(7, 28) if n % 7 != 3
    ]


def test_its_copies_leave_with_the_files_they_copy(bucket: Lake, tmp_path: Path) -> None:
    bucket.append(voices(7), source=1, sequence=1)
    reader = Reader(bucket)
    reader.table("SELECT 1 FROM mentions")
    before = set((tmp_path / "copies").rglob("*.parquet"))
    bucket.forget(authors=[("fake", "author-3")])
    reader.table("SELECT 1 FROM mentions")
    after = set((tmp_path / "copies").rglob("*.parquet"))
    assert len(before) == len(after) == 1
    assert before != after
