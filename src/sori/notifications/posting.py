"""Send what waits: mails and messages, each at most once, tried again where it surely failed.

An outlet is the row that is due. What goes out together is written down as being sent before it
is, so that a worker that dies in between leaves it unclear, and nobody is told twice. An outlet
that fails is tried again with growing pauses, and after MOST_FAILURES it is broken: what waited is
given up, its owner sees why, and a test that arrives opens it again.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Final, Protocol

import structlog
from django.db.models import Exists, Min, OuterRef, Q
from django.db.models.functions import Now
from django.utils import timezone

from sori.database import claim, hold, write_atomic
from sori.errors import (
    ConfigurationError,
    ReplyError,
    ReplyNotAccepted,
    ReplyRejected,
    Stale,
)
from sori.journal.services import record
from sori.notifications import chatting, mailing
from sori.notifications.models import Line, Notification, Outlet

LEASE: Final = timedelta(minutes=3)
FIRST_PAUSE: Final = timedelta(minutes=1)
LONGEST_PAUSE: Final = timedelta(hours=2)
MOST_FAILURES: Final = 12
"""With the pauses between them, about a day and a half of a mail server that does not answer."""

MOST_LINES: Final = 200

log = structlog.get_logger(__name__)
_STATE = Line.State


class Carrier(Protocol):
    """A way out of the house."""

    def __call__(self, outlet: Outlet, lines: Sequence[Line]) -> bool:
        """Bring these lines out, as one; False when none of them may be read by anybody there.

        Raises:
            ReplyRejected, ConfigurationError: they did not arrive, and no try ever will.
            ReplyNotAccepted: they provably did not arrive.
            ReplyError: nobody knows whether they arrived.
        """


_CARRIERS: Final[Mapping[str, Carrier]] = MappingProxyType(
    {Outlet.Way.MAIL: mailing.carry, Outlet.Way.CHAT: chatting.carry}
)


def add(lines: Iterable[Line]) -> None:
    """Put lines out to be sent, each once; call it inside the transaction that decides so."""
    rows = list(lines)
    Line.objects.bulk_create(rows, ignore_conflicts=True)
    earliest: dict[int, datetime] = {}
    for row in rows:
        number = row.outlet_id
        earliest[number] = min(row.due_at, earliest.get(number, row.due_at))
    for number, due in sorted(earliest.items()):
        # one that failed keeps its pause, whatever is added meanwhile
        fine = Outlet.objects.filter(pk=number, failures=0, broken_at=None)
        fine.filter(Q(due_at=None) | Q(due_at__gt=due)).update(due_at=due)


def post_due(limit: int = 4) -> int:
    """Send what is due; returns how many outlets were looked at, 0 when nothing was due."""
    outlets = claim(Outlet.objects.filter(broken_at=None), lease=LEASE, limit=limit)
    for outlet in outlets:
        try:
            post(outlet)
        except Stale:
            log.info("outlet_lost_to_another", outlet=outlet.pk)
    return len(outlets)


def post(outlet: Outlet) -> None:
    """Send what a claimed outlet has to send.

    Raises:
        Stale: it was taken over by another worker meanwhile.
    """
    lines = _taken(outlet)
    if not lines:
        _rest(outlet, lines, _STATE.SENT)
        return
    try:
        went = _CARRIERS[outlet.way](outlet, lines)
    except (ReplyRejected, ReplyNotAccepted, ConfigurationError) as error:
        _failed(outlet, lines, error)
    except ReplyError as error:
        log.warning("notification_unclear", outlet=outlet.pk, error=str(error))
        _rest(outlet, lines, _STATE.UNCLEAR, error=str(error))
    else:
        fine = {"sent_at": timezone.now(), "failures": 0, "error": ""} if went else {}
        _rest(outlet, lines, _STATE.SENT if went else _STATE.DROPPED, **fine)


def _taken(outlet: Outlet) -> list[Line]:
    """Mark what goes out now as being sent, in order; what was read meanwhile needs no mail."""
    with write_atomic():
        hold(outlet, lease_until=Now() + LEASE)
        # whoever was sending these has lost the lease: nobody knows how far they came
        outlet.lines.filter(state=_STATE.SENDING).update(state=_STATE.UNCLEAR)
        due = outlet.lines.filter(state=_STATE.WAITING, due_at__lte=Now())
        if outlet.member_id:
            told = Notification.objects.filter(member=outlet.member_id, event=OuterRef("event"))
            due.filter(Exists(told.filter(read_at__isnull=False))).update(state=_STATE.DROPPED)
        keys = list(due.order_by("event").values_list("pk", flat=True)[:MOST_LINES])
        Line.objects.filter(pk__in=keys).update(state=_STATE.SENDING)
        lines = Line.objects.filter(pk__in=keys).select_related("event__member", "case")
        return list(lines.order_by("event"))


def _rest(outlet: Outlet, lines: Sequence[Line], state: str, **changes: object) -> None:
    """Write down what became of some lines; the outlet is due again when the next one is."""
    with write_atomic():
        hold(outlet, lease_until=None, **changes)
        Line.objects.filter(pk__in=[one.pk for one in lines]).update(state=state)
        waiting = outlet.lines.filter(state=_STATE.WAITING)
        hold(outlet, due_at=waiting.aggregate(due=Min("due_at"))["due"])


def _failed(outlet: Outlet, lines: Sequence[Line], error: ReplyError | ConfigurationError) -> None:
    """Put lines back for a later try, or give them up."""
    failures = outlet.failures + 1
    log.warning("notification_failed", outlet=outlet.pk, failures=failures, error=str(error))
    if error.permanent or failures >= MOST_FAILURES:
        _give_up(outlet, failures, str(error))
        return
    due = timezone.now() + pause_after(failures)
    with write_atomic():
        hold(outlet, failures=failures, error=str(error), due_at=due, lease_until=None)
        Line.objects.filter(pk__in=[one.pk for one in lines]).update(state=_STATE.WAITING)


def _give_up(outlet: Outlet, failures: int, error: str) -> None:
    with write_atomic():
        ended = {"broken_at": timezone.now(), "due_at": None, "lease_until": None}
        hold(outlet, failures=failures, error=error, **ended)
        waits = outlet.lines.filter(state__in=(_STATE.WAITING, _STATE.SENDING))
        waits.update(state=_STATE.FAILED)
        record("outlet.broken", f"outlet:{outlet.pk}", failures=failures)


def pause_after(failures: int) -> timedelta:
    """How long to wait after so many failures in a row.

    >>> [pause_after(number).total_seconds() // 60 for number in (1, 2, 3, 9)]
    [1.0, 2.0, 4.0, 120.0]
    """
    doubled: int = 2 ** min(failures - 1, 10)
    return min(FIRST_PAUSE * doubled, LONGEST_PAUSE)
