"""Kill -9 in the middle of a look for surges: each is told once and ends once all the same."""

from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.utils import timezone

from dying import dying_at, ended, in_child
from sori.change import watch
from sori.change.measuring import Measured
from sori.change.models import Round, Surge
from sori.change.watch import Seen
from sori.journal.models import Event
from sori.lake.query import Reader
from sori.lake.store import Lake

pytestmark = pytest.mark.django_db(transaction=True)

MOMENTS = 100
NOW = timezone.now()
FOUND = Measured(NOW, NOW, NOW, 9, 9, 9, 0, 0, 1, "blog", 1, ("x",), frozenset("x"))


class OneGrows:
    """A look that finds one rule growing, as long as nobody has told it yet, and then ends it."""

    something_new = True

    def __init__(self, *_: object) -> None:
        self.told = Surge.objects.filter(sort="query", key="1")

    def changes(self) -> tuple[list[Seen], list[Surge]]:
        for surge in self.told:
            if surge.ended_at is None:
                surge.ended_at = NOW
                return [], [surge]
            return [], []
        return [Seen(grown(), FOUND)], []


def grown() -> Surge:
    counted = {"peak": 9, "voices": 9, "expected": 0.1, "people": 9, "urgent": 0, "copies": 0}
    moments: dict[str, Any] = dict.fromkeys(("since", "told_at", "last", "peak_at"), NOW)
    return Surge(sort="query", key="1", name="로그인", severity=1, **counted, **moments)


def look_and_die(lake: Lake, number: int) -> None:
    with dying_at(number):
        watch.watch(Reader(lake))


def test_it_dies_at_every_moment_of_a_look(lake: Lake, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(watch, "Glance", OneGrows)
    Round.objects.create(name=watch.ROUND, due_at=NOW)
    survived = 0
    for number in range(1, MOMENTS):
        past = timezone.now() - timedelta(seconds=1)
        Round.objects.filter(name=watch.ROUND).update(lease_until=None, due_at=past)
        survived += ended(in_child(partial(look_and_die, lake, number)))
        told = Surge.objects.count()
        over = Surge.objects.filter(ended_at__isnull=False).count()
        assert told <= 1
        assert Event.objects.filter(kind="surge.began").count() == told
        assert Event.objects.filter(kind="surge.ended").count() == over
        if survived == 2:
            break

    print(f"moments={number}")  # noqa: T201
    assert number > 10
    assert Surge.objects.get().ended_at
