"""Every thing that came is counted once, as what became of it, whatever came and in what order."""

from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pytest
from django.conf import settings
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from fake_channels import Fake, page
from sori import flow, mention
from sori.errors import AlreadyAppended, Stale
from sori.lake.store import Lake
from sori.listen.ledger import Arrival, Ledger
from sori.listen.models import Quarantine, Query, Run, Source
from sori.listen.polling import seize
from sori.listen.selectors import Ledger as Totals
from sori.listen.selectors import source as health_of
from voices import numbers, voice, voices

pytestmark = pytest.mark.django_db(transaction=True)


def stored(lake: Lake) -> list[int]:
    return sorted(n for _, rows in lake.since(-1) for n in numbers(rows))


def totals(source: Source) -> Totals:
    health = health_of(source.pk)
    assert health is not None
    return health.ledger


def test_it_counts_what_became_of_everything(source_of, lake: Lake) -> None:
    Query.objects.create(name="late", expression="늦어요")
    script = [page(1, 2, 2, "odd"), page(3, 1, text="고마워요"), page(4)]
    source = source_of(Fake(*script), keep=Source.Keep.MATCHED)
    assert flow.turn(source) == 3
    assert stored(lake) == [1, 2, 4]
    assert totals(source) == Totals(seen=7, stored=3, duplicate=2, not_matched=1, quarantined=1)


def test_a_second_turn_adds_nothing(source_of, lake: Lake) -> None:
    source = source_of(Fake(page(1, 2), page("odd")))
    flow.turn(source)
    runs = Run.objects.count()
    source.refresh_from_db()
    assert flow.turn(source) == 0
    assert (stored(lake), Run.objects.count(), Quarantine.objects.count()) == ([1, 2], runs, 1)


def test_a_lost_cursor_doubles_nothing(source_of, lake: Lake) -> None:
    source = source_of(Fake(page(1, 2), page(3)))
    flow.turn(source)
    Source.objects.update(cursor=None)
    source.refresh_from_db()
    assert flow.turn(source) == 0
    assert stored(lake) == [1, 2, 3]
    assert totals(source).duplicate == 3


def test_the_same_post_through_two_sources_is_stored_once(source_of, lake: Lake) -> None:
    first, second = source_of(Fake(page(1, 2))), source_of(Fake(page(2, 3)))
    flow.turn(first)
    flow.turn(second)
    assert stored(lake) == [1, 2, 3]
    assert totals(second).duplicate == 1


def test_it_goes_on_counting_above_what_the_lake_knows(source_of, lake: Lake) -> None:
    source = source_of(Fake(page(1), page(2)))
    lake.append(voices(1, 50), source=source.pk, sequence=9)
    flow.turn(source)
    assert stored(lake) == [1, 2, 50]
    assert list(Run.objects.values_list("sequence", flat=True)) == [10]


class PowerCut(BaseException):
    """Everything ends here."""


def claimed(source: Source) -> Source:
    Source.objects.update(lease_until=None)
    return seize(source)


def prepared(source: Source, lake: Lake) -> Iterator[int]:
    ledger = Ledger(claimed(source), lake)
    ledger.recover()
    arrival = Arrival(voices(2), 1, page("odd").broken)
    with pytest.raises(PowerCut), ledger.run(arrival) as sequence:  # noqa: PT012
        yield sequence
        raise PowerCut


def test_a_crash_before_the_lake_loses_and_doubles_nothing(source_of, lake: Lake) -> None:
    source = source_of(Fake(page(0, 1, "odd")))
    list(prepared(source, lake))
    assert Run.objects.get().state == Run.State.PREPARED
    assert flow.turn(claimed(source)) == 2
    assert stored(lake) == [0, 1]
    assert totals(source) == Totals(seen=3, stored=2, duplicate=0, not_matched=0, quarantined=1)
    assert Quarantine.objects.count() == 1


def test_a_crash_after_the_lake_loses_and_doubles_nothing(source_of, lake: Lake) -> None:
    source = source_of(Fake(page(0, 1, "odd")))
    for sequence in prepared(source, lake):
        lake.append(voices(2), source=source.pk, sequence=sequence)
    assert flow.turn(claimed(source)) == 0
    assert stored(lake) == [0, 1]
    assert totals(source) == Totals(seen=3, stored=2, duplicate=0, not_matched=0, quarantined=1)
    assert Quarantine.objects.count() == 1
    assert Source.objects.get().cursor == 1


def test_a_worker_that_only_seemed_dead_can_do_no_harm(source_of, lake: Lake) -> None:
    source = source_of(Fake(page(0, 1, "odd")))
    sleeper = Ledger(claimed(source), Lake(settings.LAKE))
    sleeper.recover()
    arrival = Arrival(voices(2), 1, page("odd").broken)
    awake = Lake(settings.LAKE)
    with pytest.raises(AlreadyAppended), sleeper.run(arrival) as sequence:  # noqa: PT012
        assert awake.sequence(source.pk) == 0
        # meanwhile its lease ends and another worker does the whole work
        assert flow.turn(claimed(source)) == 2
        awake.append(arrival.mentions, source=source.pk, sequence=sequence)
    assert stored(lake) == [0, 1]
    assert totals(source).seen == 3


def test_a_worker_that_lost_its_lease_writes_nothing(source_of, lake: Lake) -> None:
    source = source_of(Fake())
    late = claimed(source)
    claimed(source)
    with pytest.raises(Stale), Ledger(late, lake).run(Arrival(voices(1), 1)):
        pytest.fail("it must not get this far")
    assert not Run.objects.exists()


_POST = st.integers(0, 30)
_THING = st.one_of(_POST, st.sampled_from(["odd", "broken", "strange"]))


@hypothesis_settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    script=st.lists(st.lists(_THING, max_size=8), max_size=4),
    kind=st.sampled_from(Source.Keep.values),
)
def test_any_mixture_adds_up(
    source_of, home: Path, script: list[list[int | str]], kind: str
) -> None:
    settings.LAKE = str(home / f"lake-{Source.objects.count()}")
    Query.objects.get_or_create(name="even", defaults={"expression": "짝수"})
    pages = [page(*things)._replace(mentions=_texts(things)) for things in script]
    source = source_of(Fake(*pages), keep=kind)
    flow.turn(source)
    things = [thing for page_ in script for thing in page_]
    posts = [thing for thing in things if isinstance(thing, int)]
    wanted = {n for n in posts if n % 2 == 0 or kind == Source.Keep.EVERYTHING}
    ledger = totals(source)
    assert stored(Lake(settings.LAKE)) == sorted(wanted)
    assert ledger.seen == len(things)
    assert ledger.stored == len(wanted)
    assert ledger.quarantined == len(things) - len(posts)
    assert ledger.duplicate + ledger.not_matched == len(posts) - len(wanted)
    assert Quarantine.objects.filter(source=source).count() == ledger.quarantined


def _texts(things: list[int | str]) -> pa.RecordBatch:
    words = {0: "짝수", 1: "홀수"}
    return mention.heard(
        voice(thing, text=words[thing % 2]) for thing in things if isinstance(thing, int)
    )
