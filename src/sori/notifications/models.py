"""Who follows what, who was told of what, what each chose, and what waits to be sent.

No row holds a customer's words: a notification names an event and a case, and is put into words
when somebody reads it. Where the case is forgotten, so is what was told of it.
"""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from sori.database import Leased
from sori.journal.models import Event
from sori.respond.models import Case, Decision


class Follow(models.Model):
    """A member wants to hear of a case; `following` is False once they left it, and stays so."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="follows")
    member = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="follows")
    following = models.BooleanField(default=True)
    since = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "member"], name="notifications_one_follow"),
        ]

    def __str__(self) -> str:
        return f"{self.member} follows {self.case_id}"


class Notification(models.Model):
    """One member was told of one event, in the app.

    `about` is the event's subject ("case:12"), `occasion` one of `occasions.OCCASIONS`. What was
    read in one go carries one `read_at`, so that it stays together in the list.
    """

    member = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="notifications"
    )
    event = models.ForeignKey(Event, models.PROTECT, related_name="+")
    case = models.ForeignKey(Case, models.CASCADE, null=True, related_name="notifications")
    occasion = models.CharField(max_length=16)
    about = models.CharField(max_length=64)
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["member", "event"], name="notifications_told_once"),
        ]
        indexes = [
            models.Index(fields=["member", "-id"], name="notifications_of_member"),
            models.Index(
                fields=["member", "about"],
                condition=Q(read_at__isnull=True),
                name="notifications_unread",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.occasion} about {self.about}"


class Bookmark(models.Model):
    """How far the journal has been read: one row, moved in the transaction that tells people.

    `gaps` are numbers that were not there yet, each with the time (seconds since 1970) at which it
    was first missed; see `journal.selectors.Tail`.
    """

    last = models.BigIntegerField()
    gaps = models.JSONField(default=dict)

    def __str__(self) -> str:
        return f"event {self.last}"


class Choice(models.Model):
    """What a member chose: by which way they hear of what, how often by mail, and when never.

    `ways` holds the ways of each occasion that differs from what is usual, `rhythms` a rhythm of
    each group of occasions. Quiet hours last from `quiet_since` to `quiet_until` (minutes after
    midnight, null for none) on those days (0 is Monday) on which they begin.
    """

    member = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="notification_choice"
    )
    ways = models.JSONField(default=dict)
    rhythms = models.JSONField(default=dict)
    daily_at = models.PositiveSmallIntegerField(default=540)
    zone = models.CharField(_("time zone"), max_length=64, blank=True)
    quiet_since = models.PositiveSmallIntegerField(null=True)
    quiet_until = models.PositiveSmallIntegerField(null=True)
    quiet_days = models.JSONField(default=list)
    at_work_only = models.BooleanField(default=True)
    escalations_pass = models.BooleanField(default=False)

    def __str__(self) -> str:
        return f"what {self.member} hears"


class Outlet(Leased):
    """A way out of the house: one member's mail, their messenger, or a room the company shares.

    `sealed` is the address, encrypted; it is never shown again. `occasions` is what a shared room
    hears, and `words` whether a customer's words may go there. After too many failures in a row it
    is broken, until somebody tries it with success.
    """

    class Way(models.TextChoices):
        """How it goes out."""

        MAIL = "mail", _("Mail")
        CHAT = "chat", _("Messenger")

    way = models.CharField(max_length=4, choices=Way)
    member = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="outlets"
    )
    name = models.CharField(_("name"), max_length=80, blank=True)
    service = models.CharField(max_length=32, blank=True)
    sealed = models.BinaryField(default=bytes)
    occasions = models.JSONField(default=list)
    words = models.BooleanField(default=False)
    failures = models.PositiveIntegerField(default=0)
    error = models.TextField(blank=True)
    sent_at = models.DateTimeField(null=True)
    broken_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["member"], condition=Q(way="mail"), name="notifications_one_mailbox"
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_at"],
                condition=Q(due_at__isnull=False),
                name="notifications_outlet_due",
            ),
        ]

    def __str__(self) -> str:
        return self.name or f"{self.way} of {self.member}"


class Line(models.Model):
    """One event on its way out through one outlet, at most once.

    It is written down as being sent before it is; a worker that dies in between leaves it unclear,
    and it is not sent again.
    """

    class State(models.TextChoices):
        """How far it has come."""

        WAITING = "waiting", _("Waiting")
        SENDING = "sending", _("Being sent")
        SENT = "sent", _("Sent")
        DROPPED = "dropped", _("Not needed any more")
        FAILED = "failed", _("Not delivered")
        UNCLEAR = "unclear", _("Unclear whether it arrived")

    outlet = models.ForeignKey(Outlet, models.CASCADE, related_name="lines")
    event = models.ForeignKey(Event, models.PROTECT, related_name="+")
    case = models.ForeignKey(Case, models.CASCADE, null=True, related_name="+")
    occasion = models.CharField(max_length=16)
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    due_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["outlet", "event"], name="notifications_sent_once"),
        ]
        indexes = [
            models.Index(
                fields=["outlet", "due_at"],
                condition=Q(state__in=("waiting", "sending")),
                name="notifications_line_waits",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.occasion} to outlet {self.outlet_id}"


class Review(models.Model):
    """A decision not to answer whose day of review was announced, once."""

    decision = models.OneToOneField(Decision, models.CASCADE, related_name="+")

    def __str__(self) -> str:
        return f"decision {self.decision_id} came up again"
