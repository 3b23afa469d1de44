"""Rewrite data files: without rows that must be forgotten, changed, or in a better order."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import Final, NamedTuple, TypeAlias

import pyarrow as pa
import pyarrow.compute as pc
from deltalake.transaction import AddAction

from sori import mention
from sori.errors import LakeError
from sori.lake import tables
from sori.lake.delta import Delta, is_settled

_PIECE: Final = 1_000_000
_LOOSE_TODAY: Final = 48
_LOOSE_OVER: Final = 2
_LOOSE_LATE: Final = 8
_WHO: Final = ("id", "channel", "author_id")

Change: TypeAlias = Callable[[pa.Table], tuple[pa.Table, Counter[str]]]
"""Rows of the lake in; the same rows in the same order out, and what was counted about them."""


class Rewritten(NamedTuple):
    """Data files to put in the place of others.

    Attributes:
        removed: the files that go, each with its day.
        added: the files that come.
        changed: what the caller asked to know: rows erased, or files replaced.
        notes: what was counted on the way.
    """

    removed: Mapping[str, str]
    added: Sequence[AddAction]
    changed: int
    notes: Counter[str] = Counter()


class Doomed(NamedTuple):
    """What must be forgotten.

    Attributes:
        ids: ids of mentions.
        authors: (channel, author_id) of accounts.
    """

    ids: frozenset[str]
    authors: frozenset[tuple[str, str]]

    def rows(self, who: pa.Table) -> pa.Array:
        """Which rows of a file must go; `who` has the columns id, channel and author_id."""
        doomed = pc.is_in(who.column("id"), pa.array(sorted(self.ids), pa.string()))
        for channel in sorted({channel for channel, _ in self.authors}):
            names = sorted(author for place, author in self.authors if place == channel)
            here = pc.equal(who.column("channel"), channel)
            theirs = pc.is_in(who.column("author_id"), pa.array(names, pa.string()))
            doomed = pc.or_(doomed, pc.and_(here, theirs))
        return doomed

    def days(self) -> set[str] | None:
        """The only days it can be found in; None when it can be anywhere."""
        return None if self.authors else {mention.day_of(name) for name in self.ids}


def without(delta: Delta, doomed: Doomed) -> Rewritten:
    """Every file that holds a doomed row, written again without it."""
    days = doomed.days()
    removed, added, erased = {}, [], 0
    for path, day in delta.files().items():
        if days is not None and day not in days:
            continue
        goes = doomed.rows(delta.read(path, _WHO))
        hits = pc.sum(goes).as_py() or 0
        if not hits:
            continue
        removed[path] = day
        erased += hits
        rest = tables.conform(delta.read(path).filter(pc.invert(goes)), tables.STORED)
        if rest.num_rows:
            added.append(delta.write(rest, day, rewrite=True, settled=is_settled(path)))
    return Rewritten(removed, added, erased)


def redone(delta: Delta, day: str, change: Change) -> Rewritten:
    """The files of a day, written again with their rows changed.

    Raises:
        LakeError: when the change loses, adds or reorders rows.
    """
    removed: dict[str, str] = {}
    added: list[AddAction] = []
    notes: Counter[str] = Counter()
    for path, its_day in delta.files().items():
        if its_day != day:
            continue
        rows = tables.conform(delta.read(path), tables.STORED)
        other, counted = change(rows)
        if not other.column("id").equals(rows.column("id")):
            raise LakeError(f"rows of {day} were lost or moved while they were changed")
        removed[path] = day
        stored = tables.conform(other, tables.STORED)
        added.append(delta.write(stored, day, rewrite=True, settled=is_settled(path)))
        notes += counted
    return Rewritten(removed, added, len(removed), notes)


def compacted(delta: Delta, days: Collection[str]) -> Rewritten:
    """The files of these days, written again as few a day that are sorted by author."""
    by_day: dict[str, list[str]] = {}
    for path, day in delta.files().items():
        if day in days:
            by_day.setdefault(day, []).append(path)
    removed: dict[str, str] = {}
    added: list[AddAction] = []
    for day, paths in by_day.items():
        if all(map(is_settled, paths)):
            continue
        removed |= dict.fromkeys(paths, day)
        pieces = _pieces(delta, paths)
        added += [delta.write(piece, day, rewrite=True, settled=True) for piece in pieces]
    return Rewritten(removed, added, len(removed))


def untidy_days(files: Mapping[str, str], today: str) -> list[str]:
    """The days worth compacting, earliest first.

    A day that is over is compacted when it has two files; when late voices trickle in, again after
    every eighth file of them. Today is compacted only when its files have become so many that
    opening them is what a reader spends its time on.

    Args:
        files: data files, each with its day.
        today: YYYY-MM-DD.
    """
    loose = Counter(day for path, day in files.items() if not is_settled(path))
    settled = {day for path, day in files.items() if is_settled(path)}
    worth = []
    for day, count in loose.items():
        limit = _LOOSE_LATE if day in settled else _LOOSE_OVER
        if count >= (_LOOSE_TODAY if day >= today else limit):
            worth.append(day)
    return sorted(worth)


def _pieces(delta: Delta, paths: Iterable[str]) -> Iterator[pa.Table]:
    """All rows of these files, in tables small enough to be sorted in memory."""
    waiting: list[pa.Table] = []
    count = 0
    for path in sorted(paths):
        rows = tables.conform(delta.read(path), tables.STORED)
        waiting.append(rows)
        count += rows.num_rows
        if count >= _PIECE:
            yield pa.concat_tables(waiting)
            waiting, count = [], 0
    if waiting:
        yield pa.concat_tables(waiting)
