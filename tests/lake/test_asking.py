"""Questions in SQL see the mentions and nothing else."""

from pathlib import Path

import pytest

from sori.errors import LakeError
from sori.lake.query import Reader
from sori.lake.store import Lake
from voices import NOON, numbers, voices


def test_it_answers_about_an_empty_lake(lake: Lake) -> None:
    reader = Reader(lake)
    assert reader.table("SELECT count(*) AS n FROM mentions").to_pylist() == [{"n": 0}]
    assert reader.table("SELECT id, day FROM mentions WHERE day > $day", day="2026").num_rows == 0


def test_it_sees_what_was_appended_after_it_was_made(lake: Lake) -> None:
    reader = Reader(lake)
    reader.table("SELECT 1 FROM mentions")
    lake.append(voices(3), source=1, sequence=1)
    assert reader.table("SELECT id FROM mentions").num_rows == 3


def test_it_binds_parameters_and_never_writes_them_into_the_question(lake: Lake) -> None:
    lake.append(voices(3, author_id="o'brien') OR ('1'='1"), source=1, sequence=1)
    lake.append(voices(3, 3), source=1, sequence=2)
    found = Reader(lake).table(
        "SELECT external_id FROM mentions WHERE author_id = $author ORDER BY 1",
        author="o'brien') OR ('1'='1",
    )
    assert numbers(found) == [0, 1, 2]


def test_it_tells_the_day_as_text(lake: Lake) -> None:
    lake.append(voices(4, days=2), source=1, sequence=1)
    rows = Reader(lake).table("SELECT day, count(*) AS n FROM mentions GROUP BY 1 ORDER BY 1")
    assert rows.to_pylist() == [{"day": "2026-11-22", "n": 2}, {"day": "2026-11-23", "n": 2}]


def test_it_knows_the_clocks_of_the_world(lake: Lake) -> None:
    lake.append(voices(1), source=1, sequence=1)
    (row,) = (
        Reader(lake)
        .table("SELECT hour(published_at AT TIME ZONE 'Asia/Seoul') AS hour FROM mentions")
        .to_pylist()
    )
    assert row == {"hour": 21}


@pytest.mark.parametrize(
    "question",
    [
        "SELECT * FROM read_text('/etc/passwd')",
        "SELECT * FROM read_csv('/etc/passwd')",
        "SELECT * FROM 'https://example.com/data.parquet'",
        "INSTALL httpfs",
        "LOAD httpfs",
        "SET enable_external_access = true",
        "SET allowed_directories = ['/']",
        "ATTACH '/tmp/other.db'",
        "SELECT nothing FROM mentions",
        "SELECT",
    ],
)
def test_it_refuses_what_is_no_question_about_mentions(lake: Lake, question: str) -> None:
    lake.append(voices(1), source=1, sequence=1)
    with pytest.raises(LakeError):
        Reader(lake).table(question)


def test_it_does_not_write_to_the_rest_of_the_disk(lake: Lake, home: Path) -> None:
    with pytest.raises(LakeError):
        Reader(lake).table(f"COPY (SELECT 1) TO '{home / 'out.csv'}'")
    assert not (home / "out.csv").exists()


def test_it_reads_the_newest_files_first(lake: Lake) -> None:
    for sequence in range(1, 4):
        lake.append(voices(6, 10 * sequence, days=3), source=1, sequence=sequence)
    days = list(lake.files().values())
    assert days == sorted(days, reverse=True)


def test_it_looks_again_when_its_files_were_swept_away(lake: Lake) -> None:
    for sequence in range(1, 4):
        lake.append(voices(2, 2 * sequence), source=1, sequence=sequence)
    reader = Reader(lake)
    known = lake.files()
    real = lake.files
    answers = iter([known])
    lake.files = lambda: next(answers, None) or real()  # type: ignore[method-assign]
    other = Lake(lake.storage.uri)
    other.compact(NOON.date())
    other.vacuum()
    assert reader.table("SELECT count(*) AS n FROM mentions").to_pylist() == [{"n": 6}]
