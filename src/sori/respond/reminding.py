"""Speak of a clock before it is due, and of one that ran out: each once, and only at work.

A reminder is a row that is due. What falls outside working hours waits for the next opening, and
what has meanwhile been answered is never spoken of.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from django.utils import timezone

from sori.database import claim, hold, release, write_atomic
from sori.journal.services import record
from sori.respond import sla
from sori.respond.clock_models import Reminder
from sori.respond.models import Case, Clock
from sori.respond.policies import hours
from sori.staff.models import Member, Role

LEASE: Final = timedelta(minutes=1)
_STAGE = Reminder.Stage


def remind_due(limit: int = 50) -> int:
    """Tell what is due to be told.

    Returns:
        How many reminders were looked at; 0 means there was nothing to do.

    Raises:
        Stale: when a reminder was taken over by another worker meanwhile; nothing was told.
    """
    rows = claim(Reminder.objects.all(), lease=LEASE, limit=limit)
    for row in rows:
        look_at(row)
    return len(rows)


def look_at(row: Reminder) -> None:
    """Tell what a claimed reminder has to tell, or put it off.

    Raises:
        Stale: see `remind_due`.
    """
    with write_atomic():
        case = Case.objects.select_for_update(of=("self",)).filter(clocks=row.clock_id).first()
        if case is None:
            return  # erased since the claim, with its clocks and their reminders
        clock = Clock.objects.select_related("policy__calendar").get(pk=row.clock_id)
        if clock.outcome != Clock.Outcome.RUNNING or clock.paused_at is not None:
            release(row, due_at=None)
            return
        # the clock of the database, by which rows are due, may run ahead of ours
        now = timezone.now()
        over = now >= clock.due_at
        ready = clock.soon_at if row.stage == _STAGE.WARN else clock.due_at
        later = _working_hours(clock).opening(max(now, ready))
        if later > now:
            release(row, due_at=later)
        elif over:
            _escalate(row, clock, case, now)
        else:
            _tell("clock.warned", clock, [case.owner_id] if case.owner_id else [])
            hold(row, stage=_STAGE.ESCALATE, due_at=clock.due_at, lease_until=None)


def _escalate(row: Reminder, clock: Clock, case: Case, now: datetime) -> None:
    _tell("clock.escalated", clock, supervisors(case.department_id))
    hold(row, stage=_STAGE.DONE, due_at=None, escalated_at=now, lease_until=None)


def supervisors(department: int | None) -> list[int]:
    """Who is told when a clock ran out: the department's supervisors, else all, else the
    administrators; ids."""
    active = Member.objects.filter(is_active=True).order_by("pk")
    all_of_them = active.filter(role=Role.SUPERVISOR)
    choices = (
        all_of_them.filter(department=department) if department else all_of_them,
        all_of_them,
        active.filter(role=Role.ADMIN),
    )
    found = (list(some.values_list("pk", flat=True)) for some in choices)
    return next(filter(None, found), [])


def _tell(kind: str, clock: Clock, to: Iterable[int]) -> None:
    record(
        kind,
        f"case:{clock.case_id}",
        clock=clock.pk,
        clock_kind=clock.kind,
        due_at=clock.due_at.isoformat(),
        to=list(to),
    )


def _working_hours(clock: Clock) -> sla.Calendar:
    """When people may be spoken to: the hours of the policy as they stand now."""
    return hours(clock.policy.calendar if clock.policy else None)
