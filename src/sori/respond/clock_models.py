"""What clocks are set by and what they lead to: working hours, policies, reminders, promises."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from sori.database import Leased
from sori.staff.models import Department


class Calendar(models.Model):
    """Working hours.

    A row is never changed: an edit makes a new one that takes its place in the policies
    (`retired_at` of the old one), so that clocks already running keep the hours they were set by.
    `week` holds seven lists of [from, until] in minutes after midnight, Monday first; `days` lists
    [day, shifts] for single days; see `business.Hours`.
    """

    name = models.CharField(_("name"), max_length=80)
    zone = models.CharField(_("time zone"), max_length=64)
    week = models.JSONField(default=list)
    country = models.CharField(_("public holidays"), max_length=2, blank=True)
    days = models.JSONField(default=list)
    retired_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["name"],
                condition=models.Q(retired_at=None),
                name="respond_one_calendar_of_a_name",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Policy(models.Model):
    """How fast we are for some matters; the first that fits, by `position`, holds.

    Times are minutes that count by `calendar`; without one, day and night. What nobody addressed
    to us is always counted day and night, for that is how the world sees our silence.
    """

    class Addressed(models.TextChoices):
        """To whom something was said."""

        US = "us", _("Said to us")
        NOBODY = "nobody", _("Said in public, to nobody in particular")

    class Urgency(models.IntegerChoices):
        """From which urgency on."""

        SOME = 1, _("Soon, or urgent")
        HIGH = 2, _("Urgent")

    name = models.CharField(_("name"), max_length=80, unique=True)
    position = models.PositiveSmallIntegerField(default=0)
    active = models.BooleanField(_("in force"), default=True)
    department = models.ForeignKey(
        Department, models.PROTECT, null=True, blank=True, verbose_name=_("department")
    )
    kind = models.CharField(_("kind"), max_length=12, blank=True)
    urgency = models.PositiveSmallIntegerField(_("urgency"), null=True, blank=True, choices=Urgency)
    channel = models.CharField(_("channel"), max_length=32, blank=True)
    addressed = models.CharField(_("said to"), max_length=8, blank=True, choices=Addressed)
    calendar = models.ForeignKey(
        Calendar, models.PROTECT, null=True, blank=True, verbose_name=_("working hours")
    )
    first_due = models.PositiveIntegerField(default=60)
    first_limit = models.PositiveIntegerField(default=120)
    next_due = models.PositiveIntegerField(default=60)
    next_limit = models.PositiveIntegerField(default=120)
    resolution_due = models.PositiveIntegerField(null=True, blank=True)
    resolution_limit = models.PositiveIntegerField(null=True, blank=True)

    class Meta:
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return self.name


class Reminder(Leased):
    """When to speak of a clock next: a warning before it is due, an escalation after.

    One row a clock; `due_at` is null while there is nothing to tell (it stopped, rests, or all was
    told).
    """

    class Stage(models.TextChoices):
        """What is to be told next."""

        WARN = "warn", _("Warning")
        ESCALATE = "escalate", _("Escalation")
        DONE = "done", _("All was told")

    clock = models.OneToOneField("respond.Clock", models.CASCADE, related_name="reminder")
    stage = models.CharField(max_length=8, choices=Stage, default=Stage.WARN)
    escalated_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["due_at"],
                condition=models.Q(due_at__isnull=False),
                name="respond_reminder_due",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.stage} of clock {self.clock_id}"


class Promise(models.Model):
    """What we told a person we would do by when.

    `message` is the acknowledgement that says so. `clock` is null until it has arrived, for nothing
    is promised before; from then on the clock knows whether the promise was kept ("met") or broken
    ("missed", or running past `due_at`).
    """

    case = models.ForeignKey("respond.Case", models.CASCADE, related_name="promises")
    member = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="promises")
    message = models.OneToOneField("respond.Message", models.CASCADE, related_name="promise")
    clock = models.OneToOneField("respond.Clock", models.CASCADE, null=True, related_name="promise")
    text = models.TextField()
    due_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"promise in {self.case_id} by {self.due_at}"
