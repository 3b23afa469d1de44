"""The lake takes every page exactly once."""

from pathlib import Path

import pytest

from sori.errors import AlreadyAppended, LakeError
from sori.lake.store import Lake
from voices import numbers, voices


def everything(lake: Lake) -> list[int]:
    return sorted(n for _, rows in lake.since(-1) for n in numbers(rows))


def test_it_is_empty_at_first(lake: Lake) -> None:
    assert lake.version() == -1
    assert lake.sequence(1) == 0
    assert list(lake.since(-1)) == []
    assert lake.files() == {}


def test_it_takes_a_page_and_remembers_its_sequence(lake: Lake) -> None:
    version = lake.append(voices(3), source=1, sequence=1)
    assert lake.version() == version
    assert lake.sequence(1) == 1
    assert lake.sequence(2) == 0
    assert everything(lake) == [0, 1, 2]


def test_it_refuses_a_page_it_has(lake: Lake) -> None:
    lake.append(voices(3), source=1, sequence=1)
    with pytest.raises(AlreadyAppended):
        lake.append(voices(3), source=1, sequence=1)
    assert everything(lake) == [0, 1, 2]


@pytest.mark.parametrize("sequence", [1, 2])
def test_it_refuses_a_replay_through_a_fresh_handle(lake: Lake, sequence: int) -> None:
    lake.append(voices(3), source=1, sequence=1)
    lake.append(voices(3, 3), source=1, sequence=2)
    with pytest.raises(AlreadyAppended):
        Lake(lake.storage.uri).append(voices(3), source=1, sequence=sequence)


def test_it_refuses_a_writer_that_slept_while_another_took_its_place(lake: Lake) -> None:
    lake.append(voices(1), source=1, sequence=1)
    sleeper = Lake(lake.storage.uri)
    assert sleeper.sequence(1) == 1
    lake.append(voices(0), source=1, sequence=2)
    with pytest.raises(AlreadyAppended):
        sleeper.append(voices(1, 1), source=1, sequence=2)
    assert everything(lake) == [0]


def test_it_keeps_the_sequences_of_sources_apart(lake: Lake) -> None:
    lake.append(voices(1), source=1, sequence=7)
    lake.append(voices(1, 1), source=2, sequence=1)
    assert (lake.sequence(1), lake.sequence(2)) == (7, 1)


def test_it_leaves_no_file_behind_when_it_refuses(lake: Lake, home: Path) -> None:
    lake.append(voices(1), source=1, sequence=1)
    before = sorted(home.rglob("*.parquet"))
    sleeper = Lake(lake.storage.uri)
    with pytest.raises(AlreadyAppended):
        sleeper.append(voices(1), source=1, sequence=1)
    assert sorted(home.rglob("*.parquet")) == before


def test_it_refuses_an_id_that_names_no_day(lake: Lake) -> None:
    with pytest.raises(LakeError, match="begin with its day"):
        lake.append(voices(1, id="elsewhere"), source=1, sequence=1)
    assert lake.sequence(1) == 0


def test_it_lays_each_day_into_a_partition_of_its_own(lake: Lake) -> None:
    lake.append(voices(60, days=3), source=1, sequence=1)
    assert sorted(lake.files().values()) == ["2026-11-21", "2026-11-22", "2026-11-23"]


def test_it_reads_the_log_again_only_from_its_last_checkpoint(lake: Lake, home: Path) -> None:
    for sequence in range(1, 13):
        lake.append(voices(1, sequence), source=1, sequence=sequence)
    assert (home / "lake/_delta_log/_last_checkpoint").exists()
    assert Lake(lake.storage.uri).sequence(1) == 12


@pytest.mark.parametrize("torn", [b"", b'{"commitInfo":{"ti'])
def test_it_drops_a_commit_that_a_power_cut_tore(lake: Lake, home: Path, torn: bytes) -> None:
    version = lake.append(voices(2), source=1, sequence=1)
    log = home / "lake/_delta_log"
    (log / f"{version + 1:020}.json").write_bytes(torn)
    again = Lake(lake.storage.uri)
    assert again.version() == version
    again.append(voices(2, 2), source=1, sequence=2)
    assert everything(again) == [0, 1, 2, 3]


def test_it_makes_rows_durable_before_the_commit_that_names_them(
    lake: Lake, monkeypatch: pytest.MonkeyPatch
) -> None:
    lake.append(voices(1), source=1, sequence=1)
    durable: list[str] = []
    real = lake.storage.make_durable

    def watch(paths: object) -> None:
        for path in list(paths):  # type: ignore[call-overload]
            newest = max(lake.storage.root.glob("_delta_log/*.json")).name  # type: ignore[attr-defined]
            durable.append(f"{path.rsplit('.', 1)[1]} after {int(newest[:20])}")
            real([path])

    monkeypatch.setattr(lake.storage, "make_durable", watch)
    lake.append(voices(1, 1), source=1, sequence=2)
    assert durable == ["parquet after 1", "json after 2"]
