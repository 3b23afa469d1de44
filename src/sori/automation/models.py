"""Macros, rules, what rules did, and how far they have read what happened."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from sori.database import Leased
from sori.respond.models import Case
from sori.staff.models import Department, Member


class Macro(models.Model):
    """Several actions under one name, for a member to run; `actions` as `deciding.Action`."""

    name = models.CharField(max_length=80)
    department = models.ForeignKey(Department, models.SET_NULL, null=True, blank=True)
    actions = models.JSONField(default=list)
    member = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    updated_at = models.DateTimeField()

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(Lower("name"), name="automation_one_macro")]

    def __str__(self) -> str:
        return self.name


class Rule(models.Model):
    """When this happens, if this holds, then do that; asked by `position`.

    `since` is when it was switched on: what happened before is none of its business. `failures`
    counts how often in a row it could not act, `trouble` is why the last time.
    """

    name = models.CharField(max_length=80)
    position = models.PositiveIntegerField(default=0)
    active = models.BooleanField(default=False)
    trigger = models.CharField(max_length=12)
    hours = models.PositiveIntegerField(default=24)
    any_of = models.BooleanField(default=False)
    conditions = models.JSONField(default=list)
    actions = models.JSONField(default=list)
    stop = models.BooleanField(default=False)
    member = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    updated_at = models.DateTimeField()
    since = models.DateTimeField(null=True)
    failures = models.PositiveIntegerField(default=0)
    trouble = models.TextField(blank=True)

    class Meta:
        ordering = ["position", "pk"]
        constraints = [models.UniqueConstraint(Lower("name"), name="automation_one_rule")]

    def __str__(self) -> str:
        return self.name


class RuleRun(models.Model):
    """That a rule acted, or could not, on one event: once, in one transaction with what it did."""

    class Outcome(models.TextChoices):
        """What came of it."""

        DONE = "done", _("Done")
        FAILED = "failed", _("Could not")
        LIMIT = "limit", _("Often enough today")

    rule = models.ForeignKey(Rule, models.CASCADE, related_name="runs")
    case = models.ForeignKey(Case, models.CASCADE, related_name="+")
    event = models.PositiveBigIntegerField()
    outcome = models.CharField(max_length=6, choices=Outcome, default=Outcome.DONE)
    did = models.JSONField(default=list)
    why = models.TextField(blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["rule", "event"], name="automation_one_run"),
        ]
        indexes = [
            models.Index(fields=["rule", "-at"], name="automation_run_of_rule"),
            models.Index(fields=["rule", "case", "at"], name="automation_run_on_case"),
        ]

    def __str__(self) -> str:
        return f"{self.rule} on event {self.event}"


class Follower(Leased):
    """How far the rules have read the journal; one row, read on by one worker at a time.

    `position` is the number of the last event, `looked_at` up to when silence was looked for.
    """

    position = models.PositiveBigIntegerField(default=0)
    looked_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"event {self.position}"


class Turn(models.Model):
    """When a case was last given to a member by turns."""

    member = models.OneToOneField(Member, models.CASCADE, related_name="+")
    given_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"turn of {self.member}"
