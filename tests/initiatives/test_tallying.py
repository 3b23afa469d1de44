"""The voices and people behind an initiative are counted in the lake, soon after they change."""

from datetime import timedelta

import pytest
from django.utils import timezone

from desk import batch, letter, post, source
from sori.change.initiatives import services, tallying
from sori.change.initiatives.models import Tally
from sori.database import claim, hold
from sori.errors import Stale
from sori.lake.query import Reader

pytestmark = pytest.mark.django_db


@pytest.fixture
def said(lake):
    """Three sentences of two accounts."""
    place = source("web")
    rows = batch(post(place, author_id="a"), post(place, author_id="a"), post(place, author_id="b"))
    lake.append(rows, source=place.pk, sequence=1)
    return rows.column("id").to_pylist()


def test_it_counts_voices_and_the_accounts_that_said_them(lake, begun, boss, said):
    row = begun()
    for key in said:
        services.attach(initiative=row, member=boss, sort="mention", key=key)

    assert tallying.count_due(Reader(lake)) == 1
    assert tallying.count_due(Reader(lake)) == 0

    tally = Tally.objects.get()
    assert (tally.voices, tally.people) == (3, 2)
    assert tally.due_at > timezone.now()


def test_it_counts_again_when_something_more_speaks_for_it(lake, begun, boss, said):
    row = begun()
    services.attach(initiative=row, member=boss, sort="mention", key=said[0])
    tallying.count_due(Reader(lake))

    services.attach(initiative=row, member=boss, sort="mention", key=said[2])
    tallying.count_due(Reader(lake))

    assert Tally.objects.get().voices == 2


def test_it_counts_again_what_changed_while_it_was_counted(lake, begun, boss, said, monkeypatch):
    row = begun()
    services.attach(initiative=row, member=boss, sort="mention", key=said[0])
    counted = tallying.counted

    def slowly(reader, initiative):
        found = counted(reader, initiative)
        services.attach(initiative=row, member=boss, sort="mention", key=said[2])
        return found

    monkeypatch.setattr(tallying, "counted", slowly)
    tallying.count_due(Reader(lake))
    monkeypatch.undo()

    assert tallying.count_due(Reader(lake)) == 1
    assert Tally.objects.get().voices == 2


def test_it_counts_what_is_forgotten_no_more(lake, begun, boss, said):
    row = begun()
    services.attach(initiative=row, member=boss, sort="mention", key="20261120" + "5" * 20)
    services.attach(initiative=row, member=boss, sort="mention", key=said[0])

    tallying.count_due(Reader(lake))

    assert Tally.objects.get().voices == 1


def test_it_counts_nobody_twice_who_wrote_without_a_name(lake, begun, boss):
    place = source()
    rows = batch(letter(place, author_id=""), letter(place, author_id=""))
    lake.append(rows, source=place.pk, sequence=1)
    row = begun()
    for key in rows.column("id").to_pylist():
        services.attach(initiative=row, member=boss, sort="mention", key=key)

    tallying.count_due(Reader(lake))

    assert Tally.objects.get().people == 2


def test_it_stops_counting_what_is_over(lake, begun, said):
    services.mark_told(begun(decision="no"))

    tallying.count_due(Reader(lake))

    assert Tally.objects.get().due_at is None


def test_it_is_counted_by_another_worker_when_one_died(lake, begun):
    begun()
    dead = claim(Tally.objects.all(), lease=timedelta(minutes=1))
    assert tallying.count_due(Reader(lake)) == 0

    Tally.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    assert tallying.count_due(Reader(lake)) == 1

    with pytest.raises(Stale):
        hold(dead[0], voices=99)
