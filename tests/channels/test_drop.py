"""What is heard from a folder in which files are dropped: once each, whole, and only from there."""

import gzip
import json
import os
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from brought import texts
from sori.channels.contract import Broken, Page
from sori.channels.drop import door, seen, shelf
from sori.channels.drop.door import Drop
from sori.channels.drop.seen import Seen
from sori.channels.drop.settings import DropSettings
from sori.channels.drop.shelf import Item
from sori.errors import ChannelError


@pytest.fixture
def folder(tmp_path: Path, monkeypatch) -> Path:
    found = tmp_path / "drop"
    found.mkdir()
    monkeypatch.setenv("SORI_DROPS", f"/nothing:{found}")
    return found


def drop(folder: Path, name: str, *texts: str) -> Path:
    path = folder / name
    path.parent.mkdir(exist_ok=True)
    path.write_text("".join(json.dumps({"text": text}) + "\n" for text in texts))
    return path


def look(folder: Path, cursor, listener, **settings) -> list[Page]:
    settings = {"still": 0} | settings
    return list(Drop().fetch(DropSettings(folder=str(folder), **settings), cursor, listener))


def broken(pages: list[Page]) -> list[Broken]:
    return [each for page in pages for each in page.broken]


def test_every_file_is_read_once_whatever_its_form(folder, listener):
    drop(folder, "하나.jsonl", "one")
    (folder / "two.csv").write_text("내용\n둘\n")
    (folder / "three.csv.gz").write_bytes(gzip.compress("내용\n셋\n".encode()))
    drop(folder, "2026/11/four.ndjson".replace("2026/11", "deep"), "four")

    first = look(folder, None, listener)

    assert sorted(texts(first)) == sorted(["one", "둘", "셋", "four"])
    assert look(folder, json.loads(json.dumps(first[-1].cursor)), listener) == []


def test_a_file_is_not_read_before_it_has_rested(folder, listener):
    drop(folder, "new.jsonl", "half")

    assert look(folder, None, listener, still=30) == []
    assert texts(look(folder, None, listener, still=0)) == ["half"]


def test_what_is_on_its_way_or_hidden_is_not_read(folder, listener):
    for name in ("a.csv.part", "b.jsonl.tmp", ".c.jsonl", "_d.jsonl", "e.jsonl~", ".in/f.jsonl"):
        drop(folder, name, "no")

    assert look(folder, None, listener) == []


def test_a_changed_file_is_read_again_with_the_same_names(folder, listener):
    path = drop(folder, "log.jsonl", "one")
    first = look(folder, None, listener)
    time.sleep(0.02)
    with path.open("a") as file:
        file.write('{"text": "two"}\n')

    second = look(folder, first[-1].cursor, listener)

    assert texts(second) == ["one", "two"]
    names = [row for page in (*first, *second) for row in page.mentions["id"].to_pylist()]
    assert len(set(names)) == 2


def test_a_file_moved_here_with_an_old_date_is_new(folder, tmp_path, listener):
    drop(folder, "new.jsonl", "new")
    cursor = look(folder, None, listener)[-1].cursor
    old = drop(tmp_path, "old.jsonl", "old")
    os.utime(old, (1_000_000_000, 1_000_000_000))
    old.rename(folder / "old.jsonl")

    assert texts(look(folder, cursor, listener)) == ["old"]


def test_links_lead_nobody_out_of_the_folder(folder, tmp_path, listener):
    secret = drop(tmp_path, "secret.jsonl", "secret")
    (tmp_path / "private").mkdir()
    drop(tmp_path / "private", "more.jsonl", "secret")
    (folder / "link.jsonl").symlink_to(secret)
    (folder / "inner").symlink_to(tmp_path / "private")
    (folder / "up.jsonl").symlink_to("../secret.jsonl")

    assert look(folder, None, listener) == []


def test_a_file_that_becomes_a_link_after_it_was_listed_is_not_read(folder, tmp_path, listener):
    secret = drop(tmp_path, "secret.jsonl", "secret")
    path = drop(folder, "a.jsonl", "mine")
    place = door.Folder(DropSettings(folder=str(folder), still=0))
    [item] = place.items()
    path.unlink()
    path.symlink_to(secret)

    with pytest.raises(FileNotFoundError), place.opened(item):
        pass


def test_a_folder_that_the_operator_did_not_name_is_refused(folder, tmp_path):
    (folder / "out").symlink_to(tmp_path)

    for path in (tmp_path, folder / "..", folder / "out", Path("/etc")):
        with pytest.raises(ValidationError, match="SORI_DROPS"):
            DropSettings(folder=str(path))


def test_a_folder_that_is_not_named_any_more_is_not_read(folder, listener, monkeypatch):
    settings = DropSettings(folder=str(folder))
    monkeypatch.setenv("SORI_DROPS", "")

    with pytest.raises(ChannelError, match="SORI_DROPS") as caught:
        list(Drop().fetch(settings, None, listener))
    assert caught.value.permanent


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("a.xlsx", b"PK\x03\x04 no spreadsheet", "spreadsheet cannot be read"),
        ("a.json", b"[{]", "no JSON array"),
        ("a.csv", b"", "the file is empty"),
        ("a.csv.gz", gzip.compress(b"text\n" + os.urandom(9_000))[:-99], "cannot be read"),
        ("a.pdf", b"%PDF-1.7", "no JSON, CSV or spreadsheet"),
        ("\udcff.pdf", b"%PDF-1.7", "no JSON, CSV or spreadsheet"),
    ],
)
def test_a_file_that_cannot_be_read_is_put_aside_once(folder, listener, name, content, reason):
    drop(folder, "0.jsonl", "before")
    (folder / name).write_bytes(content)
    drop(folder, "z.jsonl", "after")

    found = look(folder, None, listener)

    assert {"before", "after"} <= set(texts(found))
    whole = [each for each in broken(found) if reason in each.reason]
    assert len(whole) == 1
    assert whole[0].raw == (b"" if name.endswith("pdf") else content)
    whole[0].reason.encode()
    again = Drop().reread(DropSettings(folder=str(folder)), whole[0].raw, listener)
    assert again.broken
    assert not again.mentions.num_rows
    assert look(folder, found[-1].cursor, listener) == []


def test_half_of_a_large_file_is_never_taken_for_all_of_it(folder, listener, monkeypatch):
    monkeypatch.setattr(door, "KEPT", 20)
    drop(folder, "a.jsonl", "one", "two", "three")

    [each] = broken(look(folder, None, listener, map="text=내용"))
    again = Drop().reread(DropSettings(folder=str(folder)), each.raw, listener)

    assert each.raw == b""
    assert [one.reason for one in again.broken] == [
        "nothing was kept of this file; put it there again"
    ]


def test_a_column_that_is_missing_stops_that_file_only(folder, listener):
    drop(folder, "a.jsonl", "plain")
    (folder / "b.jsonl").write_text('{"내용": "좋아요"}\n')

    found = look(folder, None, listener, map="text=내용")

    assert texts(found) == ["좋아요"]
    assert [each.reason for each in broken(found)] == [
        "a.jsonl: there is no column 내용; there are: text"
    ]


def test_a_file_of_an_absurd_size_is_not_opened(folder, listener):
    with (folder / "a.csv").open("wb") as file:
        file.truncate(door.LARGEST + 1)

    [each] = broken(look(folder, None, listener))

    assert "too many" in each.reason


def test_it_goes_on_within_a_file(folder, listener, monkeypatch):
    monkeypatch.setattr("sori.channels.tables.reading.PAGE_ROWS", 2)
    drop(folder, "a.jsonl", "1", "1", "2", "3", "1")
    whole = look(folder, None, listener)
    assert len(whole) == 3

    for at, page in enumerate(whole):
        rest = look(folder, page.cursor, listener)
        assert [one.mentions["id"].to_pylist() for one in rest] == [
            one.mentions["id"].to_pylist() for one in whole[at + 1 :]
        ]


def test_a_file_that_may_not_be_read_is_told(folder, listener):
    if os.geteuid() == 0:
        pytest.skip("root may read everything")
    drop(folder, "a.jsonl", "x").chmod(0)

    [each] = broken(look(folder, None, listener))

    assert "may not be read" in each.reason


def test_too_many_files_are_told(folder, listener, monkeypatch):
    monkeypatch.setattr(shelf, "MOST_FILES", 2)
    for number in range(3):
        drop(folder, f"{number}.jsonl", "x")

    with pytest.raises(ChannelError, match="move away"):
        look(folder, None, listener)


items = st.builds(Item, st.integers(1, 9), st.sampled_from("abcdef"), st.just(1), st.just(""))


@given(st.lists(st.lists(items, max_size=12), max_size=6))
def test_what_lay_there_is_read_once_and_the_memory_stays_small(looks):
    """However files come, in order of time or late, none is read twice; none of now is missed."""
    read: list[Item] = []
    cursor = None
    lying: set[Item] = set()
    newest = 0
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(seen, "REMEMBERED", 3)
        for some in looks:
            lying |= set(some)
            memory = Seen(json.loads(json.dumps(cursor)), "/drop")
            for item in sorted(lying):
                if item not in memory:
                    read.append(item)
                    memory.note(item)
            fresh = {item for item in some if item.at > newest}
            assert fresh <= set(read)
            newest = max([newest, *(item.at for item in lying)])
            cursor = memory.cursor()
            same = max((sum(other.at == item.at for other in lying) for item in lying), default=0)
            assert len(cursor["done"]) <= 3 + same
    assert len(read) == len(set(read))


@pytest.mark.parametrize(
    "wrong",
    [
        {"folder": "drop"},
        {"folder": "s3://"},
        {"folder": "s3://A/b"},
        {"folder": "s3://voices", "endpoint": "http://s3.test"},
        {"folder": "s3://voices", "endpoint": "https://kim@s3.test"},
    ],
)
def test_settings_that_cannot_work_are_refused(wrong):
    with pytest.raises(ValidationError):
        DropSettings(**wrong)
