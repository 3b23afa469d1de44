"""The figures of responding, each defined once: how fast we answer, and who is still waiting."""

from datetime import datetime
from typing import Any

from django.db.models import DurationField, ExpressionWrapper, F, Q, QuerySet
from django.utils import timezone

from sori.respond.clocks import RESPONSE
from sori.respond.models import Clock
from sori.respond.selectors import MOST


def first_response(*, since: datetime, until: datetime | None = None) -> dict[str, Any]:
    """How fast first answers were, in wall time, over clocks that an answer stopped.

    The wait begins when the world could see the voice and ends when the channel accepted the
    first answer of a person. An answer of unclear fate does not count until somebody knows.

    Args:
        since: clocks stopped from here on.
        until: and before here; None: until now.

    Returns:
        count; median_seconds and median_worked_seconds, of which the latter counts only what lay in
        the working hours of the policy that set the clock (None without any); met: how many were
        in time.
    """
    stopped = Clock.objects.filter(
        kind=Clock.Kind.FIRST_RESPONSE,
        outcome__in=(Clock.Outcome.MET, Clock.Outcome.MISSED),
        stopped_at__gte=since,
        stopped_at__lt=until or timezone.now(),
    )
    wait = ExpressionWrapper(F("stopped_at") - F("started_at"), output_field=DurationField())
    waits = [one.total_seconds() for one in _middle(stopped.annotate(wait=wait), "wait")]
    worked = _middle(stopped.exclude(worked_seconds=None), "worked_seconds")
    return {
        "count": stopped.count(),
        "median_seconds": _mean(waits),
        "median_worked_seconds": _mean(worked),
        "met": stopped.filter(outcome=Clock.Outcome.MET).count(),
    }


def _middle(clocks: QuerySet[Clock], column: str) -> list[Any]:
    """The middle value, or the middle two; the database sorts, we read two rows."""
    count = clocks.count()
    values = clocks.order_by(column).values_list(column, flat=True)
    return list(values[(count - 1) // 2 : count // 2 + 1]) if count else []


def _mean(values: list[float]) -> float | None:
    return sum(values) / len(values) if values else None


def silence(*, limit: int = 20, department: int | None = None) -> dict[str, Any]:
    """Who is waiting for an answer of ours, the longest first, in wall time.

    Whoever we are waiting for is not, nor somebody to whom we promised an answer.

    Returns:
        count: how many, capped at 1,001; over: how many of them past `due_at`, capped alike;
        rows: case, subject, channel, kind, person, owner, waiting_since, soon_at,
        due_at, limit_at.
    """
    running = Clock.objects.filter(outcome=Clock.Outcome.RUNNING, kind__in=RESPONSE, paused_at=None)
    if department is not None:
        running = running.filter(case__department=department)
    late = Q(due_at__lt=timezone.now())
    rows = running.order_by("started_at", "id").values(
        "case_id",
        "soon_at",
        "due_at",
        "limit_at",
        subject=F("case__subject"),
        channel=F("case__channel"),
        case_kind=F("case__kind"),
        person=F("case__person__name"),
        owner=F("case__owner__name"),
        waiting_since=F("started_at"),
    )[:limit]
    return {
        "count": running.order_by()[:MOST].count(),
        "over": running.filter(late).order_by()[:MOST].count(),
        "rows": list(rows),
    }


def promises(*, since: datetime, until: datetime | None = None) -> dict[str, int]:
    """How many promises that were due in this time were kept, and how many broken.

    A promise is kept when an answer arrived by its time; one that nobody has kept by now is broken,
    whether somebody answers later or not.

    Returns:
        due: how many there were; kept; broken.
    """
    now = timezone.now()
    ended = Q(outcome__in=(Clock.Outcome.MET, Clock.Outcome.MISSED)) | Q(due_at__lt=now)
    due = Clock.objects.exclude(outcome=Clock.Outcome.ASIDE).filter(
        ended, kind=Clock.Kind.PROMISE, due_at__gte=since, due_at__lt=until or now
    )
    total, kept = due.count(), due.filter(outcome=Clock.Outcome.MET).count()
    return {"due": total, "kept": kept, "broken": total - kept}
