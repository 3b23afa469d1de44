"""Tasks: what one department asks of another inside a case."""

from typing import Final

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy as _in

from sori.database import Leased
from sori.respond.models import Case
from sori.staff.models import Department

UNANSWERED: Final = ("open", "taken")


class Task(Leased):
    """A request to another department inside a case; the customer never sees the border.

    `asked_from` is the department of whoever asked, as it was then. `answer_by` is what people see
    run out and `soon_at` when it asks for attention; `due_at`, when a worker looks whether it is
    late, and null once that was told (`late_at`) or the task has ended. `answer` holds the words it
    ended with: the answer, or why it was declined. `took` is how long that took, in seconds of
    wall time.
    """

    class Status(models.TextChoices):
        """How far it has come."""

        OPEN = "open", _in("task", "Asked")
        TAKEN = "taken", _in("task", "Taken")
        ANSWERED = "answered", _in("task", "Answered")
        DECLINED = "declined", _in("task", "Declined")
        WITHDRAWN = "withdrawn", _in("task", "Withdrawn")

    case = models.ForeignKey(Case, models.CASCADE, related_name="tasks")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="asked")
    asked_from = models.ForeignKey(Department, models.PROTECT, null=True, related_name="+")
    department = models.ForeignKey(
        Department, models.PROTECT, related_name="tasks", verbose_name=_("department")
    )
    words = models.TextField()
    status = models.CharField(max_length=9, choices=Status, default=Status.OPEN)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="tasks"
    )
    answer = models.TextField(blank=True)
    asked_at = models.DateTimeField()
    soon_at = models.DateTimeField()
    answer_by = models.DateTimeField()
    late_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    took = models.PositiveIntegerField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["department", "answer_by", "id"],
                condition=Q(status__in=UNANSWERED),
                name="teamwork_task_waiting",
            ),
            models.Index(
                fields=["due_at"], condition=Q(due_at__isnull=False), name="teamwork_task_due"
            ),
            models.Index(fields=["ended_at", "id"], name="teamwork_task_ended"),
        ]

    def __str__(self) -> str:
        return f"task of {self.case_id} for {self.department_id}"
