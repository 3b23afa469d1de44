"""What each commit added: the lake's log read as a queue."""

from collections.abc import Iterator, Sequence
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from sori.errors import LakeError
from sori.lake import log, tables
from sori.lake.delta import Delta
from sori.lake.log import Commit

_NOTHING: Final = tables.conform(tables.TABLE.empty_table())


def after(delta: Delta, version: int) -> Iterator[tuple[int, pa.Table]]:
    """The rows each commit after `version` added, as far as the handle has seen.

    Raises:
        FileNotFoundError: when a file was swept away while we read; go on from the last version.
    """
    newest = delta.refresh()
    known = [number for number in log.versions(delta.storage.files) if version < number <= newest]
    commits = [log.read(delta.storage.files, number) for number in known]
    if commits and commits[0].version > version + 1:
        yield from _before(delta, commits, version)
    gone = frozenset[str]().union(*(commit.removed for commit in commits))
    for commit in commits:
        yield commit.version, _added(delta, commit, gone)


def version_of(delta: Delta, source: int, sequence: int) -> int:
    """The version that appended this, among those the handle has seen."""
    for version in range(delta.version, -1, -1):
        commit = log.read(delta.storage.files, version)
        if (commit.source, commit.sequence) == (source, sequence):
            return version
    raise LakeError(f"sequence {sequence} of source {source} is in no commit")


def _added(delta: Delta, commit: Commit, gone: frozenset[str]) -> pa.Table:
    if commit.marked != log.APPEND or not commit.added:
        return _NOTHING
    parts = [tables.conform(delta.read(path)) for path in commit.added if path not in gone]
    # rewritten since: those rows, less what was forgotten, lie in other files of their days
    days = {day for path, day in commit.added.items() if path in gone}
    moved = [path for path, day in delta.files().items() if day in days] if days else []
    parts += [_rows_of(delta.read(path), commit) for path in moved]
    return pa.concat_tables([_NOTHING, *parts])


def _rows_of(rows: pa.Table, commit: Commit) -> pa.Table:
    ours = pc.and_(
        pc.equal(rows.column("source"), commit.source),
        pc.equal(rows.column("sequence"), commit.sequence),
    )
    return tables.conform(rows.filter(ours))


def _before(
    delta: Delta, commits: Sequence[Commit], version: int
) -> Iterator[tuple[int, pa.Table]]:
    """Everything that is older than the log."""
    first = {}
    for commit in reversed(commits):
        if commit.source:
            first[commit.source] = commit.sequence
    for path in reversed(list(delta.files())):
        rows = delta.read(path)
        for source, sequence in first.items():
            later = pc.and_(
                pc.equal(rows.column("source"), source),
                pc.greater_equal(rows.column("sequence"), sequence),
            )
            rows = rows.filter(pc.invert(later))
        yield version, tables.conform(rows)
    yield commits[0].version - 1, _NOTHING
