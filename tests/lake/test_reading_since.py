"""The lake's log is a queue: each commit's rows once, in order, whatever was rewritten."""

from datetime import date
from pathlib import Path

from sori import mention
from sori.lake.store import Lake
from voices import numbers, voices

DAY = date(2026, 11, 23)


def pages(lake: Lake, version: int) -> dict[int, list[int]]:
    return {number: sorted(numbers(rows)) for number, rows in lake.since(version)}


def three_pages(lake: Lake) -> list[int]:
    return [lake.append(voices(2, 2 * n), source=1, sequence=n + 1) for n in range(3)]


def test_it_brings_what_each_commit_added_in_order(lake: Lake) -> None:
    first, second, third = three_pages(lake)
    assert pages(lake, -1) == {first: [0, 1], second: [2, 3], third: [4, 5]}
    assert pages(lake, first) == {second: [2, 3], third: [4, 5]}
    assert pages(lake, third) == {}


def test_it_brings_the_columns_of_a_mention(lake: Lake) -> None:
    three_pages(lake)
    assert all(rows.schema == mention.SCHEMA for _, rows in lake.since(-1))


def test_it_brings_nothing_for_a_commit_without_rows(lake: Lake) -> None:
    lake.append(voices(0), source=1, sequence=1)
    second = lake.append(voices(1), source=1, sequence=2)
    assert pages(lake, -1) == {second: [0]}


def test_it_brings_nothing_for_compacting(lake: Lake) -> None:
    last = three_pages(lake)[-1]
    lake.compact(DAY)
    assert lake.version() > last
    assert pages(lake, last) == {}


def test_it_still_brings_commits_whose_files_were_compacted_and_swept(lake: Lake) -> None:
    first, second, third = three_pages(lake)
    assert lake.compact(DAY) == 3
    lake.vacuum()
    assert pages(lake, -1) == {first: [0, 1], second: [2, 3], third: [4, 5]}
    fourth = lake.append(voices(1, 6), source=1, sequence=4)
    assert pages(lake, second) == {third: [4, 5], fourth: [6]}


def test_it_does_not_bring_what_was_forgotten_meanwhile(lake: Lake) -> None:
    first, second, third = three_pages(lake)
    lake.forget(authors=[("fake", "author-3")])
    assert pages(lake, -1) == {first: [0, 1], second: [2], third: [4, 5]}
    assert pages(lake, third) == {}


def test_it_brings_each_source_its_own_rows_after_compacting(lake: Lake) -> None:
    ours = lake.append(voices(2, 0, source=1), source=1, sequence=1)
    theirs = lake.append(voices(2, 10, source=2), source=2, sequence=1)
    lake.compact(DAY)
    lake.vacuum()
    assert pages(lake, -1) == {ours: [0, 1], theirs: [10, 11]}


def test_it_brings_everything_when_the_log_is_younger_than_the_question(
    lake: Lake, home: Path
) -> None:
    for number in range(14):
        lake.append(voices(1, number), source=1, sequence=number + 1)
    for version in range(9):
        (home / f"lake/_delta_log/{version:020}.json").unlink()
    again = Lake(lake.storage.uri)
    heard = [(version, numbers(rows)) for version, rows in again.since(2)]
    assert sorted(n for _, page in heard for n in page) == list(range(14))
    # what is older than the log leaves the bookmark where it was
    assert {version for version, page in heard if page[0] < 8} == {2}
    assert [version for version, page in heard if page[0] >= 8] == list(range(9, 15))


def test_it_goes_on_when_a_file_is_swept_away_under_its_eyes(lake: Lake) -> None:
    first, second, third = three_pages(lake)
    reading = lake.since(-1)
    assert next(reading)[0] == first
    other = Lake(lake.storage.uri)
    other.compact(DAY)
    other.vacuum()
    assert [(version, sorted(numbers(rows))) for version, rows in reading] == [
        (second, [2, 3]),
        (third, [4, 5]),
    ]
