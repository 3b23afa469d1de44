"""After a crash the lake says whether a page is in it, and stands by its word."""

import pytest

from sori.errors import AlreadyAppended
from sori.lake.store import Lake
from voices import numbers, voices


def everything(lake: Lake) -> list[int]:
    return sorted(n for _, rows in lake.since(-1) for n in numbers(rows))


def test_it_says_yes_to_what_was_appended_however_often_it_is_asked(lake: Lake) -> None:
    lake.append(voices(3), source=1, sequence=1)
    for handle in (lake, Lake(lake.storage.uri), lake):
        assert handle.settle(source=1, sequence=1)


def test_it_says_no_to_what_was_not_however_often_it_is_asked(lake: Lake) -> None:
    for handle in (lake, Lake(lake.storage.uri), lake):
        assert not handle.settle(source=1, sequence=1)
    assert lake.sequence(1) == 1
    assert everything(lake) == []


def test_it_keeps_out_what_it_said_no_to(lake: Lake) -> None:
    lake.settle(source=1, sequence=1)
    with pytest.raises(AlreadyAppended):
        lake.append(voices(3), source=1, sequence=1)
    lake.append(voices(3, 3), source=1, sequence=2)
    assert everything(lake) == [3, 4, 5]


def test_it_keeps_out_a_writer_that_slept_through_the_answer(lake: Lake) -> None:
    lake.append(voices(1), source=1, sequence=1)
    sleeper = Lake(lake.storage.uri)
    sleeper.sequence(1)
    assert not lake.settle(source=1, sequence=2)
    with pytest.raises(AlreadyAppended):
        sleeper.append(voices(1, 1), source=1, sequence=2)
    assert everything(lake) == [0]


def test_it_says_yes_when_the_sleeper_was_faster_after_all(lake: Lake) -> None:
    lake.append(voices(1), source=1, sequence=1)
    asking = Lake(lake.storage.uri)
    asking.sequence(1)
    lake.append(voices(1, 1), source=1, sequence=2)
    assert asking.settle(source=1, sequence=2)


def test_it_says_no_to_a_page_from_before_the_last_one(lake: Lake) -> None:
    lake.append(voices(1), source=1, sequence=1)
    lake.append(voices(1, 1), source=1, sequence=2)
    assert not lake.settle(source=1, sequence=1)
    assert everything(lake) == [0, 1]


def test_it_settles_each_source_for_itself(lake: Lake) -> None:
    assert not lake.settle(source=1, sequence=1)
    lake.append(voices(1), source=2, sequence=1)
    assert lake.settle(source=2, sequence=1)
