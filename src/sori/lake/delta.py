"""The Delta table under the lake: its state, its data files and its commits."""

import json
import os
import time
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq
from deltalake import CommitProperties, DeltaTable, Schema, Transaction
from deltalake.exceptions import CommitFailedError, DeltaError
from deltalake.transaction import AddAction, RemoveAction

from sori import mention
from sori.errors import LakeError
from sori.lake import log, tables
from sori.lake.storage import Storage

ATTEMPTS: Final = 20
REWRITES: Final = "rewrites"
"""The application id all rewriting shares: of two at the same time, the second must start over."""

# opening and refreshing read every commit since the last checkpoint: 100 ms of it at every 100th,
# 25 ms at every 10th, the writing of checkpoints included
_CHECKPOINT: Final = 10
_SETTLED: Final = "-settled.parquet"
_DAY: Final = mention.DAY.name


class Delta:
    """One handle on the table, which reads only what is new since it last looked.

    A handle is for one thread at a time.
    """

    def __init__(self, storage: Storage) -> None:
        self.storage = storage
        self._table: Any = None
        self._durable = -1

    def refresh(self) -> int:
        """Learn of new commits and return the newest version, -1 when there is no table."""
        try:
            if self._table is not None:
                self._table.update_incremental()
            elif DeltaTable.is_deltatable(self.storage.uri):
                self._drop_torn_commit()
                self._table = DeltaTable(self.storage.uri)
        except DeltaError as error:
            raise LakeError(f"the lake cannot be read: {error}") from error
        return self.version

    @property
    def version(self) -> int:
        """The newest version this handle has seen, -1 when there was no table."""
        return -1 if self._table is None else int(self._table.version())

    def create(self) -> None:
        """Make the table if there is none, and add the columns it does not have yet."""
        while self.refresh() < 0:
            try:
                DeltaTable.create(
                    self.storage.uri,
                    Schema.from_arrow(tables.TABLE),
                    mode="ignore",
                    partition_by=[_DAY],
                    configuration={"delta.checkpointInterval": str(_CHECKPOINT)},
                )
            except CommitFailedError:
                continue  # another process made it in the same moment
        self._evolve()

    def transaction(self, application: str) -> int:
        """The highest transaction of this application that this handle has seen; 0 for none."""
        return 0 if self._table is None else int(self._table.transaction_version(application) or 0)

    def files(self) -> Mapping[str, str]:
        """The data files this handle has seen and the day of each, newest first."""
        if self._table is None:
            return {}
        actions = pa.table(self._table.get_add_actions(flatten=True))
        columns = (actions.column(name).to_pylist() for name in ("path", f"partition.{_DAY}"))
        return dict(sorted(zip(*columns, strict=True), reverse=True))

    def sizes(self) -> Mapping[str, int]:
        """How many rows each day has in the version this handle has seen, newest day first."""
        if self._table is None:
            return {}
        actions = pa.table(self._table.get_add_actions(flatten=True))
        days = actions.column(f"partition.{_DAY}").to_pylist()
        rows: Counter[str] = Counter()
        for day, count in zip(days, actions.column("num_records").to_pylist(), strict=True):
            rows[day] += count
        return dict(sorted(rows.items(), reverse=True))

    def read(self, path: str, columns: Sequence[str] | None = None) -> pa.Table:
        """Read one data file.

        Raises:
            FileNotFoundError: when it was rewritten and swept away.
        """
        with self.storage.files.open_input_file(path) as stream:
            return pq.ParquetFile(stream).read(columns=columns)

    def write(self, rows: pa.Table, day: str, *, rewrite: bool, settled: bool = False) -> AddAction:
        """Write one data file that the table does not know yet.

        Args:
            rows: columns of `tables.STORED`, all of one day.
            day: which.
            rewrite: whether the rows were in the table before.
            settled: whether to make single rows fast to find (`tables.write`).
        """
        now = time.time_ns() // 1_000_000
        # the time comes first, so that sorting by name is sorting by age
        name = f"{now:013}-{os.urandom(6).hex()}{_SETTLED if settled else '.parquet'}"
        folder = f"{_DAY}={day}"
        self.storage.files.create_dir(folder, recursive=True)
        with self.storage.files.open_output_stream(f"{folder}/{name}") as sink:
            tables.write(rows, sink, settled=settled)
            size = sink.tell()
        return AddAction(
            path=f"{folder}/{name}",
            size=size,
            partition_values={_DAY: day},
            modification_time=now,
            data_change=not rewrite,
            # no minima and maxima: the log outlives the rows and must not remember whose they were
            stats=json.dumps({"numRecords": rows.num_rows}),
        )

    def discard(self, actions: Iterable[AddAction]) -> None:
        """Delete data files that no commit will name."""
        for action in actions:
            self.storage.files.delete_file(action.path)

    def commit(
        self,
        mark: str,
        *transactions: Transaction,
        added: Sequence[AddAction],
        removed: Mapping[str, str] | None = None,
        notes: Mapping[str, int] | None = None,
    ) -> bool:
        """Try to commit on top of what this handle has seen.

        Args:
            mark: what to call it in the log.
            transactions: which of their applications' transactions it is.
            added: data files to add; they are made durable first.
            removed: data files to take away, each with its day.
            notes: counts to write into the log beside it; the log outlives the rows, so nothing
                that a customer wrote.

        Returns:
            Whether it succeeded; if not, another writer was faster and nothing happened.
        """
        self.storage.make_durable(action.path for action in added)
        now = time.time_ns() // 1_000_000
        gone = [
            RemoveAction(
                path=path, deletion_timestamp=now, data_change=False, partition_values={_DAY: day}
            )
            for path, day in (removed or {}).items()
        ]
        said = {log.MARK: mark} | ({log.NOTES: json.dumps(dict(notes))} if notes else {})
        try:
            self._table.create_write_transaction(
                [*gone, *added],
                "append",
                self._table.schema(),
                partition_by=[_DAY],
                commit_properties=CommitProperties(
                    app_transactions=list(transactions),
                    custom_metadata=said,
                    max_commit_retries=ATTEMPTS,
                ),
            )
        except CommitFailedError:
            return False
        except DeltaError as error:
            raise LakeError(f"the lake cannot be written: {error}") from error
        self.refresh()
        self.make_log_durable()
        return True

    def make_log_durable(self) -> None:
        """Return only when every commit this handle has seen survives a power cut."""
        newest = self.version
        if newest <= self._durable:
            return
        # before the last checkpoint, everything was made durable by those who came that far
        oldest = max(self._durable + 1, newest - 20 * _CHECKPOINT)
        known = [v for v in log.versions(self.storage.files) if v >= oldest]
        self.storage.make_durable(log.path_of(version) for version in known if version <= newest)
        self._durable = newest

    def vacuum(self) -> None:
        """Delete every file that is no part of the newest version, orphans of dead writers too."""
        if self.refresh() >= 0:
            self._table.vacuum(
                retention_hours=self.storage.grace_hours,
                enforce_retention_duration=False,
                dry_run=False,
                full=True,
            )
            self.refresh()
            self.make_log_durable()

    def _drop_torn_commit(self) -> None:
        path = log.torn(self.storage.files)
        if path is not None:
            self.storage.files.delete_file(path)

    def _evolve(self) -> None:
        known = {field.name for field in self._table.schema().fields}
        fields = Schema.from_arrow(tables.TABLE).fields
        missing = [field for field in fields if field.name not in known]
        if not missing:
            return
        try:
            self._table.alter.add_columns(missing)
        except CommitFailedError:
            self.refresh()
            self._evolve()


def is_settled(path: str) -> bool:
    """Whether this data file was rewritten to make single rows fast to find."""
    return path.endswith(_SETTLED)
