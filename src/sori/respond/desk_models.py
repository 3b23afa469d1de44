"""What else the desk keeps: points for priorities, and which cases were joined."""

from django.conf import settings
from django.db import models
from django.db.models import Q


class Weight(models.Model):
    """How many points a reason gives a case here; reasons without a row give their usual points.

    `word` is a field of `priority.Weights`.
    """

    word = models.CharField(max_length=16, unique=True)
    points = models.PositiveIntegerField()

    def __str__(self) -> str:
        return f"{self.word}: {self.points}"


class Joining(models.Model):
    """A case was joined with another one, and what must go back when that is undone.

    `conversations`, `clocks` and `decisions` are the ids of what points at the other case
    instead. Where both had a clock of a kind, the one that runs out first goes on and the other is
    set aside: `aside` lists [clock set aside, clock that goes on]. `before` is how the case stood.
    """

    case = models.ForeignKey("respond.Case", models.CASCADE, related_name="joinings")
    into = models.ForeignKey("respond.Case", models.CASCADE, related_name="+")
    member = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    conversations = models.JSONField(default=list)
    clocks = models.JSONField(default=list)
    decisions = models.JSONField(default=list)
    aside = models.JSONField(default=list)
    before = models.JSONField(default=dict)
    undone_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case"], condition=Q(undone_at=None), name="respond_joined_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} joined with {self.into_id}"
