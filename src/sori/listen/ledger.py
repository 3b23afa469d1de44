"""Every page is written down before and after the lake has it, so nothing is lost or doubled.

A run is written `prepared`, with the cursor before and after, before the lake is touched, and
`done` in the same transaction that moves the cursor. After a crash the lake decides about a
prepared run: either it has the run's rows, and then the run is done; or it makes sure that it will
never have them, and then the run is dropped and its page fetched again.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final

import pyarrow as pa
from django.conf import settings
from django.db.models import Max
from django.db.models.functions import Now
from django.utils import timezone

from sori import database
from sori.channels.contract import Broken, Json
from sori.journal.services import record
from sori.lake.attachments import Attachments
from sori.lake.store import Lake
from sori.listen import withdrawals
from sori.listen.models import Intake, Quarantine, Run, Source
from sori.listen.vault import seal

LEASE: Final = timedelta(minutes=2)
"""How long a silent worker keeps a source; every page renews it."""


@dataclass(frozen=True)
class Arrival:
    """One page on its way from a source to the lake.

    Attributes:
        mentions: what is (still) to be stored.
        cursor: where the channel goes on.
        broken: what could not be read.
        files: attachments by their digest.
        duplicate: how many mentions fell out because the lake has them.
        not_matched: how many fell out because no listening rule found them.
        forgotten: how many fell out because who said them was forgotten.
        intake: the rows of the intake it was made of.
        replays: the quarantined item it is, 0 for none.
        edited: what was heard before, in the words it has now.
        gone: the channel's names for what is not there any more.
        at_once: whether it says what the next page will cost; a turn does not end between the two.
    """

    mentions: pa.RecordBatch
    cursor: Json
    broken: Sequence[Broken] = ()
    files: Mapping[str, bytes] = field(default_factory=dict)
    duplicate: int = 0
    not_matched: int = 0
    forgotten: int = 0
    intake: tuple[int, ...] = ()
    replays: int = 0
    edited: pa.RecordBatch | None = None
    gone: Sequence[str] = ()
    at_once: bool = False

    @property
    def seen(self) -> int:
        """How many things came."""
        sifted = self.duplicate + self.not_matched + self.forgotten + len(self.broken)
        return int(self.mentions.num_rows) + sifted


class Ledger:
    """The runs of one claimed source; everything is written under its fence.

    Args:
        source: claimed by us.
        lake: where its mentions go.
    """

    def __init__(self, source: Source, lake: Lake) -> None:
        self._source = source
        self._lake = lake
        self._files = Attachments(settings.FILES)
        self._sequence = 0

    def recover(self) -> None:
        """Settle what a crash left behind; call it before the first page.

        Raises:
            Stale: the source was claimed by another worker.
        """
        runs = Run.objects.filter(source=self._source)
        for run in runs.filter(state=Run.State.PREPARED).order_by("sequence"):
            stored = self._lake.settle(source=self._source.pk, sequence=run.sequence)
            with database.write_atomic():
                if stored:
                    self._finish(run)
                else:
                    database.hold(self._source, lease_until=Now() + LEASE)
                    run.delete()
        # a database restored from a backup may know less than the lake
        last = runs.aggregate(last=Max("sequence"))["last"] or 0
        self._sequence = max(last, self._lake.sequence(self._source.pk))

    @contextmanager
    def run(self, arrival: Arrival) -> Iterator[int]:
        """Write a page down, let the caller append `arrival.mentions`, write down that it is done.

        Yields:
            The sequence to append under. A page with nothing to append is done already.

        Raises:
            Stale: the source was claimed by another worker; nothing was written.
        """
        for content in arrival.files.values():
            self._files.put(content)
        with database.write_atomic():
            run = self._prepare(arrival)
            if not arrival.mentions.num_rows:
                self._finish(run)
        yield self._sequence
        if arrival.mentions.num_rows:
            with database.write_atomic():
                self._finish(run)

    def _prepare(self, arrival: Arrival) -> Run | None:
        source = self._source
        database.hold(source, lease_until=Now() + LEASE)
        withdrawals.write_down(source, arrival.gone)
        if not (arrival.seen or arrival.intake or arrival.replays):
            database.hold(source, cursor=arrival.cursor)
            return None
        self._sequence += 1
        run = Run.objects.create(
            source=source,
            sequence=self._sequence,
            cursor_before=source.cursor,
            cursor_after=arrival.cursor,
            seen=arrival.seen,
            stored=arrival.mentions.num_rows,
            duplicate=arrival.duplicate,
            not_matched=arrival.not_matched,
            forgotten=arrival.forgotten,
            quarantined=len(arrival.broken),
            started_at=timezone.now(),
        )
        Intake.objects.filter(source=source, pk__in=arrival.intake).update(run=run)
        if arrival.replays:
            self._prepare_replay(arrival, run)
        else:
            Quarantine.objects.bulk_create(self._quarantined(arrival, run))
        return run

    def _prepare_replay(self, arrival: Arrival, run: Run) -> None:
        outcome = "" if not arrival.broken else arrival.broken[0].reason
        Quarantine.objects.filter(source=self._source, pk=arrival.replays).update(
            replay=run, outcome=outcome[:160]
        )

    def _quarantined(self, arrival: Arrival, run: Run) -> list[Quarantine]:
        return [
            Quarantine(
                source=self._source,
                run=run,
                external_id=(item.external_id or "")[:255],
                raw=seal(item.raw, about=quarantined_by(self._source.pk)),
                reason=item.reason,
                at=timezone.now(),
            )
            for item in arrival.broken
        ]

    def _finish(self, run: Run | None) -> None:
        if run is None:
            return
        source, now = self._source, timezone.now()
        database.hold(source, cursor=run.cursor_after, lease_until=Now() + LEASE)
        Run.objects.filter(pk=run.pk).update(state=Run.State.DONE, finished_at=now)
        # the lake has it now; the key stays, so that a repeated delivery is still known
        Intake.objects.filter(run=run).update(body={})
        self._settle(run)
        if run.stored or run.quarantined:
            record("source.heard", f"source:{source.pk}", run=run.pk, **_counts(run))

    def _settle(self, run: Run) -> None:
        replayed = Quarantine.objects.filter(replay=run)
        if run.quarantined:
            replayed.update(asked_at=None, replay=None)
            return
        outcomes = {
            "stored": run.stored,
            "heard before": run.duplicate,
            "not matched": run.not_matched,
            "of somebody who was forgotten": run.forgotten,
            "nothing in it": True,
        }
        outcome = next(words for words, count in outcomes.items() if count)
        replayed.update(settled_at=timezone.now(), asked_at=None, outcome=outcome)


def quarantined_by(source: int) -> str:
    """What the raw bytes of a quarantined item are sealed for."""
    return f"quarantine of source {source}"


def _counts(run: Run) -> dict[str, Any]:
    names = ("seen", "stored", "duplicate", "not_matched", "quarantined", "forgotten")
    return {name: getattr(run, name) for name in names}
