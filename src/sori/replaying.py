"""Understand the lake again, a day at a time and exactly once: `sori replay`.

Every day is one commit of the lake that carries the replay's key, so a day that was done is never
done twice, whoever dies and whoever does it at the same time. What people corrected is written
over what the model says now; then the desk reads the day's labels again. Text that was masked is
masked once more and never less. The theme a voice was given stays, as does what no step fills.
"""

import uuid
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from functools import partial
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from django.conf import settings
from django.utils import timezone

from sori.database import write_atomic
from sori.engine import map_batches
from sori.journal.services import record
from sori.lake.rewriting import Change
from sori.lessons.models import Replay
from sori.lessons.overlay import overlaid
from sori.lessons.selectors import corrected
from sori.lessons.versions import own_heads
from sori.listen import memory
from sori.respond import relabelling
from sori.respond.models import Message
from sori.sql import read_sql
from sori.understand.pipeline import Knowledge, make_pipeline, model_name

PIECE: Final = 10_000
"""How many mentions are understood at once."""

SWEEP: Final = 32
"""After so many days the files that were replaced are freed."""

Told = Callable[[date, int], None]
People = Mapping[str, Mapping[str, Any]]
Again = Callable[[Sequence[pa.RecordBatch]], Iterator[pa.RecordBatch]]


def begin(*, since: date, until: date, source: int | None = None) -> Replay:
    """Start a replay, or go on with the same one that was broken off or that somebody runs now.

    Args:
        since: the first day, as the lake counts days: in UTC.
        until: the last day.
        source: only the mentions of this source.
    """
    asked = {"since": since, "until": until, "source": source, "model": model_name(own_heads())}
    fresh = {"key": uuid.uuid4().hex, "started_at": timezone.now()}
    with write_atomic():
        return Replay.objects.get_or_create(**asked, finished_at=None, defaults=fresh)[0]


def days(replay: Replay) -> dict[date, int]:
    """The days a replay speaks of that have mentions, in order, and how many each has."""
    table = memory.reader().table(
        read_sql("lake", "rows_by_day"),
        since=replay.since.isoformat(),
        until=replay.until.isoformat(),
    )
    return {date.fromisoformat(row["day"]): row["voices"] for row in table.to_pylist()}


def run(replay: Replay, *, told: Told = lambda _day, _rows: None) -> Replay:
    """Understand every day again that is not done yet.

    Args:
        replay: from `begin`.
        told: called after each day with the day and how many of its rows were understood again.

    Raises:
        LakeError: the lake could not be read or written.
    """
    lake, again = memory.lake(), _again(Knowledge(own=own_heads()))
    for number, day in enumerate(days(replay), start=1):
        done = replay.reached is not None and day <= replay.reached
        people = corrected(*_ids_of(day))
        change = partial(_understood, again, people, replay.source)
        counted = {} if done else lake.redo(day, _counted(change), key=replay.key)
        if not done:
            _follow(day)
            replay = _write_down(replay, day, counted)
        told(day, sum(counted.values()))
        if number % SWEEP == 0:
            lake.vacuum()
    lake.vacuum()
    return _finish(replay)


def _again(knows: Knowledge) -> Again:
    """What understands batches: here with one step for all, or in processes when there are many."""
    here = make_pipeline(knows)

    def understand(batches: Sequence[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        if len(batches) == 1:
            return map(here, batches)
        return map_batches(partial(make_pipeline, knows), batches, engine=settings.ENGINE)

    return understand


def _counted(change: Callable[[pa.Table], tuple[pa.Table, pa.Array]]) -> Change:
    """A change that also counts kinds before and after, of the rows it is about."""

    def counting(rows: pa.Table) -> tuple[pa.Table, Counter[str]]:
        other, mine = change(rows)
        before = rows.column("kind").filter(mine).to_pylist()
        after = other.column("kind").filter(mine).to_pylist()
        pairs = zip(before, after, strict=True)
        return other, Counter(f"{old or ''}>{new or ''}" for old, new in pairs)

    return counting


def _understood(
    again: Again, people: People, source: int | None, rows: pa.Table
) -> tuple[pa.Table, pa.Array]:
    """Rows of the lake understood again, and which of them the replay is about."""
    mine = _those_of(rows, source)
    asked, left = rows.filter(mine), rows.filter(pc.invert(mine))
    told = asked
    if asked.num_rows:
        batches = asked.combine_chunks().to_batches(max_chunksize=PIECE)
        parts = [batch.select(rows.schema.names) for batch in again(batches)]
        told = pa.Table.from_batches(parts).cast(rows.schema)
    at, field = rows.schema.get_field_index("masked"), rows.schema.field("masked")
    told = told.set_column(at, field, _joined(asked, told))
    places = np.argsort(np.concatenate([_places(mine), _places(pc.invert(mine))]), kind="stable")
    whole = pa.concat_tables([overlaid(told, people), left]).take(pa.array(places))
    return whole, mine


def _those_of(rows: pa.Table, source: int | None) -> pa.ChunkedArray:
    sources = rows.column("source")
    return pc.equal(sources, sources if source is None else source)


def _places(mask: pa.ChunkedArray) -> Any:
    return np.flatnonzero(mask.to_numpy())


def _joined(before: pa.Table, after: pa.Table) -> pa.Array:
    """The sorts of personal data found then or now: what was blotted out cannot be found again."""
    pairs = zip(
        before.column("masked").to_pylist(), after.column("masked").to_pylist(), strict=True
    )
    lists = [sorted({*(old or ()), *(new or ())}) for old, new in pairs]
    return pa.array(lists, pa.list_(pa.string()))


def _follow(day: date) -> None:
    """Let the desk read the labels of a day again."""
    first, last = _ids_of(day)
    names = Message.objects.filter(mention__range=(first, last))
    mentions = list(names.values_list("mention", flat=True))
    if mentions:
        question = read_sql("lake", "labels")
        table = memory.reader().table(question, day=day.isoformat(), mentions=mentions)
        relabelling.follow(table.to_pylist())


def _ids_of(day: date) -> tuple[str, str]:
    """The first and the last id a mention of this partition can have."""
    prefix = f"{day.year:04}{day:%m%d}"
    return prefix + "0" * 20, prefix + "f" * 20


def _write_down(replay: Replay, day: date, counted: Mapping[str, int]) -> Replay:
    with write_atomic():
        row = Replay.objects.select_for_update().get(pk=replay.pk)
        if row.reached is None or row.reached < day:
            row.reached = day
            row.rows += sum(counted.values())
            row.tally = dict(Counter(row.tally) + Counter(counted))
            row.save(update_fields=["reached", "rows", "tally"])
        return row


def _finish(replay: Replay) -> Replay:
    with write_atomic():
        row = Replay.objects.select_for_update().get(pk=replay.pk)
        if row.finished_at is None:
            row.finished_at = timezone.now()
            row.save(update_fields=["finished_at"])
            record(
                "lake.understood_again",
                f"replay:{row.pk}",
                since=row.since.isoformat(),
                until=row.until.isoformat(),
                source=row.source,
                model=row.model,
                rows=row.rows,
            )
        return row
