"""Examples and their corrected labels, the company's own heads and topics, trainings, replays."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from sori.database import Leased


class Example(models.Model):
    """The words of a mention that somebody judged, as they were understood: masked.

    They are kept here because the lake may drop its days; what must be forgotten is forgotten here
    too (`services.forget`). `random` says that chance chose it, so that its judgements tell how
    good the model is; what people correct by themselves is mostly what it got wrong. `author` is
    the digest of the account's name, enough to find what must be forgotten.
    """

    mention = models.CharField(max_length=40, unique=True)
    channel = models.CharField(max_length=32)
    author = models.CharField(max_length=64, blank=True)
    title = models.TextField(blank=True)
    text = models.TextField()
    lang = models.CharField(max_length=8, blank=True)
    said_at = models.DateTimeField()
    random = models.BooleanField(default=False)

    class Meta:
        indexes = [models.Index(fields=["channel", "author"], name="lessons_example_author")]

    def __str__(self) -> str:
        return self.mention


class Correction(models.Model):
    """What a person says one label of a mention should be; it wins over every model.

    `said`, `confidence` and `model` are what the machine had said, and which; `said` is null where
    it had said nothing. `agreed` tells whether the person only confirmed it.
    """

    example = models.ForeignKey(Example, models.CASCADE, related_name="corrections")
    label = models.CharField(max_length=16)
    value = models.JSONField()
    said = models.JSONField(null=True)
    agreed = models.BooleanField(default=False)
    confidence = models.FloatField(null=True)
    model = models.CharField(max_length=80, blank=True)
    member = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["example", "label"], name="lessons_one_correction"),
        ]
        indexes = [models.Index(fields=["label", "at"], name="lessons_correction_label")]

    def __str__(self) -> str:
        return f"{self.label} of {self.example}"


class Version(models.Model):
    """The company's own heads, as they were learned once.

    The weights are in the database, so that every worker has them. `base` is the model they were
    learned on: with another one they mean nothing and are not used. `figures` holds, for each
    label, what `understand.teaching.Outcome` says.
    """

    class State(models.TextChoices):
        """Whether it speaks."""

        CANDIDATE = "candidate", _("Not switched on")
        ACTIVE = "active", _("In use")
        RETIRED = "retired", _("Retired")

    number = models.PositiveIntegerField(unique=True)
    state = models.CharField(max_length=9, choices=State, default=State.CANDIDATE)
    base = models.CharField(max_length=80)
    examples = models.PositiveIntegerField()
    figures = models.JSONField(default=dict)
    weights = models.BinaryField(default=bytes)
    member = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    made_at = models.DateTimeField()
    activated_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["state"], condition=Q(state="active"), name="lessons_one_active"
            ),
        ]

    def __str__(self) -> str:
        return f"own-{self.number}"


class Training(Leased):
    """Somebody asked that the company's own heads be learned; a worker does it when it is due.

    `waiting` until it is finished; only one may wait.
    """

    member = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    asked_at = models.DateTimeField()
    waiting = models.BooleanField(default=True)
    done = models.FloatField(default=0.0)
    version = models.ForeignKey(Version, models.SET_NULL, null=True, related_name="trainings")
    finished_at = models.DateTimeField(null=True)
    error = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["waiting"], condition=Q(waiting=True), name="lessons_one_training"
            ),
        ]

    def __str__(self) -> str:
        return f"training asked at {self.asked_at}"


class RandomCheck(models.Model):
    """Some voices that chance chose, for one member to confirm or correct one by one."""

    member = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    mentions = models.JSONField()
    place = models.PositiveSmallIntegerField(default=0)
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"random check by {self.member}"


class Replay(models.Model):
    """The lake is understood again: which days, by which model, how far it came.

    `key` names it in the lake's log, where every day that is done stands for good; `reached` and
    `tally` (kind before > kind after: voices) only repeat that for people.
    """

    key = models.CharField(max_length=32, unique=True)
    since = models.DateField()
    until = models.DateField()
    source = models.PositiveBigIntegerField(null=True)
    model = models.CharField(max_length=80)
    reached = models.DateField(null=True)
    rows = models.PositiveBigIntegerField(default=0)
    tally = models.JSONField(default=dict)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "since",
                "until",
                Coalesce("source", 0),
                "model",
                condition=Q(finished_at=None),
                name="lessons_one_unfinished_replay",
            ),
        ]

    def __str__(self) -> str:
        return f"replay since {self.since}"


class TopicTree(models.Model):
    """The topics of the company, as somebody edited them; the newest one counts, none is changed.

    `member` is null where the machine only added phrases it had learned from corrections.
    """

    text = models.TextField()
    member = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"topics {self.pk}"
