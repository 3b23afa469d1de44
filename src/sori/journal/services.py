"""Write down what happened."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from types import MappingProxyType
from typing import Any, Final, NamedTuple

from django.utils import timezone

from sori.journal.models import Event
from sori.staff.models import Member

_NOTHING: Final[Mapping[str, Any]] = MappingProxyType({})
_cause: ContextVar[Mapping[str, Any]] = ContextVar("cause", default=_NOTHING)


@contextmanager
def because(**cause: Any) -> Iterator[None]:
    """Write into the data of every event recorded inside what brought it about.

    Args:
        cause: names and values, such as the number of a rule; they win over the event's own.
    """
    before = _cause.set(cause)
    try:
        yield
    finally:
        _cause.reset(before)


def record(kind: str, about: str, *, member: Member | None = None, **data: Any) -> Event:
    """Write one event; call it inside the transaction that does the thing.

    Args:
        kind: a past-tense name, "case.opened".
        about: the subject, "case:12".
        member: who did it; None for the machine or a customer.
        data: what else a reader will need; JSON, and never a secret or a customer's words.
    """
    return Event.objects.create(
        at=timezone.now(), kind=kind, about=about, member=member, data={**data, **_cause.get()}
    )


class Happening(NamedTuple):
    """An event that is about to be written; the fields are those of `record`."""

    kind: str
    about: str
    data: dict[str, Any]


def record_all(happenings: Iterable[Happening]) -> None:
    """Write many events at once that the machine or customers brought about."""
    now, cause = timezone.now(), _cause.get()
    Event.objects.bulk_create(
        [
            Event(at=now, kind=one.kind, about=one.about, data={**one.data, **cause})
            for one in happenings
        ],
        batch_size=1000,
    )
