"""The orphan check as pages show it: counted on request, kept while nothing new was heard."""

from datetime import datetime
from typing import Any, Final, NamedTuple

from django.core.cache import cache
from django.db.models import Max
from django.utils import timezone

from sori.change.models import Ending
from sori.lake.query import Reader
from sori.lake.store import Lake
from sori.tracing.checking import Check, check

MOST: Final = 10_000
"""How many mentions a page looks at; the command looks at all."""

_KEPT: Final = 600


class Counted(NamedTuple):
    """A check and when it was made."""

    check: Check
    at: datetime


def counted(lake: Lake, reader: Reader, *, again: bool = False) -> Counted:
    """The check of the newest days, at most ten minutes old.

    Args:
        lake: the lake.
        reader: asks it.
        again: count now.
    """
    key = _key(lake)
    kept: Any = None if again else cache.get(key)
    if kept is None:
        kept = Counted(check(lake, reader, most=MOST, shown=50), timezone.now())
        cache.set(key, kept, _KEPT)
    return Counted(*kept)


def _key(lake: Lake) -> str:
    """Another one whenever something was heard, or a person ended something."""
    signed = Ending.objects.aggregate(newest=Max("pk"))["newest"] or 0
    many = Ending.objects.count()
    return f"trace:{lake.version()}:{signed}:{many}"
