"""Ask another department, take what it was asked, answer or decline it, or take it back.

While a case waits for a task it may stand "on hold"; its clocks go on, for the customer does not
care which department the answer comes from.
"""

from datetime import datetime, timedelta
from typing import Any, Final

from django.utils import timezone
from django.utils.translation import gettext as _

from sori.database import write_atomic
from sori.errors import Refused
from sori.journal.services import record
from sori.respond import clocks, sla
from sori.respond.models import Case
from sori.respond.selectors import SETTLED
from sori.respond.services import set_status
from sori.respond.snoozing import wake
from sori.staff.models import Department, Member
from sori.staff.permissions import Permission, allows
from sori.teamwork.hours import hours_of
from sori.teamwork.models import UNANSWERED, Task

LONGEST: Final = 4_000
ALLOWED: Final = timedelta(hours=4)
"""How long a department has unless somebody says otherwise, of its own working time."""

FARTHEST: Final = timedelta(days=60)


def ask(
    *,
    case: int,
    member: Member,
    department: Department,
    words: str,
    answer_by: datetime | None = None,
) -> Task:
    """Ask another department for something; an open case goes on hold if nobody waits for us.

    Args:
        case: the case's id.
        member: who asks.
        department: whom.
        words: what is wanted.
        answer_by: by when; None: within four hours of that department's working time.

    Raises:
        Refused: without words, for a moment that has passed or is more than sixty days away, and
            for a case that is settled.
    """
    text = _clean(words)
    now = timezone.now()
    if answer_by is not None and not now < answer_by <= now + FARTHEST:
        raise Refused(_("Choose a time that is still to come, within sixty days."))
    with write_atomic():
        row = Case.objects.select_for_update().get(pk=case)
        if row.status in SETTLED:
            raise Refused(_("It is settled already."))
        span = _span(row, department, now, answer_by)
        task = Task.objects.create(
            case=row,
            asked_by=member,
            asked_from_id=member.department_id,
            department=department,
            words=text,
            asked_at=now,
            soon_at=span.soon_at,
            answer_by=span.due_at,
            due_at=span.due_at,
        )
        _tell("task.asked", task, member, answer_by=span.due_at.isoformat())
        _moved(row)
        if row.status == Case.Status.OPEN and not clocks.owed(row.pk):
            set_status(case=row.pk, member=member, status=Case.Status.ON_HOLD)
        return task


def take(*, task: int, member: Member) -> Task:
    """Say that one answers it.

    Raises:
        Refused: when it has ended, when a colleague has taken it, or by another department.
    """
    with write_atomic():
        row = _locked(task)
        _must_be_ours(row, member)
        if row.owner_id not in {None, member.pk}:
            raise Refused(_("%(name)s has already taken it.") % {"name": row.owner})
        if row.owner_id is None:
            row.owner, row.status = member, Task.Status.TAKEN
            row.save(update_fields=["owner", "status"])
            _tell("task.taken", row, member)
        return row


def answer(*, task: int, member: Member, words: str) -> Task:
    """Answer it; the last answer opens the case again, and any wakes one that was put off.

    Raises:
        Refused: without words, when it has ended, or by another department.
    """
    return _end(task, member, Task.Status.ANSWERED, "task.answered", words)


def decline(*, task: int, member: Member, words: str) -> Task:
    """Say why it will not be done.

    Raises:
        Refused: as for `answer`.
    """
    return _end(task, member, Task.Status.DECLINED, "task.declined", words)


def withdraw(*, task: int, member: Member) -> Task:
    """Need it no longer.

    Raises:
        Refused: when it has ended.
    """
    with write_atomic():
        row = _locked(task)
        _must_be_unanswered(row)
        return _finish(row, member, Task.Status.WITHDRAWN, "task.withdrawn")


def _end(task: int, member: Member, status: str, kind: str, words: str) -> Task:
    text = _clean(words)
    with write_atomic():
        row = _locked(task)
        _must_be_ours(row, member)
        row.answer = text
        row.owner = member
        return _finish(row, member, status, kind)


def _finish(row: Task, member: Member, status: str, kind: str) -> Task:
    now = timezone.now()
    row.status, row.ended_at, row.due_at = status, now, None
    if status != Task.Status.WITHDRAWN:
        row.took = max(0, int((now - row.asked_at).total_seconds()))
    row.save(update_fields=["status", "ended_at", "due_at", "took", "answer", "owner"])
    _tell(kind, row, member)
    _moved(row.case)
    if status != Task.Status.WITHDRAWN:
        wake(case=row.case_id, member=member)
    waits = Task.objects.filter(case=row.case_id, status__in=UNANSWERED).exists()
    if row.case.status == Case.Status.ON_HOLD and not waits:
        set_status(case=row.case_id, member=member, status=Case.Status.OPEN)
    return row


def _locked(task: int) -> Task:
    """A task with its case, both locked; the case first, as everywhere."""
    case = Case.objects.select_for_update().get(tasks=task)
    row = Task.objects.select_for_update().select_related("department").get(pk=task)
    row.case = case
    return row


def _must_be_ours(row: Task, member: Member) -> None:
    _must_be_unanswered(row)
    if member.department_id != row.department_id and not allows(member, Permission.STEER_TASKS):
        words = _("Only somebody of %(place)s can do that.")
        raise Refused(words % {"place": row.department})


def _must_be_unanswered(row: Task) -> None:
    if row.status not in UNANSWERED:
        status = row.get_status_display()
        raise Refused(_("This request has ended: %(status)s") % {"status": status})


def _clean(words: str) -> str:
    text = words.strip().replace("\0", "")
    if not text or len(text) > LONGEST:
        raise Refused(_("Write between 1 and 4,000 characters."))
    return text


def _span(
    case: Case, department: Department, now: datetime, answer_by: datetime | None
) -> sla.Span:
    if answer_by is not None:
        return sla.start(now, sla.Target(answer_by - now, answer_by - now))
    return sla.start(now, sla.Target(ALLOWED, ALLOWED), hours_of(case, department.pk))


def _moved(case: Case) -> None:
    case.updated_at = max(case.updated_at, timezone.now())
    case.save(update_fields=["updated_at"])


def _tell(kind: str, row: Task, member: Member, **more: Any) -> None:
    about, place = f"case:{row.case_id}", row.department_id
    asked_by = row.asked_by_id
    record(kind, about, member=member, task=row.pk, department=place, asked_by=asked_by, **more)
