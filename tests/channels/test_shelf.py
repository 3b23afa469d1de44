"""Connections that stay open between two looks: held by one, given back when asked for."""

import threading
import time

import pytest

from sori.channels.shelf import Shelf


class Thing:
    def __init__(self) -> None:
        self.closed = 0

    def close(self) -> None:
        self.closed += 1


def test_what_is_put_there_is_found_there_once():
    shelf: Shelf[Thing] = Shelf()
    thing = Thing()
    assert shelf.take("a") is None
    shelf.put("a", thing)
    assert shelf.take("a") is thing
    assert shelf.take("a") is None
    assert not thing.closed


def test_what_lay_there_gives_way_and_is_closed():
    shelf: Shelf[Thing] = Shelf(most=2)
    things = [Thing() for _ in range(4)]
    shelf.put("a", things[0])
    shelf.put("a", things[1])
    shelf.put("b", things[2])
    shelf.put("c", things[3])
    assert [each.closed for each in things] == [1, 1, 0, 0]
    shelf.clear()
    assert [each.closed for each in things] == [1, 1, 1, 1]


def test_what_lies_there_too_long_is_closed():
    shelf: Shelf[Thing] = Shelf(seconds=0.05)
    thing = Thing()
    shelf.put("a", thing)
    time.sleep(0.1)
    assert shelf.take("a") is None
    assert thing.closed


def test_who_holds_it_is_asked_for_it():
    shelf: Shelf[Thing] = Shelf()
    thing = Thing()
    shelf.take("a")

    def hold() -> None:
        while not shelf.is_asked_for("a"):
            time.sleep(0.01)
        shelf.put("a", thing)

    holder = threading.Thread(target=hold)
    holder.start()
    assert shelf.take("a", patience=5) is thing
    holder.join()
    assert not shelf.is_asked_for("a")


def test_nobody_waits_for_ever():
    shelf: Shelf[Thing] = Shelf()
    shelf.take("a")
    start = time.monotonic()
    assert shelf.take("a", patience=0.1) is None
    assert time.monotonic() - start < 1
    shelf.put("a", None)
    shelf.put("a", None)
    assert shelf.take("a", patience=1) is None


def test_what_was_lent_lies_there_again_however_it_ends():
    shelf: Shelf[Thing] = Shelf()
    thing, other = Thing(), Thing()
    with shelf.lent("a") as loan:
        assert loan.thing is None
        loan.thing = thing

    def break_off() -> None:
        with shelf.lent("a") as loan:
            assert loan.thing is thing
            loan.thing = other
            raise EOFError

    with pytest.raises(EOFError):
        break_off()
    assert shelf.take("a", patience=1) is other
    assert not other.closed


def test_what_is_closed_while_it_is_lent_is_found_by_nobody():
    shelf: Shelf[Thing] = Shelf()
    thing = Thing()
    shelf.put("a", thing)
    with shelf.lent("a") as loan:
        loan.close()
        loan.close()
    assert shelf.take("a", patience=1) is None
    assert thing.closed == 1
