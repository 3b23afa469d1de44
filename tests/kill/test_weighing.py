"""Kill -9 in the middle of a run of themes: it is whole or it never was, and the next one is."""

import threading
from datetime import timedelta
from functools import partial

import pytest
from django.db import connections
from django.utils import timezone

from crowd import LOGIN, PARCEL, say_all
from dying import dying_at, ended, in_child
from sori.change import looking, rounds, runs
from sori.change.looking import Look
from sori.change.models import Round, Theme, ThemeChange, ThemeDay, ThemeRun
from sori.errors import Stale
from sori.journal.models import Event
from sori.lake.query import Reader
from sori.lake.store import Lake
from sori.understand import embedding

pytestmark = pytest.mark.django_db(transaction=True)

MOMENTS = 200
"""More than there are in one run."""


@pytest.fixture(autouse=True)
def _fast(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embedding, "deep_is_here", lambda: False)


@pytest.fixture
def found(lake: Lake, monkeypatch: pytest.MonkeyPatch) -> Look:
    """What every run of the test finds; looking is done once, for a forked child has no lake."""
    say_all(lake, *LOGIN, *PARCEL)
    seen = looking.look(Reader(lake), timezone.now())
    monkeypatch.setattr(runs, "look", lambda *_: seen)
    monkeypatch.setattr(runs, "_worthwhile", lambda *_: True)
    return seen


def weigh_and_die(lake: Lake, number: int) -> None:
    with dying_at(number):
        runs.weigh(Reader(lake))


def time_passes() -> None:
    """What a dead worker held is free, and the round is due."""
    Round.objects.update(lease_until=None, due_at=timezone.now() - timedelta(seconds=1))


def check() -> None:
    """As many runs as journal entries, one of them whole, every theme with its days and lineage."""
    assert ThemeRun.objects.exclude(members=b"").count() == min(1, ThemeRun.objects.count())
    assert Event.objects.filter(kind="themes.weighed").count() == ThemeRun.objects.count()
    themes = 2 if ThemeRun.objects.exists() else 0
    assert Theme.objects.count() == ThemeDay.objects.count() == themes
    assert ThemeChange.objects.filter(what="new").count() == themes * ThemeRun.objects.count()


def test_it_dies_at_every_moment_of_a_run(lake: Lake, found: Look):
    Round.objects.create(name=runs.ROUND, due_at=timezone.now())
    survived, runs_before = False, 0
    for number in range(1, MOMENTS):
        time_passes()
        survived = ended(in_child(partial(weigh_and_die, lake, number)))
        check()
        if survived:
            break

    print(f"moments={number} runs={ThemeRun.objects.count()}")  # noqa: T201
    assert survived
    assert number > 20
    assert ThemeRun.objects.count() > runs_before


def test_it_never_runs_twice_at_once(lake: Lake, found: Look, monkeypatch: pytest.MonkeyPatch):
    inside, most, lock = 0, 0, threading.Lock()
    slow = threading.Barrier(2, timeout=5)

    def look(*_: object) -> Look:
        nonlocal inside, most
        with lock:
            inside += 1
            most = max(most, inside)
        try:
            slow.wait(0.7)  # would pass only if another run were inside
        except threading.BrokenBarrierError:
            slow.reset()
        with lock:
            inside -= 1
        return found

    monkeypatch.setattr(runs, "look", look)
    done: list[int] = []

    def work() -> None:
        try:
            done.append(runs.weigh(Reader(lake)))
        finally:
            connections.close_all()

    crew = [threading.Thread(target=work) for _ in range(4)]
    for one in crew:
        one.start()
    for one in crew:
        one.join()

    assert (sorted(done), most) == ([0, 0, 0, 1], 1)
    assert ThemeRun.objects.count() == 1


def test_it_writes_nothing_when_another_worker_took_over(
    lake: Lake, found: Look, monkeypatch: pytest.MonkeyPatch
):
    def look(*_: object) -> Look:
        # as if this worker had slept longer than its lease and another one had begun
        Round.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
        with rounds.turn(runs.ROUND, again=timedelta(0)) as other:
            assert other
            return found

    monkeypatch.setattr(runs, "look", look)

    with pytest.raises(Stale):
        runs.weigh(Reader(lake))

    assert ThemeRun.objects.count() == Theme.objects.count() == 0
    assert Round.objects.get().lease_until is not None, "the round is the other worker's"
