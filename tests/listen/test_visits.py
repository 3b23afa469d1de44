"""One dead source never stops the others, and comes back when it should."""

import random
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from fake_channels import Fake, page
from sori import flow
from sori.channels.contract import Page
from sori.errors import ChannelError, LakeError, Stale
from sori.journal.models import Event
from sori.lake.store import Lake
from sori.listen.models import Source
from sori.listen.polling import LONGEST, PATIENCE, backoff, claim_due, gathered, seize
from sori.listen.services import pause, poll_now, resume
from voices import numbers

pytestmark = pytest.mark.django_db(transaction=True)


def kinds() -> list[str]:
    return list(Event.objects.values_list("kind", flat=True))


def again(source: Source) -> Source:
    Source.objects.filter(pk=source.pk).update(due_at=timezone.now())
    return Source.objects.get(pk=source.pk)


def test_it_hears_the_living_beside_the_dead(source_of, lake: Lake) -> None:
    source_of(Fake(ChannelError("gone", permanent=True)))
    source_of(Fake(KeyError("a mistake in the channel")))
    source_of(Fake(page(1)))
    while flow.turn_due():
        pass
    assert [n for _, rows in lake.since(-1) for n in numbers(rows)] == [1]


def test_a_passing_failure_waits_and_is_told_once(source_of) -> None:
    source = source_of(Fake(ChannelError("busy"), ChannelError("busy")))
    for failures in (1, 2):
        flow.turn(again(source))
        source.refresh_from_db()
        assert (source.state, source.failures) == (Source.State.ACTIVE, failures)
        assert source.error == "busy"
        assert source.lease_until is None
        assert source.due_at is not None
        assert source.due_at >= timezone.now() - timedelta(seconds=5)
    assert kinds().count("source.failed") == 1


def test_a_permanent_failure_needs_attention(source_of) -> None:
    source = source_of(Fake(ChannelError("wrong password", permanent=True)))
    flow.turn(source)
    source.refresh_from_db()
    assert (source.state, source.error) == (Source.State.BROKEN, "wrong password")
    assert "source.broken" in kinds()
    assert claim_due() == []


def test_success_forgives(source_of) -> None:
    channel = Fake(ChannelError("busy"))
    source = source_of(channel)
    flow.turn(source)
    channel.script = [page(1)]
    flow.turn(again(source))
    source.refresh_from_db()
    assert (source.failures, source.error) == (0, "")
    assert "source.recovered" in kinds()


@pytest.mark.parametrize("error", [ChannelError("busy"), KeyError("a mistake in the channel")])
@pytest.mark.parametrize("engine", ["local", "processes"])
def test_what_comes_before_a_failure_is_kept(
    source_of, lake: Lake, settings, error: Exception, engine: str
) -> None:
    settings.ENGINE = engine
    source = source_of(Fake(page(1), page(2), error))
    for _ in range(2):
        flow.turn(again(source))
    assert sorted(n for _, rows in lake.since(-1) for n in numbers(rows)) == [1, 2]
    assert Source.objects.get().cursor == 2


@pytest.mark.slow
def test_the_engine_changes_no_answer(source_of, lake: Lake, settings, monkeypatch) -> None:
    settings.ENGINE = "processes"
    monkeypatch.setattr(flow, "PIECE", 3)
    flow.turn(source_of(Fake(page(*range(10)), page(*range(10, 12)))))
    ((_, rows),) = lake.since(-1)
    assert numbers(rows) == list(range(12))
    assert rows.column("lang").to_pylist() == ["ko"] * 12


def test_an_unexpected_error_keeps_its_words_to_itself(source_of) -> None:
    source = source_of(Fake(ValueError("token=hunter2")))
    flow.turn(source)
    source.refresh_from_db()
    assert source.error == "unexpected: ValueError"


def test_a_fire_in_our_own_house_is_not_hidden(source_of, monkeypatch) -> None:
    source = source_of(Fake(page(1)))

    def full(*args: object, **kwargs: object) -> None:
        raise LakeError("no space left")

    monkeypatch.setattr(Lake, "append", full)
    with pytest.raises(LakeError):
        flow.turn(source)
    source.refresh_from_db()
    assert (source.lease_until, source.failures) == (None, 1)


def test_a_source_is_visited_by_one_worker_at_a_time(source_of) -> None:
    source = source_of(Fake(page(1)))
    seize(source)
    with pytest.raises(Stale):
        flow.turn(Source(pk=source.pk, name=source.name))
    assert claim_due() == []


def test_a_visit_that_lost_its_lease_ends_quietly(source_of) -> None:
    channel = Fake(page(1))
    source = source_of(channel)
    thief: list[Source] = []

    def steal(settings: object, cursor: object, listener: object):
        Source.objects.update(lease_until=None)
        thief.append(seize(source))
        yield page(1)

    channel.fetch = steal  # type: ignore[method-assign]
    assert flow.turn(source) == 0
    source.refresh_from_db()
    assert source.fence == thief[0].fence


def test_an_endless_source_leaves_time_for_others(source_of) -> None:
    source = source_of(Fake(*(page(n) for n in range(50))))
    stored = flow.turn(source, seconds=0)
    source.refresh_from_db()
    assert stored > 0
    assert source.due_at is not None
    assert source.due_at <= timezone.now()


def test_it_tells_how_far_it_has_come(source_of) -> None:
    told = []
    flow.turn(source_of(Fake(page(1, 2), page(3))), told=told.append)
    assert [(arrival.mentions.num_rows, arrival.cursor) for arrival in told] == [(3, 2)]


def test_a_paused_source_is_left_alone_until_it_is_resumed(source_of) -> None:
    source = source_of(Fake(page(1)))
    pause(source=source, member=None)
    assert claim_due() == []
    resume(source=source, member=None)
    assert [claimed.pk for claimed in claim_due()] == [source.pk]
    assert {"source.paused", "source.resumed"} < set(kinds())


def test_it_can_be_visited_before_its_time(source_of) -> None:
    source = source_of(Fake(page(1)), interval=3600)
    flow.turn(source)
    assert claim_due() == []
    source.refresh_from_db()
    poll_now(source=source, member=None)
    assert [claimed.pk for claimed in claim_due()] == [source.pk]


def test_small_pages_are_joined_and_large_ones_are_not() -> None:
    pages = [page(n)._replace(cursor=n) for n in range(10)]
    joined = list(gathered(iter(pages), rows=4, seconds=60))
    assert [p.mentions.num_rows for p in joined] == [4, 4, 2]
    assert [p.cursor for p in joined] == [3, 7, 9]
    assert [p.cursor for p in gathered(iter(pages), rows=100, seconds=0)] == list(range(10))


def test_what_came_before_a_failure_is_kept() -> None:
    def breaking() -> Iterator[Page]:
        yield page(1)._replace(cursor=1)
        yield page(2)._replace(cursor=2)
        raise ChannelError("gone")

    pages = gathered(breaking(), rows=100, seconds=60)
    assert next(pages).cursor == 2
    with pytest.raises(ChannelError):
        next(pages)


@given(st.integers(1, 10_000), st.integers(0, 2**32))
def test_backing_off_stays_below_its_ceiling(failures: int, seed: int) -> None:
    wait = backoff(failures, None, random.Random(seed))
    assert 0 <= wait <= min(LONGEST, 2 ** min(failures, 99))


@given(st.integers(1, 100), st.floats(0, 10**9), st.integers(0, 2**32))
def test_a_wait_that_was_asked_for_is_kept(failures: int, asked: float, seed: int) -> None:
    wait = backoff(failures, asked, random.Random(seed))
    assert min(asked, PATIENCE) <= wait <= PATIENCE + LONGEST


def test_sources_that_failed_together_come_back_apart() -> None:
    dice = random.Random(7)
    waits = sorted(backoff(20, None, dice) for _ in range(10_000))
    seconds = [int(wait) for wait in waits]
    assert max(map(seconds.count, set(seconds))) < 3 * len(seconds) / LONGEST


class Paid(Fake):
    """Notes what is written down at the moment when it is asked to go on."""

    def fetch(self, settings, cursor, listener):
        self.written = []
        for each in super().fetch(settings, cursor, listener):
            yield each
            self.written.append(Source.objects.get(pk=listener.source).cursor)


def test_what_the_next_page_costs_is_written_down_before_it_is_asked_for(source_of) -> None:
    note = page()._replace(at_once=True)
    channel = Paid(page(1), note, page(2), note, page(3))
    flow.turn(source_of(channel))
    assert [channel.written[1], channel.written[3]] == [2, 4]


def test_a_turn_does_not_end_between_a_cost_and_what_it_pays_for(source_of, lake: Lake) -> None:
    note = page()._replace(at_once=True)
    source = source_of(Fake(note, page(1)._replace(at_once=True), page(2), page(3)))
    flow.turn(source, seconds=0)
    source.refresh_from_db()
    assert source.cursor >= 3
    assert [n for _, rows in lake.since(-1) for n in numbers(rows)][:2] == [1, 2]
