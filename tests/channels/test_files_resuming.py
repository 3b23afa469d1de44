"""Reading can stop after any page; a second reading of the same file adds nothing."""

import csv
import io
import json
import random

import pytest
import zstandard

from sori.channels.files import Files

FILES = Files()


@pytest.fixture(autouse=True)
def _small_pages(monkeypatch):
    monkeypatch.setattr("sori.channels.tables.reading.PAGE_ROWS", 10)


def read(path, listener, cursor=None, **more):
    return list(FILES.fetch(FILES.Settings(path=path, **more), cursor, listener))


def names(pages):
    return [name for page in pages for name in page.mentions["external_id"].to_pylist()]


def lines(numbers, *, ids=True) -> bytes:
    rows = ({"text": f"글 {n % 7}", "n": n % 7} | ({"id": n} if ids else {}) for n in numbers)
    return b"".join(json.dumps(row, ensure_ascii=False).encode() + b"\n" for row in rows)


def table(numbers) -> bytes:
    sheet = io.StringIO()
    writer = csv.writer(sheet)
    writer.writerows([["id", "내용"], *([n, f'글 "{n}"\n둘째 줄'] for n in numbers)])
    return sheet.getvalue().encode("cp949")


@pytest.mark.parametrize("make", [lines, table, lambda n: lines(n, ids=False)])
@pytest.mark.parametrize("pack", [bytes, zstandard.compress])
def test_it_goes_on_after_any_page(tmp_path, listener, make, pack):
    path = tmp_path / "a"
    path.write_bytes(pack(make(range(57))))
    whole = read(path, listener)

    assert len(names(whole)) == 57 == len(set(names(whole)))
    for at, page in enumerate(whole):
        cursor = json.loads(json.dumps(page.cursor))
        rest = read(path, listener, cursor)
        assert names(rest) == names(whole[at + 1 :])
        assert [each.cursor for each in rest] == [each.cursor for each in whole[at + 1 :]]


def test_it_tells_how_far_it_is(tmp_path, listener):
    path = tmp_path / "a"
    path.write_bytes(lines(range(57)))

    cursors = [page.cursor for page in read(path, listener)]

    assert [cursor["rows"] for cursor in cursors] == [10, 20, 30, 40, 50, 57]
    assert all(cursor["total"] == path.stat().st_size for cursor in cursors)
    assert cursors[-1]["bytes"] == cursors[-1]["total"]


def test_it_reads_what_was_added_to_a_file(tmp_path, listener):
    path = tmp_path / "a"
    path.write_bytes(lines(range(25)))
    cursor = read(path, listener)[-1].cursor
    assert read(path, listener, cursor) == []

    path.write_bytes(lines(range(32)))

    assert names(read(path, listener, cursor)) == [f"7:{n}" for n in range(25, 32)]


def test_it_knows_another_file_under_the_same_name(tmp_path, listener):
    path = tmp_path / "a"
    path.write_bytes(lines(range(25)))
    cursor = read(path, listener)[-1].cursor
    path.write_bytes(lines(range(100, 130)))

    assert len(names(read(path, listener, cursor))) == 30


def test_a_second_reading_gives_the_same_names(tmp_path, listener):
    path = tmp_path / "a"
    for make in (lines(range(40)), lines(range(40), ids=False), table(range(40))):
        path.write_bytes(make)
        assert names(read(path, listener)) == names(read(path, listener))


def test_it_counts_the_same_words_of_two_people_twice(tmp_path, listener):
    path = tmp_path / "a.csv"
    path.write_text("내용\n좋아요\n좋아요\n좋아요\n")

    assert len(set(names(read(path, listener)))) == 3


def test_an_export_made_again_adds_its_new_rows_only(tmp_path, listener):
    """Exports put the newest row on top as often as at the end."""
    path = tmp_path / "a.jsonl"
    old = lines(range(30), ids=False).splitlines(keepends=True)
    path.write_bytes(b"".join(old))
    before = set(names(read(path, listener)))
    new = [b'{"text":"new 1"}\n', b'{"text":"new 2"}\n']
    for changed in (new + old, old + new, random.Random(1).sample(old + new, 32)):
        path.write_bytes(b"".join(changed))
        assert len(set(names(read(path, listener))) - before) == 2
