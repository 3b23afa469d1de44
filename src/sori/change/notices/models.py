"""What is told before people ask, how it went on, and where it was posted besides."""

from datetime import datetime
from enum import StrEnum

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy as _in

from sori.change.initiatives.models import Initiative
from sori.change.models import Surge
from sori.database import Leased
from sori.listen.models import Source
from sori.respond.sending import State


class Phase(StrEnum):
    """Where a notice stands at a moment."""

    DRAFT = "draft"
    APPROVED = "approved"
    SHOWN = "shown"
    ENDED = "ended"


class Notice(models.Model):
    """A known problem or a change, told where customers look before they write to us.

    Korean words stand in `title`, `what` and `doing`, English ones beside them, if there are any.
    `next_word_at` is when we promised to say more. `sort` and `key` name what it answers, as a
    surge does ("theme", "topic", "query", ...); `words` are what people say who ask about it. It is
    approved once and shown from `shown_from` until `shown_until` or until somebody ends it.
    `looked_at` is when somebody last said that it is still true, `reminded_at` when the one who
    approved it was last asked.
    """

    class Kind(models.TextChoices):
        """What it is about."""

        PROBLEM = "problem", _in("notice", "Known problem")
        CHANGE = "change", _in("notice", "Change")

    class State(models.TextChoices):
        """How far it has come; whether it is shown follows from the time."""

        DRAFT = "draft", _in("notice", "Draft")
        APPROVED = "approved", _in("notice", "Approved")
        ENDED = "ended", _in("notice", "Ended")

    class Place(models.TextChoices):
        """Where it is shown."""

        HELP = "help", _("Help centre")
        PORTAL = "portal", _("Ideas portal")
        WIDGET = "widget", _("Chat widget")
        FORM = "form", _("Web form")

    kind = models.CharField(_in("notice", "kind"), max_length=8, choices=Kind, default=Kind.PROBLEM)
    state = models.CharField(max_length=8, choices=State, default=State.DRAFT)
    title = models.CharField(max_length=120)
    what = models.TextField()
    doing = models.TextField(blank=True)
    title_en = models.CharField(max_length=120, blank=True)
    what_en = models.TextField(blank=True)
    doing_en = models.TextField(blank=True)
    next_word_at = models.DateTimeField(null=True, blank=True)
    places = models.JSONField(default=list)
    sort = models.CharField(max_length=8, blank=True)
    key = models.CharField(max_length=80, blank=True)
    words = models.JSONField(default=list)
    surge = models.ForeignKey(Surge, models.SET_NULL, null=True, blank=True, related_name="notices")
    initiative = models.ForeignKey(
        Initiative, models.SET_NULL, null=True, blank=True, related_name="notices"
    )
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    approved_at = models.DateTimeField(null=True)
    shown_from = models.DateTimeField(null=True, blank=True)
    shown_until = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    ended_at = models.DateTimeField(null=True)
    looked_at = models.DateTimeField(null=True)
    reminded_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["state", "shown_from"], name="notices_state"),
            models.Index(fields=["-created_at", "-id"], name="notices_newest"),
        ]

    def __str__(self) -> str:
        return self.title

    def phase(self, now: datetime) -> Phase:
        """Where it stands at a moment."""
        if self.state == self.State.DRAFT:
            return Phase.DRAFT
        if self.state == self.State.ENDED or (self.shown_until and self.shown_until <= now):
            return Phase.ENDED
        return Phase.SHOWN if self.shown_from and self.shown_from <= now else Phase.APPROVED


class Update(models.Model):
    """One more word about a notice that is shown."""

    notice = models.ForeignKey(Notice, models.CASCADE, related_name="updates")
    words = models.CharField(max_length=500)
    words_en = models.CharField(max_length=500, blank=True)
    member = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return self.words


class Post(Leased):
    """A notice on a channel of ours, besides: posted by the machine, or by a person who says so.

    `place` is "source:12" where the machine posts through a source, else the name of a channel.
    `state` goes the way of an answer (`respond.sending`); what a person posted is "sent" at once.
    `text` is what was approved, and `key` the same at every attempt.
    """

    notice = models.ForeignKey(Notice, models.CASCADE, related_name="posts")
    place = models.CharField(max_length=40)
    source = models.ForeignKey(Source, models.CASCADE, null=True, related_name="+")
    text = models.TextField(blank=True)
    state = models.CharField(max_length=8, choices=[(one.value, one.value) for one in State])
    member = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    key = models.CharField(max_length=64, unique=True)
    attempt = models.PositiveSmallIntegerField(default=0)
    attempted_at = models.DateTimeField(null=True)
    looks = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True)
    external_id = models.CharField(max_length=255, blank=True)
    evidence = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["notice", "place"], name="notices_posted_once"),
        ]
        indexes = [models.Index(fields=["state", "due_at"], name="notices_post_due")]

    def __str__(self) -> str:
        return f"{self.notice} at {self.place}"
