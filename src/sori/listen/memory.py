"""The lake that this installation remembers in, opened once a process."""

from collections.abc import Callable, Collection
from functools import cache
from typing import Final

from django.conf import settings

from sori.lake.attachments import Attachments
from sori.lake.query import Reader
from sori.lake.store import Lake
from sori.people.selectors import objecting
from sori.sql import read_sql

_LEFT_OUT: Final[list[Callable[[], list[tuple[str, str]]]]] = [objecting]


def leave_out(accounts: Callable[[], list[tuple[str, str]]]) -> None:
    """Let what these accounts, (channel, author_id), say be counted nowhere; called at start."""
    if accounts not in _LEFT_OUT:
        _LEFT_OUT.append(accounts)


def lake() -> Lake:
    """The lake that `SORI_LAKE` names."""
    return _lake(settings.LAKE)


def reader() -> Reader:
    """Asks the lake questions; threads may share it."""
    return _reader(settings.LAKE)


def counting_reader() -> Reader:
    """The same for everything that is counted or compared: it does not see who objects to that,
    nor colleagues who answered us."""
    return _counting_reader(settings.LAKE)


def delete_files(digests: Collection[str]) -> int:
    """Delete attachments that no mention in the lake came with; returns how many there were.

    To be called once the lake has forgotten whatever brought them.
    """
    if not digests:
        return 0
    table = reader().table(read_sql("lake", "files_still_used"), digests=sorted(digests))
    used = set(table.column("digest").to_pylist())
    store = Attachments(settings.FILES)
    there = [digest for digest in digests if digest not in used and store.has(digest)]
    store.forget(there)
    return len(there)


@cache
def _lake(uri: str) -> Lake:
    return Lake(uri)


@cache
def _reader(uri: str) -> Reader:
    # a handle of its own: readers and the writer would wait for each other
    return Reader(Lake(uri))


@cache
def _counting_reader(uri: str) -> Reader:
    return Reader(Lake(uri), leaving_out=_left_out)


def _left_out() -> list[tuple[str, str]]:
    return [account for accounts in _LEFT_OUT for account in accounts()]
