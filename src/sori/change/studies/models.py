"""What somebody wants to know before a launch, and what was found."""

from django.conf import settings
from django.db import models
from django.utils.translation import pgettext_lazy as _in

from sori.database import Leased


class Study(Leased):
    """A question, a rule that picks the voices it is asked of, and a stretch of time.

    `rule` is written like a listening rule and asked of everything the lake holds; `rival` is a
    second one to compare with. `since` and `until` are days, both included. `result` is what
    `Gathering` found, without anybody's words: sentences are read from the lake when they are
    shown, so what is forgotten there is not shown here either. `done` is the share of days that
    were read, 0 to 1; `problem` says why it failed.
    """

    class State(models.TextChoices):
        """How far it has come."""

        WAITING = "waiting", _in("study", "Waiting")
        DONE = "done", _in("study", "Done")
        FAILED = "failed", _in("study", "Failed")

    name = models.CharField(max_length=120)
    question = models.CharField(max_length=400, blank=True)
    rule = models.TextField()
    rule_name = models.CharField(max_length=60)
    rival = models.TextField(blank=True)
    rival_name = models.CharField(max_length=60, blank=True)
    since = models.DateField()
    until = models.DateField()
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    done = models.FloatField(default=0.0)
    result = models.JSONField(null=True)
    computed_at = models.DateTimeField(null=True)
    problem = models.CharField(max_length=300, blank=True)

    class Meta:
        verbose_name_plural = "studies"
        indexes = [
            models.Index(fields=["-created_at", "-id"], name="studies_newest"),
            models.Index(fields=["state", "due_at"], name="studies_due"),
        ]

    def __str__(self) -> str:
        return self.name
