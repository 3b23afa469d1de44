"""A day that is over becomes few files in which single rows are found fast."""

from datetime import timedelta

import pyarrow.parquet as pq

from sori.lake.query import Reader
from sori.lake.rewriting import untidy_days
from sori.lake.store import Lake
from voices import NOON, voices

DAY = NOON.date()


def fill(lake: Lake, pages: int) -> None:
    for page in range(pages):
        lake.append(voices(10, 10 * page), source=1, sequence=page + 1)


def test_it_rewrites_a_day_as_one_file_sorted_by_author(lake: Lake) -> None:
    fill(lake, 4)
    assert lake.compact(DAY) == 4
    (path,) = lake.files()
    rows = pq.ParquetFile(lake.storage.readable([path])[0]).read()
    authors = rows.column("author_id").to_pylist()
    assert authors == sorted(authors)
    assert rows.num_rows == 40


def test_it_leaves_a_tidy_day_alone(lake: Lake) -> None:
    fill(lake, 3)
    lake.compact(DAY)
    version = lake.version()
    assert lake.compact(DAY) == 0
    assert lake.version() == version


def test_it_touches_no_other_day(lake: Lake) -> None:
    lake.append(voices(30, days=3), source=1, sequence=1)
    before = {path for path, day in lake.files().items() if day != DAY.isoformat()}
    lake.compact(DAY)
    assert before < set(lake.files())


def test_it_changes_no_answer(lake: Lake) -> None:
    fill(lake, 5)
    reader = Reader(lake)
    question = "SELECT author_id, count(*) AS n FROM mentions GROUP BY 1 ORDER BY 1"
    before = reader.table(question)
    lake.compact(DAY)
    lake.vacuum()
    assert reader.table(question) == before


def test_it_adds_bloom_filters_on_id_and_author(lake: Lake) -> None:
    fill(lake, 2)
    lake.compact(DAY)
    (path,) = lake.storage.readable(list(lake.files()))
    found = (
        Reader(lake)
        ._connected()
        .execute(
            "SELECT path_in_schema FROM parquet_metadata(?) WHERE bloom_filter_offset IS NOT NULL",
            [path],
        )
    )
    assert sorted(row[0] for row in found.fetchall()) == ["author_id", "id"]


def test_upkeep_compacts_what_is_over_and_leaves_today(lake: Lake) -> None:
    for page in range(3):
        lake.append(voices(20, 20 * page, days=2), source=1, sequence=page + 1)
    assert lake.upkeep(DAY) == 3
    days = list(lake.files().values())
    assert (days.count("2026-11-22"), days.count("2026-11-23")) == (1, 3)
    assert lake.upkeep(DAY) == 0
    assert lake.upkeep(DAY + timedelta(1)) == 3


def test_untidy_are_loose_days_late_voices_and_a_crowded_today() -> None:
    late = {f"a-{n}": "2026-11-20" for n in range(7)} | {"a-settled.parquet": "2026-11-20"}
    over = {"b-1": "2026-11-21", "b-2": "2026-11-21", "lone": "2026-11-19"}
    today = {f"c-{n}": "2026-11-23" for n in range(47)}
    assert untidy_days(late | over | today, "2026-11-23") == ["2026-11-21"]
    crowded = late | {"a-7": "2026-11-20"} | today | {"c-47": "2026-11-23"}
    assert untidy_days(crowded, "2026-11-23") == ["2026-11-20", "2026-11-23"]
