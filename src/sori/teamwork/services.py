"""Ask another department, take what it was asked, answer or decline it, or take it back.

While a case waits for a task it may stand "on hold"; its clocks go on, for the customer does not
care which department the answer comes from. A task stays with the case in which it was asked; when
that is part of another one, the other waits for it. Settling a case withdraws what it waits for.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, Final

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from sori.database import write_atomic
from sori.errors import Refused
from sori.journal.services import record
from sori.respond import clocks, sla
from sori.respond.joining import root, whole
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
        row.status = Task.Status.WITHDRAWN
        _finish(row)
        _tell("task.withdrawn", row, member, to=_some(row.owner_id))
        _go_on(row, member)
        return row


def ask_again(*, task: int, member: Member) -> Task:
    """Ask once more for what was withdrawn with the case, within the usual time.

    Raises:
        Refused: when it was not withdrawn so, was asked again before, or the case is settled.
    """
    with write_atomic():
        row = _locked(task)
        if not row.with_case or row.again_id:
            raise Refused(_("This has been asked again already."))
        row.again = ask(
            case=root(row.case_id), member=member, department=row.department, words=row.words
        )
        row.save(update_fields=["again"])
        return row.again


def waiting(cases: Iterable[int]) -> QuerySet[Task]:
    """The tasks that these cases, with all that are part of them, wait for."""
    return Task.objects.filter(case__in=whole(*cases), status__in=UNANSWERED)


def withdraw_with(*, case: int, member: Member | None) -> None:
    """Withdraw all that a case waits for, because it is settled; its lock is held by the caller."""
    for row in waiting([case]).select_for_update().order_by("pk"):
        row.status, row.with_case = Task.Status.WITHDRAWN, True
        _finish(row)
        _tell("task.withdrawn", row, member, to=_some(row.owner_id), settled=True)


def go_on(*, case: int, member: Member) -> None:
    """Open a case that is on hold, if nothing is left that it could wait for."""
    on_hold = Case.objects.filter(pk=case, status=Case.Status.ON_HOLD).exists()
    if on_hold and not waiting([case]).exists():
        set_status(case=case, member=member, status=Case.Status.OPEN)


def _end(task: int, member: Member, status: str, kind: str, words: str) -> Task:
    text = _clean(words)
    with write_atomic():
        row = _locked(task)
        _must_be_ours(row, member)
        row.answer, row.owner, row.status = text, member, status
        row.took = max(0, int((timezone.now() - row.asked_at).total_seconds()))
        _finish(row)
        _tell(kind, row, member)
        wake(case=root(row.case_id), member=member)
        _go_on(row, member)
        return row


def _finish(row: Task) -> None:
    row.ended_at, row.due_at = timezone.now(), None
    row.save(update_fields=["status", "ended_at", "due_at", "took", "answer", "owner", "with_case"])


def _go_on(row: Task, member: Member) -> None:
    case = root(row.case_id)
    _moved(Case.objects.get(pk=case))
    go_on(case=case, member=member)


def _locked(task: int) -> Task:
    """A task, locked after the case that waits for it; the case first, as everywhere."""
    case = Task.objects.values_list("case", flat=True).get(pk=task)
    Case.objects.select_for_update().get(pk=root(case))
    return Task.objects.select_for_update(of=("self",)).select_related("department").get(pk=task)


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


def _some(member: int | None) -> list[int]:
    return [] if member is None else [member]


def _tell(kind: str, row: Task, member: Member | None, **more: Any) -> None:
    about, place = f"case:{row.case_id}", row.department_id
    asked_by = row.asked_by_id
    record(kind, about, member=member, task=row.pk, department=place, asked_by=asked_by, **more)
