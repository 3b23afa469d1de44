"""The lake that this installation remembers in, opened once a process."""

from functools import cache

from django.conf import settings

from sori.lake.query import Reader
from sori.lake.store import Lake
from sori.people.selectors import objecting


def lake() -> Lake:
    """The lake that `SORI_LAKE` names."""
    return _lake(settings.LAKE)


def reader() -> Reader:
    """Asks the lake questions; threads may share it."""
    return _reader(settings.LAKE)


def counting_reader() -> Reader:
    """The same for everything that is counted or compared: it does not see who objects to that."""
    return _counting_reader(settings.LAKE)


@cache
def _lake(uri: str) -> Lake:
    return Lake(uri)


@cache
def _reader(uri: str) -> Reader:
    # a handle of its own: readers and the writer would wait for each other
    return Reader(Lake(uri))


@cache
def _counting_reader(uri: str) -> Reader:
    return Reader(Lake(uri), leaving_out=objecting)
