"""Tasks for other departments inside a case, and side questions by mail with their answers."""

from typing import Final

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy as _in

from sori.database import Leased
from sori.listen.models import Source
from sori.respond.models import Case, Note
from sori.staff.models import Department

UNANSWERED: Final = ("open", "taken")


class Task(Leased):
    """A request to another department inside a case; the customer never sees the border.

    `asked_from` is the department of whoever asked, as it was then. `answer_by` is what people see
    run out and `soon_at` when it asks for attention; `due_at`, when a worker looks whether it is
    late, and null once that was told (`late_at`) or the task has ended. `answer` holds the words it
    ended with: the answer, or why it was declined. `took` is how long that took, in seconds of
    wall time. `with_case`: it was withdrawn because its case was settled; `again` asks the same
    once more.
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
    with_case = models.BooleanField(default=False)
    again = models.ForeignKey("self", models.SET_NULL, null=True, related_name="+")

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


class Question(Leased):
    """A side question by mail to a colleague who has no licence to the inbox.

    It goes out by the mailbox `source`, so that the answer comes back into it, and moves through
    the states of an answer (`respond.sending`): `sending` is committed before the mailbox is
    called, and what is unclear is never sent again by a machine. `key` names it inside its
    Message-ID, which the mailbox signs; it is a secret, kept only until its fate is known, and
    found again by its `digest`. `body` is the whole mail, `words` what the member wrote.
    """

    class State(models.TextChoices):
        """How far it has come."""

        QUEUED = "queued", _in("question", "Waiting to be sent")
        CLAIMED = "claimed", _in("question", "Being sent")
        SENDING = "sending", _in("question", "Being sent")
        SENT = "sent", _in("question", "Sent, no answer yet")
        REJECTED = "rejected", _in("question", "Not delivered")
        RETRY = "retry", _in("question", "Will be tried again")
        UNKNOWN = "unknown", _in("question", "Unclear whether it arrived")

    case = models.ForeignKey(Case, models.CASCADE, related_name="questions")
    source = models.ForeignKey(Source, models.PROTECT, related_name="+")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    address = models.CharField(max_length=254)
    subject = models.CharField(max_length=200)
    words = models.TextField()
    body = models.TextField()
    key = models.CharField(max_length=64, blank=True)
    digest = models.CharField(max_length=64, unique=True)
    state = models.CharField(max_length=8, choices=State, default=State.QUEUED)
    attempt = models.PositiveIntegerField(default=0)
    external_id = models.CharField(max_length=255, blank=True)
    evidence = models.TextField(blank=True)
    asked_at = models.DateTimeField()
    attempted_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["due_at"], condition=Q(due_at__isnull=False), name="teamwork_question_due"
            ),
            models.Index(
                fields=["external_id"],
                condition=~Q(external_id=""),
                name="teamwork_question_external",
            ),
        ]

    def __str__(self) -> str:
        return f"question about {self.case_id}"


class Answer(models.Model):
    """A mail that answers a side question; its words stand in the note it became.

    `mention` names it in the lake, once. `address` is whom it came from, and `other` says that it
    is not whom we asked.
    """

    question = models.ForeignKey(Question, models.CASCADE, related_name="answers")
    mention = models.CharField(max_length=40, unique=True)
    address = models.CharField(max_length=255)
    other = models.BooleanField()
    note = models.ForeignKey(Note, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"answer to {self.question_id}"
