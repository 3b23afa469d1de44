"""The lake: every mention ever heard, appended exactly once, in one Delta table."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from threading import RLock
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc
from deltalake import Transaction
from deltalake.transaction import AddAction

from sori.errors import AlreadyAppended, LakeError
from sori.lake import additions, log, rewriting, tables
from sori.lake.delta import ATTEMPTS, REWRITES, Delta
from sori.lake.keys import KeyCache, numbers
from sori.lake.rewriting import Change, Doomed, Rewritten
from sori.lake.storage import storage

_DAYS: Final = 32


class Lake:
    """Every mention ever heard.

    Make one per process and keep it: it holds the table's state and reads only what is new. Its
    methods may be called from several threads; a process that forks must not have used it yet.

    Args:
        uri: a folder, or the address of a bucket such as s3://bucket/lake (credentials come from
            the environment).
    """

    def __init__(self, uri: str) -> None:
        self.storage = storage(uri)
        self._delta = Delta(self.storage)
        self._keys = KeyCache()
        self._turn = RLock()

    def version(self) -> int:
        """The newest version, -1 when nothing was ever appended."""
        with self._turn:
            return self._delta.refresh()

    def sequence(self, source: int) -> int:
        """The highest sequence of this source that is in the lake for good; 0 if there is none."""
        with self._turn:
            if self._delta.refresh() < 0:
                return 0
            # whoever appended it may have died before the disk had it
            self._delta.make_log_durable()
            return log.sequence_of(self._delta.transaction(str(source)))

    def append(self, rows: pa.RecordBatch | pa.Table, *, source: int, sequence: int) -> int:
        """Append mentions once and for all; when this returns they survive a power cut.

        The data files are on the disk before the commit names them, and the commit is on the disk
        before we return, so no order of crashes leaves a commit without its rows.

        Args:
            rows: columns of `mention.SCHEMA`; missing ones become null.
            source: the id of the source.
            sequence: which append of this source it is, larger than all before.

        Returns:
            The new version.

        Raises:
            AlreadyAppended: this sequence or a later one is in the lake or was settled to stay out.
            LakeError: it could not be written; nothing was appended.
        """
        table = pa.Table.from_batches([rows]) if isinstance(rows, pa.RecordBatch) else rows
        with self._turn, self.storage.lock(alone=False):
            self._delta.create()
            self._refuse_old(source, sequence)
            parts = tables.by_day(table, sequence)
            added = [self._delta.write(part, day, rewrite=False) for day, part in parts]
            try:
                self._commit(added, source, sequence)
            except LakeError:
                self._delta.discard(added)
                raise
            return additions.version_of(self._delta, source, sequence)

    def settle(self, *, source: int, sequence: int) -> bool:
        """Find out whether an append that nobody remembers the end of took place.

        If it did not, it never will: its writer may only have seemed dead, and could append a
        moment after a mere question. Asking again gives the same answer.

        Args:
            source: the id of the source.
            sequence: the last one that was tried.

        Returns:
            Whether it is in the lake; also False when later ones are there, for then it was settled
            long ago.
        """
        application, appended = str(source), log.numbered(sequence)
        with self._turn, self.storage.lock(alone=False):
            self._delta.create()
            for _ in range(ATTEMPTS):
                last = self._delta.transaction(application)
                if last >= appended:
                    self._delta.make_log_durable()
                    return last == appended
                refusal = Transaction(application, appended + 1)
                if self._delta.commit(log.REFUSE, refusal, added=[]):
                    return False
                self._delta.refresh()
        raise LakeError("the lake was too busy to settle")

    def since(self, version: int) -> Iterator[tuple[int, pa.Table]]:
        """The rows that each later commit added, in order; rewriting yields nothing.

        Rows that were forgotten meanwhile do not come. For a version so old that its log was tidied
        away, everything older than the log comes first, in pieces that carry `version` unchanged
        until the last, so a reader that stops in between starts over and misses nothing.

        Args:
            version: what was read last, -1 for nothing.

        Returns:
            Pairs of a version and its rows, columns of `mention.SCHEMA`.
        """
        delta = Delta(self.storage)
        while version < delta.refresh():
            try:
                for reached, rows in additions.after(delta, version):
                    version = reached
                    if rows.num_rows:
                        yield version, rows
            except FileNotFoundError:
                continue  # compacted and swept away between looking and reading; look again

    def keys_seen(self, ids: pa.Array, *, days: int = 0, today: date | None = None) -> set[str]:
        """Which of these mentions the lake has already.

        Each id names its own partition, which is looked into; a post whose channel tells no time of
        publication carries the day it was heard instead, so the last days are looked into as well.

        Args:
            ids: `id` of mentions.
            days: how many days to look into besides.
            today: the last of them; needed when `days` is not 0.

        Returns:
            The keys (`mention.mention_key`) of those that are there.
        """
        if not len(ids):
            return set()
        wanted = set(pc.unique(tables.days_of(ids)).to_pylist())
        if today is not None:
            wanted |= {(today - timedelta(back)).isoformat() for back in range(days)}
        while True:
            paths = [path for path, day in self.files().items() if day in wanted]
            try:
                found = self._keys.known(numbers(ids), paths, self.storage.files)
            except FileNotFoundError:
                continue  # compacted and swept away between looking and reading; look again
            return set(pc.utf8_slice_codeunits(ids.filter(pa.array(found)), 8).to_pylist())

    def forget(self, *, ids: Iterable[str] = (), authors: Iterable[tuple[str, str]] = ()) -> int:
        """Erase mentions, and everything that still held them, from the disk.

        Collect requests and call this once: a file is rewritten whole, for one row or a thousand.
        In a bucket, what a dead writer left behind goes only with a later `vacuum`.

        Args:
            ids: mentions to erase.
            authors: (channel, author_id) of accounts whose every mention is erased.

        Returns:
            How many rows were erased.
        """
        doomed = Doomed(frozenset(ids), frozenset(authors))
        erased = self._rewrite(log.FORGET, lambda delta: rewriting.without(delta, doomed))
        self.vacuum()
        return erased

    def redo(self, day: date, change: Change, *, key: str) -> Mapping[str, int]:
        """Change the rows of a day where they lie, exactly once.

        The day and the key stand in the same commit as the rows, so a day that was done is never
        done again, whoever asks and whoever died. Days are done in order: those before the last
        one that was done count as done. Rows appended meanwhile stay as they are.

        Args:
            day: which.
            change: gives the rows anew; called again when another rewriter was faster.
            key: names the change.

        Returns:
            What `change` counted, also when the day was done before.

        Raises:
            LakeError: when the change loses rows, or the lake could not be written.
        """
        application = f"redo-{key}"
        delta = Delta(self.storage)
        for _ in range(ATTEMPTS):
            with self.storage.lock(alone=False):
                delta.refresh()
                if delta.transaction(application) >= day.toordinal():
                    delta.make_log_durable()
                    return log.notes(self.storage.files, application, day.toordinal())
                planned = rewriting.redone(delta, day.isoformat(), change)
                mine = Transaction(application, day.toordinal())
                if not planned.removed or self._replace(delta, log.REDO, planned, mine):
                    return planned.notes
        raise LakeError("the lake was too busy to rewrite")

    def compact(self, day: date) -> int:
        """Rewrite a day that is over, sorted by author and with bloom filters.

        Returns:
            How many files it replaced; 0 when the day is tidy already.
        """
        return self._compact([day.isoformat()])

    def upkeep(self, today: date) -> int:
        """Compact the days that are worth it, and free what compacting left behind.

        Returns:
            How many files were replaced.
        """
        days = rewriting.untidy_days(self.files(), today.isoformat())
        # some days a commit: one each would cost more than the rewriting, all at once would
        # throw away too much work when another rewriter is faster
        groups = [days[start : start + _DAYS] for start in range(0, len(days), _DAYS)]
        replaced = sum(map(self._compact, groups))
        if replaced:
            self.vacuum()
        return replaced

    def vacuum(self) -> None:
        """Delete every file that is no part of the newest version, orphans of dead writers too."""
        with self.storage.lock(alone=True):
            Delta(self.storage).vacuum()

    def files(self) -> Mapping[str, str]:
        """The data files of the newest version and the day of each, newest first."""
        with self._turn:
            self._delta.refresh()
            return self._delta.files()

    def sizes(self) -> Mapping[str, int]:
        """How many mentions each day has, newest day first; the log knows, no data is read."""
        with self._turn:
            self._delta.refresh()
            return self._delta.sizes()

    def _refuse_old(self, source: int, sequence: int) -> None:
        # asked of the very handle that commits: a fresh handle would accept a replay
        if self._delta.transaction(str(source)) >= log.numbered(sequence):
            raise AlreadyAppended(f"the lake has sequence {sequence} of source {source} already")

    def _commit(self, added: Sequence[AddAction], source: int, sequence: int) -> None:
        transaction = Transaction(str(source), log.numbered(sequence))
        for _ in range(ATTEMPTS):
            if self._delta.commit(log.APPEND, transaction, added=added):
                return
            self._delta.refresh()
            self._refuse_old(source, sequence)
        raise LakeError("the lake was too busy to append to")

    def _compact(self, days: Sequence[str]) -> int:
        return self._rewrite(log.COMPACT, lambda delta: rewriting.compacted(delta, days))

    def _rewrite(self, mark: str, plan: Callable[[Delta], Rewritten]) -> int:
        # a handle of its own, so that this process goes on appending meanwhile
        delta = Delta(self.storage)
        for _ in range(ATTEMPTS):
            with self.storage.lock(alone=False):
                delta.refresh()
                planned = plan(delta)
                if not planned.removed or self._replace(delta, mark, planned):
                    return planned.changed
        raise LakeError("the lake was too busy to rewrite")

    def _replace(self, delta: Delta, mark: str, by: Rewritten, *also: Transaction) -> bool:
        """Put files in the place of others; False when another rewriter was faster."""
        turn = Transaction(REWRITES, delta.transaction(REWRITES) + 1)
        added, removed = by.added, by.removed
        if delta.commit(mark, turn, *also, added=added, removed=removed, notes=by.notes):
            return True
        delta.discard(added)
        return False
