"""Write down what happened."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from django.utils import timezone

from sori.journal.models import Event
from sori.staff.models import Member


def record(kind: str, about: str, *, member: Member | None = None, **data: Any) -> Event:
    """Write one event; call it inside the transaction that does the thing.

    Args:
        kind: a past-tense name, "case.opened".
        about: the subject, "case:12".
        member: who did it; None for the machine or a customer.
        data: what else a reader will need; JSON, and never a secret or a customer's words.
    """
    return Event.objects.create(at=timezone.now(), kind=kind, about=about, member=member, data=data)


class Happening(NamedTuple):
    """An event that is about to be written; the fields are those of `record`."""

    kind: str
    about: str
    data: dict[str, Any]


def record_all(happenings: Iterable[Happening]) -> None:
    """Write many events at once that the machine or customers brought about."""
    now = timezone.now()
    Event.objects.bulk_create(
        [Event(at=now, kind=one.kind, about=one.about, data=one.data) for one in happenings],
        batch_size=1000,
    )
