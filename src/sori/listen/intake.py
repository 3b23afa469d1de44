"""What is pushed to us: written down before we say thank you, pulled later like any source."""

from collections.abc import Iterator
from datetime import timedelta
from itertools import islice
from typing import Any, Final

from django.db.models import Q
from django.utils import timezone
from pydantic import BaseModel

from sori import database
from sori.channels.contract import Delivery, Listener, Page, Pushed
from sori.listen.models import Intake, Source
from sori.understand.privacy import mask
from sori.understand.travelling import mask_value

_PAGE: Final = 1_000


def take_in(*, source: Source, key: str, body: dict[str, Any]) -> Intake:
    """Write down a delivery for good; the same key again changes nothing.

    Personal numbers are masked before anything is written. The source is polled soon after.

    Args:
        source: a source whose channel is pushed.
        key: the sender's name for the delivery, unique within the source.
        body: what it says, JSON.
    """
    with database.write_atomic():
        clean = mask_value(body, mask)
        row = Intake(source=source, key=key, body=clean, received_at=timezone.now())
        # the unique index decides, not a look beforehand: two may come at the same moment
        Intake.objects.bulk_create([row], ignore_conflicts=True)
        wake(source)
        return Intake.objects.get(source=source, key=key)


def wake(source: Source) -> None:
    """Have a source polled now rather than at its next time; one that fails keeps its pause."""
    now = timezone.now()
    later = Q(due_at__gt=now) | Q(due_at=None)
    active = Source.objects.filter(pk=source.pk, state=Source.State.ACTIVE, failures=0)
    active.filter(later).update(due_at=now)


def put_off(source: Source, seconds: float) -> None:
    """Leave a source alone for so long at least, as its other side asked."""
    until = timezone.now() + timedelta(seconds=seconds)
    Source.objects.filter(pk=source.pk, due_at__lt=until).update(due_at=until)


def waiting(source: Source) -> bool:
    """Whether anything was taken in that no run has taken yet."""
    return Intake.objects.filter(source=source, run=None).exists()


def pages(
    source: Source, channel: Pushed, settings: BaseModel, listener: Listener
) -> Iterator[tuple[Page, tuple[int, ...]]]:
    """What waits, as pages, each with the ids of the rows it was made of.

    A row waits until a run has taken it, however late its transaction became visible; so a lower
    id that is committed after a higher one is not passed over.
    """
    rows = Intake.objects.filter(source=source, run=None).order_by("pk")
    last = 0
    while batch := list(islice(rows.filter(pk__gt=last).iterator(), _PAGE)):
        last = batch[-1].pk
        deliveries = [Delivery(row.key, row.body, row.received_at) for row in batch]
        page = channel.read(settings, deliveries, listener)
        yield page._replace(cursor=source.cursor), tuple(row.pk for row in batch)
