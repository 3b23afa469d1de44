"""Initiatives, and what speaks for them."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy as _in

from sori.database import Leased
from sori.staff.models import Department


class Initiative(models.Model):
    """A change: what people ask for, what the company decided, and how far it has come.

    `reason` stands for the decision, in words that everybody who asked may read. `review_on` is
    when "later" is looked at again. `stage` is how far it has come; `shipped_at`, `told_at` and
    `checked_at` say when it got there the last time, `moved_at` when it came to its stage.
    `untold_by` signed that nobody is told, for the reason `untold_why`.
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
    moved_at = models.DateTimeField(default=timezone.now)
    untold_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    untold_why = models.TextField(blank=True)

    class Meta:
        indexes = [models.Index(fields=["stage", "-created_at"], name="initiatives_stage")]

    def __str__(self) -> str:
        return self.title


class Evidence(models.Model):
    """Something that speaks for an initiative: a theme, an idea, a case, or one sentence.

    `key` is its number, or the id of a mention; `quote` are words out of it worth showing, and
    `quoted` the mention they were said in, where one is known, so that they can be forgotten.
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
    quoted = models.CharField(max_length=40, blank=True, db_index=True)
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


class Ruling(models.Model):
    """One decision about an initiative, kept when another takes its place."""

    initiative = models.ForeignKey(Initiative, models.CASCADE, related_name="rulings")
    decision = models.CharField(max_length=5, choices=Initiative.Decision)
    reason = models.TextField()
    review_on = models.DateField(null=True)
    member = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.decision} to {self.initiative_id}"


class Comment(models.Model):
    """A word of the discussion; without a member, the machine's, which says why it reopened it."""

    initiative = models.ForeignKey(Initiative, models.CASCADE, related_name="comments")
    member = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    body = models.TextField()
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"comment on {self.initiative_id}"


class Attachment(models.Model):
    """A file that belongs to an initiative, stored by what it contains.

    `picture` is its media type where its first bytes are those of a picture; any other file is
    only ever handed out to be saved.
    """

    initiative = models.ForeignKey(Initiative, models.CASCADE, related_name="attachments")
    digest = models.CharField(max_length=64, db_index=True)
    name = models.CharField(max_length=120)
    picture = models.CharField(max_length=16, blank=True)
    size = models.PositiveIntegerField()
    member = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["initiative", "digest"], name="initiatives_one_attachment"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Reminder(Leased):
    """A day of an initiative that somebody is told of once: `due_at` is when, null once it was.

    `day` is the day it is about; when that is moved, it is told of anew.
    """

    class Sort(models.TextChoices):
        """What is told."""

        SOON = "soon", _in("reminder", "Due soon")
        OVER = "over", _in("reminder", "Overdue")
        REVIEW = "review", _in("reminder", "To be looked at again")

    initiative = models.ForeignKey(Initiative, models.CASCADE, related_name="reminders")
    sort = models.CharField(max_length=6, choices=Sort)
    day = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["initiative", "sort"], name="initiatives_one_reminder"),
        ]
        indexes = [
            models.Index(
                fields=["due_at"],
                condition=Q(due_at__isnull=False),
                name="initiatives_reminder_due",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sort} of {self.initiative_id}"


class Tally(Leased):
    """How many voices and accounts speak for an initiative, counted in the lake when it is due."""

    initiative = models.OneToOneField(Initiative, models.CASCADE, related_name="tally")
    voices = models.PositiveIntegerField(default=0)
    people = models.PositiveIntegerField(default=0)
    counted_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name_plural = "tallies"
        indexes = [
            models.Index(
                fields=["due_at"], condition=Q(due_at__isnull=False), name="initiatives_tally_due"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.voices} for {self.initiative_id}"
