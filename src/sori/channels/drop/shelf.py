"""A shelf is where files are dropped: what lies there, and one file opened."""

import io
from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import PurePosixPath
from typing import Final, NamedTuple, Protocol

from sori.errors import ChannelError

MOST_FILES: Final = 100_000
UNFINISHED: Final = frozenset({".tmp", ".part", ".partial", ".filepart", ".crdownload", ".swp"})
PACKED: Final = frozenset({".gz", ".zst"})
READABLE: Final = frozenset({".jsonl", ".ndjson", ".json", ".csv", ".tsv", ".txt", ".xlsx"})


class Item(NamedTuple):
    """A file that lies there.

    Attributes:
        at: when it came or changed last, in nanoseconds since 1970, as the shelf tells.
        name: its path below the shelf.
        size: in bytes.
        state: differs when it changed.
    """

    at: int
    name: str
    size: int
    state: str


class Shelf(Protocol):
    """Where files are dropped."""

    def items(self) -> Iterator[Item]:
        """What lies there and is finished, in any order.

        Raises:
            ChannelError: nobody can tell.
        """
        ...

    def opened(self, item: Item) -> AbstractContextManager[io.FileIO]:
        """An item at its beginning, exactly as it was told.

        Raises:
            FileNotFoundError: it is gone, or not what was told any more.
            ChannelError: it could not be fetched; permanent when it never can.
        """
        ...


def finished(name: str) -> bool:
    """Whether a name is one of a file to read: not hidden, not on its way.

    >>> [finished(name) for name in ("a/하나.csv", "a/.하나.csv", "a/하나.csv.part", "_tmp/x.csv")]
    [True, False, False, False]
    """
    path = PurePosixPath(name)
    hidden = any(part.startswith((".", "_")) for part in path.parts)
    return not hidden and path.suffix.lower() not in UNFINISHED and not name.endswith("~")


def readable(name: str) -> bool:
    """Whether a name ends like a table.

    >>> [readable(name) for name in ("a.csv", "a.JSONL.gz", "a.pdf", "a")]
    [True, True, False, False]
    """
    path = PurePosixPath(name.lower())
    if path.suffix in PACKED:
        path = path.with_suffix("")
    return path.suffix in READABLE


def few(items: Iterator[Item]) -> Iterator[Item]:
    """The same items, as long as there are not too many to look at again every minute.

    Raises:
        ChannelError: there are.
    """
    for number, item in enumerate(items):
        if number >= MOST_FILES:
            raise ChannelError(f"more than {MOST_FILES:,} files lie there; move away what was read")
        yield item
