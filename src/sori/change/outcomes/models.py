"""What a change has brought, as far as it can be told."""

from django.db import models
from django.utils.translation import pgettext_lazy as _in

from sori.change.initiatives.models import Initiative
from sori.change.outcomes import judging


class Outcome(models.Model):
    """What became of the themes behind an initiative after it was shipped; one row a shipping.

    Nothing in it is anybody's words or name. `through` is the last day that was counted. `figures`
    are those of `estimating.Estimate` and how many days were compared (`days_before`,
    `days_after`); `channels` the same by channel, `weeks` the rates of the picture, `people` those
    who said it among those who spoke (empty where that is not known). They stand still from
    `settled_at` on; `weeks` go on. `back_at` says that it came back and the initiative was
    reopened.
    """

    class Verdict(models.TextChoices):
        """What became of it."""

        FEWER = judging.Verdict.FEWER.value, _in("outcome", "Fewer")
        SAME = judging.Verdict.SAME.value, _in("outcome", "No change seen")
        MORE = judging.Verdict.MORE.value, _in("outcome", "More")
        EARLY = judging.Verdict.EARLY.value, _in("outcome", "Too early")
        UNKNOWN = judging.Verdict.UNKNOWN.value, _in("outcome", "Cannot be told")

    class Back(models.TextChoices):
        """How it came back."""

        RATE = "rate", _in("outcome", "As often as before")
        SURGE = "surge", _in("outcome", "A surge")

    initiative = models.ForeignKey(Initiative, models.CASCADE, related_name="outcomes")
    shipped_at = models.DateTimeField()
    looked_at = models.DateTimeField()
    through = models.DateField(null=True)
    verdict = models.CharField(max_length=8, choices=Verdict)
    why = models.CharField(max_length=8, blank=True)
    more_days = models.PositiveIntegerField(default=0)
    figures = models.JSONField(default=dict)
    channels = models.JSONField(default=list)
    weeks = models.JSONField(default=list)
    people = models.JSONField(default=dict)
    first_heard = models.DateTimeField(null=True)
    partly_read = models.BooleanField(default=False)
    settled_at = models.DateTimeField(null=True)
    back_at = models.DateTimeField(null=True)
    back = models.CharField(max_length=8, choices=Back, blank=True)
    back_figures = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["initiative", "shipped_at"], name="outcomes_one"),
        ]
        indexes = [models.Index(fields=["-shipped_at", "-id"], name="outcomes_newest")]

    def __str__(self) -> str:
        return f"{self.verdict} of {self.initiative_id}"

    @property
    def voice_to_change(self) -> int | None:
        """Days from the first voice to the day it was shipped; None where that is not known."""
        if self.first_heard is None:
            return None
        return max((self.shipped_at - self.first_heard).days, 0)
