"""Listen, understand, remember, respond: the whole product on one screen.

The order, and why. A page is sifted first, because what was heard before should cost nothing; only
then is its language told, which rules like `lang:ko` need and which is cheap; then the listening
rules are asked, and what nobody wants to keep is dropped before the dear part; then it is
understood, which masks personal numbers. All of that happens in memory: the first durable write of
what was said is the lake's (and, for what was pushed to us, the already masked intake).
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC
from functools import partial
from itertools import chain, islice, tee
from typing import Final

import pyarrow as pa
from django.conf import settings
from django.utils import timezone

from sori import amending
from sori.change import finding, runs
from sori.change import watch as surge_watch
from sori.change.initiatives import tallying
from sori.change.outcomes import checking
from sori.engine import map_batches
from sori.knowing import knowledge
from sori.listen import memory, polling
from sori.listen.ledger import Arrival, Ledger
from sori.listen.models import Source
from sori.listen.polling import Visit
from sori.listen.sifting import Sieve
from sori.respond import receiving
from sori.understand.pipeline import make_pipeline

PIECE: Final = 10_000
"""How many mentions are understood at once."""

TURN: Final = 30.0
"""Seconds after which a source with an endless supply lets others have their turn."""


def turn(
    source: Source,
    *,
    seconds: float | None = None,
    told: Callable[[Arrival], None] | None = None,
) -> int:
    """Listen, understand, remember: one turn of the wheel for one source.

    Args:
        source: claimed by us, or by nobody.
        seconds: when to leave the rest for the next turn; never if not given.
        told: called after each page with what came of it, its cursor included.

    Returns:
        How many mentions were stored.

    Raises:
        Stale: another worker is busy with this source.
        LakeError: the lake could not be written.
    """
    lake, stored = memory.lake(), 0
    with Visit(source, seconds=seconds) as visit:
        ledger = Ledger(visit.source, lake)
        ledger.recover()
        sieve = Sieve(visit.source, lake)
        # after a failure without reading ahead, so that what comes before the next one is kept
        engine = "local" if visit.source.failures else settings.ENGINE
        for arrival in understood(map(sieve.sift, visit.arrivals()), engine=engine):
            if arrival.edited is not None and arrival.edited.num_rows:
                amending.rewrite(arrival.edited)  # twice does no harm, so before the cursor moves
            with ledger.run(arrival) as sequence:
                if arrival.mentions.num_rows:
                    lake.append(arrival.mentions, source=source.pk, sequence=sequence)
            stored += arrival.mentions.num_rows
            if told is not None:
                told(arrival)
    return stored


def turn_due() -> int:
    """A turn for the source that is longest overdue; returns how many there were: 1 or 0."""
    sources = polling.claim_due()
    for source in sources:
        turn(source, seconds=TURN)
    return len(sources)


def receive() -> int:
    """Respond: take up whatever the lake has learned since we last looked."""
    return receiving.receive(memory.lake())


def weigh() -> int:
    """Change: find and weigh the themes of the last days, on a clock of its own."""
    return runs.weigh(memory.counting_reader())


def watch() -> int:
    """Tell what grows faster than chance; returns how many surges began or ended."""
    return surge_watch.watch(memory.counting_reader())


def find_campaigns() -> int:
    """Tell what comes from one hand; returns how many campaigns began or ended."""
    return finding.find(memory.reader())


def count_for_initiatives() -> int:
    """Count the voices behind initiatives that are due; returns how many initiatives."""
    return tallying.count_due(memory.counting_reader())


def check_outcomes() -> int:
    """Look what the changes that were shipped have brought; returns how many were looked at."""
    return checking.check(memory.counting_reader())


def keep_up() -> int:
    """Put the lake's files of the past days in order; returns how many were rewritten."""
    return memory.lake().upkeep(timezone.now().astimezone(UTC).date())


def understood(arrivals: Iterator[Arrival], *, engine: str) -> Iterator[Arrival]:
    """The same arrivals with their mentions understood.

    Args:
        arrivals: read lazily, a few ahead of the results unless the engine is "local".
        engine: how; other processes take seconds to start, so they are asked only when the first
            page is large.
    """
    first = list(islice(arrivals, 1))
    large = any(arrival.mentions.num_rows > PIECE for arrival in first)
    ahead, behind = tee(chain(first, arrivals))
    pieces = (piece for arrival in ahead for piece in _pieces(arrival.mentions))
    make = partial(make_pipeline, knowledge())
    meanings = map_batches(make, pieces, engine=engine if large else "local")
    for arrival in behind:
        count = len(_pieces(arrival.mentions))
        parts = list(islice(meanings, count))
        yield replace(arrival, mentions=pa.concat_batches(parts)) if parts else arrival


def _pieces(mentions: pa.RecordBatch) -> list[pa.RecordBatch]:
    return [mentions.slice(start, PIECE) for start in range(0, mentions.num_rows, PIECE)]
