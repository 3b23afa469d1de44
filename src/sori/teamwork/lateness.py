"""Say of a task that it is late: once, and only while the department asked is at work."""

from datetime import timedelta
from typing import Final

from django.utils import timezone

from sori.database import claim, hold, release, write_atomic
from sori.journal.services import record
from sori.respond.models import Case
from sori.respond.reminding import supervisors
from sori.teamwork.hours import hours_of
from sori.teamwork.models import UNANSWERED, Task

LEASE: Final = timedelta(minutes=1)


def warn_due(limit: int = 50) -> int:
    """Tell of the tasks that are late.

    Returns:
        How many were looked at; 0 means there was nothing to do.

    Raises:
        Stale: when a task was taken over by another worker meanwhile; nothing was told.
    """
    rows = claim(Task.objects.filter(status__in=UNANSWERED), lease=LEASE, limit=limit)
    for row in rows:
        _look_at(row)
    return len(rows)


def _look_at(claimed: Task) -> None:
    with write_atomic():
        case = Case.objects.select_for_update().filter(tasks=claimed.pk).first()
        if case is None:
            return  # erased since the claim, with its tasks
        task = Task.objects.get(pk=claimed.pk)
        if task.status not in UNANSWERED:
            return
        # the clock of the database, by which rows are due, may run ahead of ours
        now = timezone.now()
        opening = hours_of(case, task.department_id).opening(max(now, task.answer_by))
        if opening > now:
            release(claimed, due_at=opening)
            return
        told = [task.owner_id] if task.owner_id else supervisors(task.department_id)
        record(
            "task.late",
            f"case:{case.pk}",
            task=task.pk,
            department=task.department_id,
            answer_by=task.answer_by.isoformat(),
            to=[one for one in told if one != task.asked_by_id],
            asked_by=task.asked_by_id,
        )
        hold(claimed, due_at=None, late_at=now, lease_until=None)
