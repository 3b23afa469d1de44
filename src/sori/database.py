"""Rows that are due are the queue: one way to claim them, one way to write.

There is no message broker. A poll, a reply or a clock is a row with a state, a time (`due_at`) and
a lease; a worker claims it, and when the worker dies its lease ends and the row is claimed again.
The fence is a number that grows with every claim: whoever writes a result names the fence it
worked under, so a worker that was thought dead cannot overwrite its successor's work.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from itertools import islice
from threading import RLock
from typing import Any, Final, TypeVar

from django.db import IntegrityError, connection, models, transaction
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Now

from sori.errors import Refused, Stale

# SQLite has one writer; threads that fight for it sleep in growing steps and starve. Taking turns
# in this process first brought the 95th percentile of a reply from 230 ms to 95 ms.
_turn = RLock()


class Leased(models.Model):
    """A row that is work to do: due at a time, claimed by one worker at a time."""

    due_at = models.DateTimeField(null=True, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True, editable=False)
    fence = models.PositiveBigIntegerField(default=0, editable=False)

    class Meta:
        abstract = True


Row = TypeVar("Row", bound=Leased)
Item = TypeVar("Item")

CHUNK: Final = 400
"""How many values one question names; databases bound it, SQLite at 999 before 2020."""


def chunks(some: Iterable[Item]) -> Iterator[list[Item]]:
    """Some values in their order, in pieces that one question may name (`pk__in`)."""
    rest = iter(some)
    while piece := list(islice(rest, CHUNK)):
        yield piece


@contextmanager
def write_atomic() -> Iterator[None]:
    """A transaction that writes; on SQLite the threads of a process take turns."""
    if connection.vendor != "sqlite":
        with transaction.atomic():
            yield
        return
    with _turn, transaction.atomic():
        yield


@contextmanager
def unique(taken: str) -> Iterator[None]:
    """Write what may stand there once; call it in a transaction, which goes on without it.

    Args:
        taken: the words with which it is refused.

    Raises:
        Refused: it stands there already.
    """
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        raise Refused(taken) from error


def shift(rows: QuerySet[Any], key: int, by: int) -> bool:
    """Let a row change places with another; call it in a transaction.

    Args:
        rows: all that stand in one order, by `position`.
        key: of the row.
        by: how far, towards the front when negative.

    Returns:
        Whether it moved: not where it would fall off the end, or is gone.
    """
    order = list(rows.select_for_update().order_by("position", "pk"))
    place = next((place for place, row in enumerate(order) if row.pk == key), None)
    if place is None or not 0 <= place + by < len(order):
        return False
    order[place], order[place + by] = order[place + by], order[place]
    for position, row in enumerate(order, start=1):
        row.position = position
    rows.bulk_update(order, ["position"])
    return True


def claim(rows: QuerySet[Row], *, lease: timedelta, limit: int = 1) -> list[Row]:
    """Claim up to `limit` rows that are due and that nobody else is working on.

    Args:
        rows: which rows may be claimed; state belongs in this filter.
        lease: how long they are ours, by the clock of the database.
        limit: how many at most.

    Returns:
        The claimed rows, oldest due first, each with its new `fence`.
    """
    ready = Q(due_at__lte=Now()) & (Q(lease_until=None) | Q(lease_until__lte=Now()))
    with write_atomic():
        free = rows.filter(ready).order_by("due_at", "pk")
        if connection.features.has_select_for_update_skip_locked:
            free = free.select_for_update(skip_locked=True, of=("self",))
        keys = list(free.values_list("pk", flat=True)[:limit])
        rows.model._default_manager.filter(pk__in=keys).update(
            lease_until=Now() + lease, fence=F("fence") + 1
        )
        return list(rows.model._default_manager.filter(pk__in=keys).order_by("due_at", "pk"))


def release(row: Leased, *, due_at: datetime | None) -> None:
    """Give a claimed row back, due again at `due_at` (None: not by itself).

    Raises:
        Stale: when the lease was lost to another worker meanwhile.
    """
    hold(row, due_at=due_at, lease_until=None)


def hold(row: Leased, **changes: object) -> None:
    """Write to a claimed row, provided that its fence is still ours.

    Raises:
        Stale: when the lease was lost to another worker meanwhile; nothing was written.
    """
    manager = type(row)._default_manager
    if not manager.filter(pk=row.pk, fence=row.fence).update(**changes):
        raise Stale(f"{row} was claimed by another worker")
    for name, value in changes.items():
        setattr(row, name, value)
