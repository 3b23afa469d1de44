"""The figures of responding, each defined once: how fast we answer, and who is still waiting."""

from datetime import datetime
from typing import Any

from django.db.models import DurationField, ExpressionWrapper, F, Q
from django.utils import timezone

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
        count; median_seconds (None without any); met: how many were in time.
    """
    stopped = Clock.objects.filter(
        kind=Clock.Kind.FIRST_RESPONSE,
        outcome__in=(Clock.Outcome.MET, Clock.Outcome.MISSED),
        stopped_at__gte=since,
        stopped_at__lt=until or timezone.now(),
    )
    count = stopped.count()
    wait = ExpressionWrapper(F("stopped_at") - F("started_at"), output_field=DurationField())
    # the middle row, or the mean of the middle two; the database sorts, we read two rows
    middle = stopped.annotate(wait=wait).order_by("wait").values_list("wait", flat=True)
    waits = (
        [one.total_seconds() for one in middle[(count - 1) // 2 : count // 2 + 1]] if count else []
    )
    return {
        "count": count,
        "median_seconds": sum(waits) / len(waits) if waits else None,
        "met": stopped.filter(outcome=Clock.Outcome.MET).count(),
    }


def silence(*, limit: int = 20, department: int | None = None) -> dict[str, Any]:
    """Who is waiting for us, the longest first.

    Returns:
        count: how many, capped at 1,001; over: how many of them past `due_at`, capped alike;
        rows: case, subject, channel, kind, person, owner, waiting_since, due_at, limit_at.
    """
    running = Clock.objects.filter(outcome=Clock.Outcome.RUNNING)
    if department is not None:
        running = running.filter(case__department=department)
    late = Q(due_at__lt=timezone.now())
    rows = running.order_by("started_at", "id").values(
        "case_id",
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
