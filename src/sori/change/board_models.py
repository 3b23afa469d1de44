"""What a theme weighs, and what people decide about it: figures, points, splits, dismissals."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy as _in


class ThemeFigures(models.Model):
    """What the newest run has counted for a theme and for all that were merged into it.

    `judged` are voices whose mood is known, `negative` the unhappy ones of them, `urgent` those of
    the highest urgency. `reach` are the followers of all accounts, each once. `worth` is what the
    known people among them are worth in a year, together and in whole units of the currency, and
    `valued` how many these are. `languages` are voices by language ("" where it is unknown).
    `grew_at` says when its growth was told the last time.
    """

    theme = models.OneToOneField(
        "change.Theme", models.CASCADE, primary_key=True, related_name="figures"
    )
    judged = models.PositiveIntegerField(default=0)
    negative = models.PositiveIntegerField(default=0)
    urgent = models.PositiveIntegerField(default=0)
    reach = models.PositiveBigIntegerField(default=0)
    worth = models.PositiveBigIntegerField(default=0)
    valued = models.PositiveIntegerField(default=0)
    languages = models.JSONField(default=dict)
    grew_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"figures of {self.theme_id}"


class ThemeWeight(models.Model):
    """How many points a word gives a theme here; words without a row give their usual points.

    `word` is a field of `weighing.Weights`.
    """

    word = models.CharField(max_length=16, unique=True)
    points = models.PositiveBigIntegerField()

    def __str__(self) -> str:
        return f"{self.word}: {self.points}"


class Split(models.Model):
    """A part of a theme that people made a theme of its own: its `part`.

    Every voice of the theme that says one of `words` is part of it, and so are those of `voices`.
    `ended` are corrections that spoke of these voices before and stand again when it is undone.
    """

    theme = models.ForeignKey("change.Theme", models.PROTECT, related_name="splits")
    part = models.OneToOneField("change.Theme", models.PROTECT, related_name="split_off")
    words = models.JSONField(default=list)
    voices = models.JSONField(default=list)
    ended = models.JSONField(default=list)
    member = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.part_id} out of {self.theme_id}"


class Dismissal(models.Model):
    """Somebody said that nothing follows from a theme, and why; signed, and taken back or not."""

    class Reason(models.TextChoices):
        """Why nothing follows from it."""

        NO_THEME = "no_theme", _("They do not say the same thing")
        NOT_OURS = "not_ours", _("It is not about us")
        ADVERTISING = "adverts", _("It is advertising, or comes from one hand")
        SETTLED = "settled", _("It is settled already")
        DECIDED = "decided", _("We know it, and leave it as it is")
        OTHER = "other", _in("reason", "Something else")

    theme = models.ForeignKey("change.Theme", models.CASCADE, related_name="dismissals")
    reason = models.CharField(max_length=8, choices=Reason)
    words = models.CharField(max_length=400, blank=True)
    member = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    taken_back_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["theme"], condition=Q(taken_back_at=None), name="change_one_dismissal"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.theme_id} dismissed: {self.reason}"


class Subscription(models.Model):
    """A member wants to hear what becomes of a theme."""

    theme = models.ForeignKey("change.Theme", models.CASCADE, related_name="subscriptions")
    member = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="theme_subscriptions"
    )
    since = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["theme", "member"], name="change_one_subscription"),
        ]

    def __str__(self) -> str:
        return f"{self.member_id} hears of {self.theme_id}"
