"""The company's policies and working hours: read as plain deciders, changed by members.

What changes holds for clocks that start later. Working hours are never overwritten: a changed
calendar is a new row that takes the old one's place in every policy.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.db.models import F, Max
from django.utils import timezone

from sori.database import shift, write_atomic
from sori.journal.services import record
from sori.respond import sla
from sori.respond.business import Hours
from sori.respond.clock_models import Calendar, Policy
from sori.staff.models import Member

MINUTE: Final = timedelta(minutes=1)


def policies() -> tuple[sla.Policy, ...]:
    """The policies in force, in order; one question."""
    rows = Policy.objects.filter(active=True).select_related("calendar")
    return tuple(map(decider, rows))


def decider(row: Policy) -> sla.Policy:
    """A policy as plain data."""
    resolution = None
    if row.resolution_due is not None:
        resolution = _target(row.resolution_due, row.resolution_limit or row.resolution_due)
    return sla.Policy(
        key=row.pk,
        first=_target(row.first_due, row.first_limit),
        following=_target(row.next_due, row.next_limit),
        resolution=resolution,
        calendar=hours(row.calendar),
        calendar_key=row.calendar_id,
        department=row.department_id,
        kind=row.kind or None,
        channel=row.channel or None,
        urgency=row.urgency,
        addressed=row.addressed == Policy.Addressed.US if row.addressed else None,
        value=row.value,
    )


def hours(row: Calendar | None) -> sla.Calendar:
    """Working hours as plain data; without a row, day and night."""
    if row is None:
        return sla.WALL
    return Hours(
        zone=ZoneInfo(row.zone),
        week=tuple(tuple((since, until) for since, until in day) for day in row.week),
        country=row.country,
        days=tuple(
            (date.fromisoformat(day), tuple((since, until) for since, until in shifts))
            for day, shifts in row.days
        ),
    )


def save_policy(*, policy: int | None, member: Member, **fields: Any) -> Policy:
    """Write a policy, a new one at the end of the order; running clocks stay as they are.

    Args:
        policy: which one is changed; None for a new one.
        member: who writes it.
        fields: the columns of `Policy`.
    """
    with write_atomic():
        if policy is None:
            last = Policy.objects.aggregate(last=Max("position"))["last"] or 0
            row = Policy(position=last + 1)
        else:
            row = Policy.objects.select_for_update().get(pk=policy)
        for name, value in fields.items():
            setattr(row, name, value)
        row.save()
        kind = "policy.added" if policy is None else "policy.changed"
        record(kind, f"policy:{row.pk}", member=member, active=row.active)
        return row


def move_up(*, policy: int, member: Member) -> None:
    """Let a policy be asked before the one that stands over it."""
    with write_atomic():
        shift(Policy.objects.all(), policy, -1)
        record("policy.moved", f"policy:{policy}", member=member)


def save_calendar(*, calendar: int | None, member: Member, fields: Mapping[str, Any]) -> Calendar:
    """Write working hours; the old ones stay with the clocks that were set by them.

    Args:
        calendar: whose place the new row takes; None for other working hours.
        member: who writes them.
        fields: name, zone, week, country and days of `Calendar`.
    """
    with write_atomic():
        before = calendar and Calendar.objects.select_for_update().get(pk=calendar)
        if before:
            Calendar.objects.filter(pk=before.pk).update(retired_at=timezone.now())
        row = Calendar.objects.create(**fields)
        if before:
            Policy.objects.filter(calendar=before.pk).update(calendar=row.pk)
        kind = "calendar.changed" if before else "calendar.added"
        record(kind, f"calendar:{row.pk}", member=member, before=calendar)
        return row


def listed() -> dict[str, list[Any]]:
    """What the page of clocks shows: `policies` in order, and `calendars` that are in use."""
    return {
        "policies": list(
            Policy.objects.annotate(
                department_name=F("department__name"), calendar_name=F("calendar__name")
            ).values()
        ),
        "calendars": list(Calendar.objects.filter(retired_at=None)),
    }


def _target(due: int, limit: int) -> sla.Target:
    return sla.Target(due * MINUTE, max(due, limit) * MINUTE)
