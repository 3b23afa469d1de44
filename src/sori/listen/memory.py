"""The lake that this installation remembers in, opened once a process."""

from functools import cache

from django.conf import settings

from sori.lake.query import Reader
from sori.lake.store import Lake


def lake() -> Lake:
    """The lake that `SORI_LAKE` names."""
    return _lake(settings.LAKE)


def reader() -> Reader:
    """Asks the lake questions; threads may share it."""
    return _reader(settings.LAKE)


@cache
def _lake(uri: str) -> Lake:
    return Lake(uri)


@cache
def _reader(uri: str) -> Reader:
    # a handle of its own: readers and the writer would wait for each other
    return Reader(Lake(uri))
