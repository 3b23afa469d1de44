"""Conversations, messages, cases, clocks and notes."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from sori.database import Leased
from sori.listen.models import Source
from sori.people.models import Identity, Person
from sori.respond.clock_models import Clock as Clock
from sori.respond.clock_models import Promise as Promise
from sori.respond.clock_models import Reminder as Reminder
from sori.respond.desk_models import Joining as Joining
from sori.respond.desk_models import Weight as Weight
from sori.respond.tag_models import CaseTag as CaseTag
from sori.respond.tag_models import Tag as Tag
from sori.staff.models import Department, Team


class Case(models.Model):
    """One matter of one person, with somebody who answers for it.

    `excerpt`, `channel` and `newest_message` repeat the newest thing the customer said, so that the
    list is one look at one table. `reason` is routing's word for why it was opened, and
    `priority_reasons` a list of [word, points] that adds up to `priority` (`priority.py`); at
    `weigh_at` a worker adds them up again. While `snoozed_until` is set, it stands in no list of
    work; a worker clears it when its time has come. Until `surging_until` it is part of a surge.
    One that was joined with another case (`joined_into`) is closed and stands in no list.
    """

    class Status(models.TextChoices):
        """Where it stands."""

        NEW = "new", _("New")
        OPEN = "open", _("Open")
        PENDING = "pending", _("Waiting for the customer")
        ON_HOLD = "on_hold", _("On hold")
        RESOLVED = "resolved", _("Resolved")
        CLOSED = "closed", _("Closed")

    person = models.ForeignKey(Person, models.PROTECT, related_name="cases")
    subject = models.CharField(max_length=200)
    excerpt = models.CharField(max_length=200, blank=True)
    channel = models.CharField(max_length=32)
    reason = models.CharField(max_length=16, blank=True)
    status = models.CharField(max_length=8, choices=Status, default=Status.NEW)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="cases"
    )
    department = models.ForeignKey(Department, models.PROTECT, null=True, blank=True)
    team = models.ForeignKey(Team, models.PROTECT, null=True, blank=True, related_name="cases")
    kind = models.CharField(max_length=12, blank=True)
    sentiment = models.CharField(max_length=12, blank=True)
    urgency = models.PositiveSmallIntegerField(null=True)
    priority = models.IntegerField(default=0)
    priority_reasons = models.JSONField(default=list)
    newest_message = models.PositiveBigIntegerField(default=0)
    opened_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    resolved_at = models.DateTimeField(null=True)
    snoozed_until = models.DateTimeField(null=True)
    surging_until = models.DateTimeField(null=True)
    joined_into = models.ForeignKey("self", models.SET_NULL, null=True, related_name="joined")
    weigh_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["weigh_at"],
                condition=Q(weigh_at__isnull=False),
                name="respond_case_weigh",
            ),
            models.Index(
                fields=["snoozed_until"],
                condition=Q(snoozed_until__isnull=False),
                name="respond_case_snoozed",
            ),
            models.Index(
                fields=["-updated_at", "-id"],
                condition=Q(status__in=("new", "open", "pending", "on_hold")),
                name="respond_case_unsettled",
            ),
            models.Index(
                fields=["-updated_at", "-id"],
                condition=Q(status__in=("resolved", "closed")),
                name="respond_case_settled",
            ),
            models.Index(
                fields=["owner", "-updated_at", "-id"],
                condition=Q(status__in=("new", "open", "pending", "on_hold")),
                name="respond_case_owner",
            ),
            models.Index(fields=["-updated_at", "-id"], name="respond_case_updated"),
            models.Index(
                fields=["-priority", "-updated_at", "-id"],
                condition=Q(status__in=("new", "open", "pending", "on_hold")),
                name="respond_case_urgent",
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.subject}"


class Conversation(models.Model):
    """A thread with one person in one source; belongs to one case at a time."""

    source = models.ForeignKey(Source, models.PROTECT, related_name="conversations")
    thread = models.CharField(max_length=255)
    identity = models.ForeignKey(Identity, models.PROTECT, related_name="conversations")
    case = models.ForeignKey(Case, models.PROTECT, related_name="conversations")
    channel = models.CharField(max_length=32)
    subject = models.CharField(max_length=200, blank=True)
    opened_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["source", "thread", "identity"], name="respond_one_conversation"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.thread}"


class Message(Leased):
    """One turn in a conversation: a mention that came in, or an answer on its way out.

    An answer is a small state machine (`sending.py`). Where it goes (`destination`) is frozen when
    it is approved and never taken from the person again; `body_digest` is the hash of the text
    that was approved. `key` is the idempotency key. `attempt` is committed before the channel is
    called; `due_at`, `lease_until` and `fence` are the outbox. A `notice` tells news and answers
    nothing: it moves no clock and no case, and `answers` is only where it is attached.
    """

    class Direction(models.TextChoices):
        """Who speaks."""

        IN = "in", _("Received")
        OUT = "out", _("Sent")

    class State(models.TextChoices):
        """How far an answer has come."""

        DRAFT = "draft", _("Draft")
        APPROVED = "approved", _("Approved")
        QUEUED = "queued", _("Waiting to be sent")
        CLAIMED = "claimed", _("Being sent")
        SENDING = "sending", _("Sending")
        SENT = "sent", _("Sent")
        REJECTED = "rejected", _("Refused")
        RETRY = "retry", _("Will be tried again")
        UNKNOWN = "unknown", _("Unclear whether it arrived")
        RECEIVED = "received", _("Received")

    conversation = models.ForeignKey(Conversation, models.PROTECT, related_name="messages")
    direction = models.CharField(max_length=3, choices=Direction)
    state = models.CharField(max_length=8, choices=State)
    mention = models.CharField(max_length=40, null=True, blank=True)  # noqa: DJ001 (unique, so null)
    member = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="messages"
    )
    body = models.TextField()
    attachments = models.JSONField(default=list)
    at = models.DateTimeField()
    url = models.TextField(blank=True)
    kind = models.CharField(max_length=12, blank=True)
    sentiment = models.CharField(max_length=12, blank=True)
    urgency = models.PositiveSmallIntegerField(null=True)
    answer = models.BooleanField(null=True)
    abuse = models.BooleanField(default=False)
    reply_mode = models.CharField(max_length=8, blank=True)
    reply_until = models.DateTimeField(null=True)
    reply_address = models.JSONField(null=True)

    answers = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="answered_by"
    )
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    approved_at = models.DateTimeField(null=True)
    body_digest = models.CharField(max_length=64, blank=True)
    destination = models.JSONField(null=True)
    key = models.CharField(max_length=64, null=True, unique=True)  # noqa: DJ001 (unique, so null)
    attempt = models.PositiveIntegerField(default=0)
    attempted_at = models.DateTimeField(null=True)
    looks = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True)
    external_id = models.CharField(max_length=255, blank=True)
    evidence = models.TextField(blank=True)
    edited_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    notice = models.BooleanField(default=False)

    class Meta:
        indexes = [
            models.Index(fields=["conversation", "at", "id"], name="respond_message_order"),
            models.Index(fields=["state", "due_at"], name="respond_message_outbox"),
            models.Index(
                fields=["external_id"],
                condition=~Q(external_id=""),
                name="respond_message_external",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["mention"], condition=Q(mention__isnull=False), name="respond_one_message"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.direction} {self.state} in {self.conversation}"


class Note(models.Model):
    """Words for colleagues; the customer never sees them. No member: a rule wrote them.

    `handing` marks the line that says why a case was handed over; the event of that names it.
    `by_mail` is the address of a colleague who wrote it by mail; `member` then is that colleague,
    or whoever asked.
    """

    case = models.ForeignKey(Case, models.CASCADE, related_name="notes")
    member = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="notes"
    )
    body = models.TextField()
    handing = models.BooleanField(default=False)
    by_mail = models.CharField(max_length=254, blank=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"note on {self.case}"


class Bookmark(models.Model):
    """How far responding has read the lake: one row, moved in the same transaction as its cases."""

    version = models.BigIntegerField(default=-1)

    def __str__(self) -> str:
        return f"lake version {self.version}"


class Decision(models.Model):
    """Signed: we decided not to answer, why, and when who looks again.

    On `review_on` the case comes back as due, until somebody opens it again or decides anew
    (`reviewed_at`).
    """

    class Reason(models.TextChoices):
        """Why there is no answer."""

        NOTHING_TO_ADD = "nothing_to_add", _("There is nothing to add")
        ELSEWHERE = "elsewhere", _("Answered elsewhere already")
        CAMPAIGN = "campaign", _("Spam or a campaign")
        ABUSIVE = "abusive", _("Abusive")
        NOT_ABOUT_US = "not_about_us", _("Not about us")
        OTHER = "other", _("Another reason")

    case = models.ForeignKey(Case, models.CASCADE, related_name="decisions")
    member = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    reason = models.CharField(max_length=16, choices=Reason, default=Reason.OTHER)
    words = models.TextField(blank=True)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    review_on = models.DateField(null=True)
    reviewed_at = models.DateTimeField(null=True)
    at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(
                fields=["review_on"],
                condition=Q(review_on__isnull=False, reviewed_at__isnull=True),
                name="respond_decision_review",
            ),
        ]

    def __str__(self) -> str:
        return f"no answer to {self.case}"


class Reading(models.Model):
    """How far one member has read one case."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="readings")
    member = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="case_readings"
    )
    message = models.PositiveBigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["member", "case"], name="respond_one_reading"),
        ]

    def __str__(self) -> str:
        return f"{self.member} has read {self.case} up to {self.message}"


class SavedReply(models.Model):
    """Words that were good once, to be used again; `{customer}` and the like are filled in."""

    title = models.CharField(max_length=80)
    body = models.TextField()
    department = models.ForeignKey(Department, models.SET_NULL, null=True, blank=True)
    member = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    updated_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "saved replies"
        constraints = [models.UniqueConstraint(Lower("title"), name="respond_one_saved_reply")]

    def __str__(self) -> str:
        return self.title


class Hold(models.Model):
    """While one of these is not released, no answer leaves the house (a restored backup)."""

    reason = models.TextField()
    since = models.DateTimeField()
    released_at = models.DateTimeField(null=True)
    released_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )

    def __str__(self) -> str:
        return f"held since {self.since}"


class Passage(models.Model):
    """What search looks through: one message, or (message null) subject and names of a thread.

    `text` is folded (see `search.py`). The bigrams stand beside it in what the database offers:
    SQLite has an FTS5 table `respond_grams` of the same row numbers, PostgreSQL a column `grams`.
    """

    conversation = models.ForeignKey(
        Conversation, models.CASCADE, db_index=True, related_name="passages"
    )
    message = models.OneToOneField(
        Message, models.CASCADE, null=True, blank=True, related_name="passage"
    )
    text = models.TextField()

    def __str__(self) -> str:
        return f"passage {self.pk}"
