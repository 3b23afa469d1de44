"""Speak of a day of an initiative once: when it is near, when it is over, and when the day has come
to look at a "later" again; and only while those it concerns are at work."""

from datetime import date, datetime, time, timedelta
from typing import Final

from django.db.models import F
from django.utils import timezone

from sori.change.initiatives.models import Initiative, Reminder
from sori.database import claim, hold, release, write_atomic
from sori.journal.services import record
from sori.respond import sla
from sori.respond.policies import policies
from sori.respond.reminding import supervisors

LEASE: Final = timedelta(minutes=1)
BEFORE: Final = timedelta(days=3)
"""How long before the day something is due it is spoken of."""

_DAY: Final = timedelta(days=1)
_Sort = Reminder.Sort
_Stage = Initiative.Stage
_Decision = Initiative.Decision


def arm(initiative: Initiative) -> None:
    """Let its reminders fit what it says now; call it in the transaction that changes it."""
    wanted = _days(initiative)
    Reminder.objects.filter(initiative=initiative).exclude(sort__in=list(wanted)).delete()
    for sort, (day, tell_on) in wanted.items():
        due_at = _begins(tell_on)
        row, new = Reminder.objects.get_or_create(
            initiative=initiative, sort=sort, defaults={"day": day, "due_at": due_at}
        )
        if not new and row.day != day:
            # whoever has claimed the old day has lost it
            moved = {"day": day, "due_at": due_at, "lease_until": None, "fence": F("fence") + 1}
            Reminder.objects.filter(pk=row.pk).update(**moved)


def remind_due(limit: int = 50) -> int:
    """Tell what is due to be told; returns how many reminders were looked at.

    Raises:
        Stale: when a reminder was taken over by another worker meanwhile; nothing was told.
    """
    rows = claim(Reminder.objects.all(), lease=LEASE, limit=limit)
    for row in rows:
        _look_at(row)
    return len(rows)


def _days(row: Initiative) -> dict[str, tuple[date, date]]:
    """Of which days there is something to tell: the day itself, and when it is told of."""
    if row.stage == _Stage.DECIDED and row.decision == _Decision.LATER and row.review_on:
        return {_Sort.REVIEW: (row.review_on, row.review_on)}
    being_made = row.stage in {_Stage.HEARD, _Stage.CONSIDERED, _Stage.DOING} or (
        row.stage == _Stage.DECIDED and row.decision == _Decision.YES
    )
    if not being_made or row.due_on is None:
        return {}
    return {
        _Sort.SOON: (row.due_on, row.due_on - BEFORE),
        _Sort.OVER: (row.due_on, row.due_on + _DAY),
    }


def _look_at(row: Reminder) -> None:
    with write_atomic():
        rows = Initiative.objects.select_for_update().filter(reminders=row.pk)
        initiative = rows.first()
        if initiative is None:
            return  # its day was taken back since the claim
        # the clock of the database, by which rows are due, may run ahead of ours
        now = max(timezone.now(), row.due_at or timezone.now())
        opening = _hours(initiative).opening(now)
        if opening > now:
            release(row, due_at=opening)
            return
        over_already = row.sort == _Sort.SOON and timezone.localdate() > row.day
        if not over_already:
            record(
                "initiative.due",
                f"initiative:{initiative.pk}",
                sort=row.sort,
                day=row.day.isoformat(),
                to=[initiative.owner_id]
                if initiative.owner_id
                else supervisors(initiative.department_id),
            )
        hold(row, due_at=None, lease_until=None)


def _hours(initiative: Initiative) -> sla.Calendar:
    """When the department is at work, as the policy says that would hold for it."""
    matter = sla.Matter(initiative.department_id, addressed=True)
    return sla.choose(policies(), matter).calendar


def _begins(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
