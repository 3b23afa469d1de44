"""Initiatives, and what speaks for them."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy as _in

from sori.staff.models import Department


class Initiative(models.Model):
    """A change: what people ask for, what the company decided, and how far it has come.

    `reason` stands for the decision, in words that everybody who asked may read. `review_on` is
    when "later" is looked at again. `stage` is how far it has come; `shipped_at`, `told_at` and
    `checked_at` say when it got there the last time.
    """

    class Stage(models.TextChoices):
        """How far it has come."""

        HEARD = "heard", _in("initiative", "Heard")
        CONSIDERED = "considered", _in("initiative", "Considered")
        DECIDED = "decided", _in("initiative", "Decided")
        DOING = "doing", _in("initiative", "In the making")
        SHIPPED = "shipped", _in("initiative", "Shipped")
        TOLD = "told", _in("initiative", "Told")
        CHECKED = "checked", _in("initiative", "Checked")

    class Decision(models.TextChoices):
        """What the company decided."""

        YES = "yes", _in("initiative", "Yes")
        NO = "no", _in("initiative", "No")
        LATER = "later", _in("initiative", "Later")

    title = models.CharField(_("title"), max_length=160)
    summary = models.TextField(_("summary"), blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="initiatives",
        verbose_name=_("owner"),
    )
    department = models.ForeignKey(
        Department,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="initiatives",
        verbose_name=_("department"),
    )
    stage = models.CharField(max_length=10, choices=Stage, default=Stage.HEARD)
    decision = models.CharField(max_length=5, choices=Decision, blank=True)
    reason = models.TextField(_("reason"), blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)
    review_on = models.DateField(null=True, blank=True)
    due_on = models.DateField(_("due"), null=True, blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    shipped_at = models.DateTimeField(null=True)
    told_at = models.DateTimeField(null=True)
    checked_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["stage", "-created_at"], name="initiatives_stage")]

    def __str__(self) -> str:
        return self.title


class Evidence(models.Model):
    """Something that speaks for an initiative: a theme, an idea, a case, or one sentence.

    `key` is its number, or the id of a mention; `quote` are words out of it worth showing.
    """

    class Sort(models.TextChoices):
        """What speaks for it."""

        THEME = "theme", _in("evidence", "Theme")
        IDEA = "idea", _in("evidence", "Idea")
        CASE = "case", _in("evidence", "Case")
        MENTION = "mention", _in("evidence", "Sentence")

    initiative = models.ForeignKey(Initiative, models.CASCADE, related_name="evidence")
    sort = models.CharField(max_length=8, choices=Sort)
    key = models.CharField(max_length=40)
    quote = models.CharField(max_length=400, blank=True)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    added_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["initiative", "sort", "key"], name="initiatives_one_evidence"
            ),
        ]
        indexes = [models.Index(fields=["sort", "key"], name="initiatives_evidence_key")]

    def __str__(self) -> str:
        return f"{self.sort} {self.key} for {self.initiative_id}"
