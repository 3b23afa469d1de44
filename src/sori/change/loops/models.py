"""Tellings, the notice of each account, and who has heard."""

from typing import Final

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import pgettext_lazy as _in

from sori.change.initiatives.models import Initiative
from sori.change.loops.wording import LANGUAGES, Text
from sori.database import Leased
from sori.people.models import Identity, Person
from sori.respond.models import Message

NIGHT: Final = 21 * 60
MORNING: Final = 8 * 60
"""Minutes after midnight between which nobody is told anything, unless people say otherwise."""


class Telling(Leased):
    """Everybody who raised an initiative is told what became of it.

    There is one for each outcome; whoever raises it later is told by the same one. While it runs it
    is due work. `quiet_from` and `quiet_until` are minutes after midnight on the company's clock;
    `per_minute` is for each channel. The texts are in `texts`, by language.
    """

    class Outcome(models.TextChoices):
        """What they are told."""

        SHIPPED = "shipped", _in("loop", "It is there")
        NO = "no", _in("loop", "It will not be")

    class State(models.TextChoices):
        """How far it has come."""

        DRAFT = "draft", _in("loop", "Being written")
        RUNNING = "running", _in("loop", "Being told")
        STOPPED = "stopped", _in("loop", "Stopped")
        DONE = "done", _in("loop", "Told")

    initiative = models.ForeignKey(Initiative, models.CASCADE, related_name="tellings")
    outcome = models.CharField(max_length=7, choices=Outcome)
    state = models.CharField(max_length=7, choices=State, default=State.DRAFT)
    texts = models.JSONField(default=dict)
    per_minute = models.PositiveSmallIntegerField(default=30)
    quiet_from = models.PositiveSmallIntegerField(default=NIGHT)
    quiet_until = models.PositiveSmallIntegerField(default=MORNING)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    approved_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["initiative", "outcome"], name="loops_one_telling"),
        ]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(state="running"), name="loops_running"),
        ]

    def __str__(self) -> str:
        return f"telling {self.pk} of {self.initiative_id}: {self.outcome}"

    @property
    def words(self) -> dict[str, Text]:
        """The texts, by language."""
        return {one: Text(**self.texts.get(one, {})) for one in LANGUAGES}


class LoopNotice(models.Model):
    """What becomes of one account that raised it; the accounts of one person have one notice.

    `channel` is where they spoke, `sends` the channel it goes out by; `mention` and `answers` are
    what it is attached to, `mail` is the account a new mail goes to. `person` is whom the account
    stood for when this was decided last. Erasing
    somebody leaves the row, with nobody in it.
    """

    class State(models.TextChoices):
        """What becomes of it."""

        WAITING = "waiting", _in("loop notice", "Waiting")
        COVERED = "covered", _in("loop notice", "Told by another account of theirs")
        HANDED = "handed", _in("loop notice", "Handed to the outbox")
        LEFT = "left", _in("loop notice", "Not told")

    telling = models.ForeignKey(Telling, models.CASCADE, related_name="notices")
    identity = models.ForeignKey(Identity, models.SET_NULL, null=True, related_name="+")
    person = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    channel = models.CharField(max_length=32)
    sends = models.CharField(max_length=32, blank=True)
    via = models.CharField(max_length=6, blank=True)
    mention = models.CharField(max_length=40, blank=True)
    answers = models.ForeignKey(Message, models.SET_NULL, null=True, related_name="+")
    mail = models.ForeignKey(Identity, models.SET_NULL, null=True, related_name="+")
    language = models.CharField(max_length=2)
    state = models.CharField(max_length=7, choices=State, default=State.WAITING)
    why = models.CharField(max_length=12, blank=True)
    message = models.ForeignKey(Message, models.SET_NULL, null=True, related_name="+")
    handed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["telling", "identity"], name="loops_one_account"),
            models.UniqueConstraint(
                fields=["telling", "person"], condition=Q(state="handed"), name="loops_one_person"
            ),
        ]
        indexes = [
            models.Index(fields=["telling", "state", "sends", "id"], name="loops_notice_next"),
            models.Index(fields=["sends", "-handed_at"], name="loops_notice_pace"),
        ]

    def __str__(self) -> str:
        return f"{self.state} notice {self.pk}"


class Heard(models.Model):
    """An account whose person was told: whoever it stands for later is not told again."""

    telling = models.ForeignKey(Telling, models.CASCADE, related_name="heard")
    notice = models.ForeignKey(LoopNotice, models.CASCADE, related_name="heard")
    identity = models.ForeignKey(Identity, models.CASCADE, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["telling", "identity"], name="loops_heard_once"),
        ]

    def __str__(self) -> str:
        return f"{self.identity_id} heard {self.telling_id}"
