"""Clocks, what sets them and what they lead to: working hours, policies, reminders, promises."""

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
    value = models.PositiveBigIntegerField(_("value per year from"), null=True, blank=True)
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


class Clock(models.Model):
    """Time left until a case must have something: an answer, what was promised, its end.

    `due_at` is what we aim at and what people see run out; `soon_at` is when it asks for attention,
    `limit_at` the last moment before silence becomes a complaint of its own. It is met when it
    stopped no later than `due_at`. `policy` (null: the house's own) set it, and `calendar` (null:
    day and night) says which time counts, as it stood then. `silence` marks a public voice that
    nobody addressed to us: the world sees how long we say nothing, so it never rests. `paused_at`
    is since when we have been waiting for the customer. `worked_seconds` is how much of its time,
    once it stopped, lay in our working hours, also where it counted day and night.
    """

    class Kind(models.TextChoices):
        """What must have happened when it runs out."""

        FIRST_RESPONSE = "first_response", _("First response")
        NEXT_RESPONSE = "next_response", _("Next response")
        RESOLUTION = "resolution", _("Resolution")
        PROMISE = "promise", _("Promise")

    class Outcome(models.TextChoices):
        """How it ended."""

        RUNNING = "running", _("Running")
        MET = "met", _("Met")
        MISSED = "missed", _("Missed")
        DROPPED = "dropped", _("No answer needed")
        ASIDE = "aside", _("Another clock counts")

    case = models.ForeignKey("respond.Case", models.CASCADE, related_name="clocks")
    kind = models.CharField(max_length=16, choices=Kind, default=Kind.FIRST_RESPONSE)
    policy = models.ForeignKey(Policy, models.PROTECT, null=True, related_name="clocks")
    calendar = models.ForeignKey(Calendar, models.PROTECT, null=True, related_name="clocks")
    silence = models.BooleanField(default=False)
    started_at = models.DateTimeField()
    soon_at = models.DateTimeField()
    due_at = models.DateTimeField()
    limit_at = models.DateTimeField()
    paused_at = models.DateTimeField(null=True)
    stopped_at = models.DateTimeField(null=True)
    worked_seconds = models.PositiveIntegerField(null=True)
    outcome = models.CharField(max_length=8, choices=Outcome, default=Outcome.RUNNING)

    class Meta:
        indexes = [
            models.Index(fields=["outcome", "started_at"], name="respond_clock_waiting"),
            models.Index(fields=["kind", "stopped_at"], name="respond_clock_stopped"),
            models.Index(
                fields=["soon_at"],
                condition=models.Q(outcome="running", paused_at__isnull=True),
                name="respond_clock_soon",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["case", "kind"],
                condition=models.Q(outcome="running"),
                name="respond_one_running_clock_a_kind",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.case_id}"


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

    clock = models.OneToOneField(Clock, models.CASCADE, related_name="reminder")
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
    clock = models.OneToOneField(Clock, models.CASCADE, null=True, related_name="promise")
    text = models.TextField()
    due_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"promise in {self.case_id} by {self.due_at}"
