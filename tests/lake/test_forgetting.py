"""What was forgotten is nowhere on the disk any more."""

from pathlib import Path

import pyarrow.parquet as pq
import pytest

from sori import mention
from sori.lake.query import Reader
from sori.lake.store import Lake
from voices import NOON, voice, voices

SECRET = "아무도모르는말"
SOMEBODY = "user-who-leaves"


def traces(folder: Path, *words: str) -> list[str]:
    """Files that hold any of these words, looking into Parquet columns too."""
    found = []
    for path in (path for path in folder.rglob("*") if path.is_file()):
        content = path.read_bytes()
        if path.suffix == ".parquet" and b"PAR1" in content[:4]:
            content += str(pq.ParquetFile(path).read().to_pylist()).encode()
        if any(word.encode() in content for word in words):
            found.append(path.name)
    return found


def with_somebody(lake: Lake) -> str:
    page = [voice(n) for n in range(20)]
    page[7] |= {"author_id": SOMEBODY, "text": SECRET, "external_id": "their-post"}
    lake.append(mention.heard(page), source=1, sequence=1)
    lake.append(voices(5, 100, days=5), source=1, sequence=2)
    return mention.mention_id("fake", "their-post", NOON)


def count(lake: Lake) -> int:
    return int(Reader(lake).table("SELECT count(*) AS n FROM mentions").column("n")[0].as_py())


def test_it_forgets_an_account_without_a_trace(lake: Lake, home: Path) -> None:
    name = with_somebody(lake)
    assert traces(home, SECRET, SOMEBODY, name, "their-post")
    assert lake.forget(authors=[("fake", SOMEBODY)]) == 1
    assert traces(home, SECRET, SOMEBODY, name, "their-post") == []
    assert count(lake) == 24


def test_it_forgets_a_post_without_a_trace(lake: Lake, home: Path) -> None:
    name = with_somebody(lake)
    assert lake.forget(ids=[name]) == 1
    assert traces(home, SECRET, SOMEBODY, name, "their-post") == []
    assert count(lake) == 24


def test_it_forgets_after_compacting_too(lake: Lake, home: Path) -> None:
    with_somebody(lake)
    lake.compact(NOON.date())
    assert lake.forget(authors=[("fake", SOMEBODY)]) == 1
    assert traces(home, SECRET, SOMEBODY) == []


def test_it_forgets_what_a_dead_writer_left_behind(lake: Lake, home: Path) -> None:
    with_somebody(lake)
    orphan = next(iter(lake.files()))
    (home / "lake" / orphan).with_name("0000000000000-orphan.parquet").write_bytes(SECRET.encode())
    lake.forget(authors=[("fake", SOMEBODY)])
    assert traces(home, SECRET) == []


def test_it_spares_the_same_name_in_another_channel(lake: Lake) -> None:
    lake.append(voices(7), source=1, sequence=1)
    assert lake.forget(authors=[("elsewhere", "author-3")]) == 0
    assert count(lake) == 7


def test_it_empties_a_day_when_everything_of_it_is_forgotten(lake: Lake) -> None:
    lake.append(voices(3), source=1, sequence=1)
    assert lake.forget(authors=[("fake", f"author-{n}") for n in range(3)]) == 3
    assert (count(lake), lake.files()) == (0, {})
    assert lake.sequence(1) == 1


@pytest.mark.parametrize("name", ["o'brien", "x') or ('1'='1", "back\\slash", "%", "널\0문자"])
def test_it_takes_a_hostile_name_at_its_letters(lake: Lake, name: str) -> None:
    lake.append(voices(3), source=1, sequence=1)
    lake.append(voices(1, 9, author_id=name), source=1, sequence=2)
    assert lake.forget(authors=[("fake", name)]) == 1
    assert count(lake) == 3


def test_it_forgets_nothing_from_an_empty_lake(lake: Lake) -> None:
    assert lake.forget(ids=["20261123" + "0" * 20]) == 0
