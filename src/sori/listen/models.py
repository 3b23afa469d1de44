"""Sources, runs, listening rules, the intake and the quarantine."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from sori.database import Leased
from sori.staff.models import Department, Role


class Source(Leased):
    """One configured connection to a channel.

    `settings` holds what is no secret; `secrets` the rest, encrypted with a key that is not in the
    database. `cursor` is the channel's own bookmark. `due_at` is when it is polled next.
    """

    class State(models.TextChoices):
        """What it is doing."""

        ACTIVE = "active", _("Active")
        PAUSED = "paused", _("Paused")
        BROKEN = "broken", _("Needs attention")

    class Keep(models.TextChoices):
        """Which voices are kept."""

        EVERYTHING = "everything", _("Everything")
        MATCHED = "matched", _("What a listening rule matches")

    name = models.CharField(_("name"), max_length=80, unique=True)
    slug = models.SlugField(max_length=80, unique=True)
    channel = models.CharField(_("channel"), max_length=32)
    settings = models.JSONField(default=dict)
    secrets = models.BinaryField(default=bytes, editable=False)
    keep = models.CharField(_("keep"), max_length=12, choices=Keep, default=Keep.EVERYTHING)
    state = models.CharField(max_length=8, choices=State, default=State.ACTIVE)
    cursor = models.JSONField(null=True, default=None)
    interval = models.PositiveIntegerField(_("seconds between polls"), default=60)
    failures = models.PositiveIntegerField(default=0)
    error = models.TextField(blank=True)
    department = models.ForeignKey(
        Department, models.PROTECT, null=True, blank=True, verbose_name=_("department")
    )
    created_at = models.DateTimeField(auto_now_add=True)
    polled_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["name"]
        indexes = [models.Index(fields=["state", "due_at"], name="listen_source_due")]

    def __str__(self) -> str:
        return self.name


class Run(models.Model):
    """One page on its way from a source to the lake: the write-ahead intent and the ledger.

    It is written `prepared` before the lake is touched, with the cursor before and after. After a
    crash the lake is asked whether it has (source, sequence): yes makes the run `done`, no deletes
    it and the page is fetched again. `forgotten` counts what accounts said that were forgotten.
    """

    class State(models.TextChoices):
        """How far it came."""

        PREPARED = "prepared", _("In progress")
        DONE = "done", _("Done")

    source = models.ForeignKey(Source, models.CASCADE, related_name="runs")
    sequence = models.PositiveBigIntegerField()
    state = models.CharField(max_length=8, choices=State, default=State.PREPARED)
    cursor_before = models.JSONField(null=True)
    cursor_after = models.JSONField(null=True)
    seen = models.PositiveIntegerField()
    stored = models.PositiveIntegerField()
    duplicate = models.PositiveIntegerField()
    not_matched = models.PositiveIntegerField()
    quarantined = models.PositiveIntegerField()
    forgotten = models.PositiveIntegerField(default=0)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source", "sequence"], name="listen_one_run"),
            models.CheckConstraint(
                condition=Q(
                    seen=F("stored")
                    + F("duplicate")
                    + F("not_matched")
                    + F("quarantined")
                    + F("forgotten")
                ),
                name="listen_ledger_adds_up",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source} #{self.sequence}"


class Query(models.Model):
    """A listening rule: a saved boolean expression; a hit is a mention."""

    name = models.CharField(_("name"), max_length=80, unique=True)
    expression = models.TextField(_("rule"))
    active = models.BooleanField(_("active"), default=True)
    department = models.ForeignKey(
        Department, models.PROTECT, null=True, blank=True, verbose_name=_("department")
    )
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["name"]
        verbose_name_plural = "queries"

    def __str__(self) -> str:
        return self.name


class View(models.Model):
    """A selection that somebody gave a name: of mentions in the explorer, or of cases in the inbox.

    `room` says where, `query` is the query string that says it. Others see it only when it is
    `shared`: all of them, or those of one `role`.
    """

    name = models.CharField(_("name"), max_length=80)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="views")
    shared = models.BooleanField(_("shared with everybody"), default=False)
    role = models.CharField(max_length=12, blank=True, choices=Role)
    query = models.TextField(blank=True)
    room = models.CharField(max_length=8, default="explore")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(fields=["owner", "room", "name"], name="listen_one_view"),
        ]

    def __str__(self) -> str:
        return self.name


class Intake(models.Model):
    """What was pushed to us, written down before we say thank you; pulled later like any source.

    `key` names the delivery as its sender does, so that a repeated one is kept once. `body` is
    JSON with personal numbers already masked; it is emptied once the lake has it. `run` is the run
    that took it on its way, null while it waits.
    """

    source = models.ForeignKey(Source, models.CASCADE, related_name="intake")
    key = models.CharField(max_length=128)
    body = models.JSONField()
    received_at = models.DateTimeField()
    run = models.ForeignKey(Run, models.SET_NULL, null=True, related_name="intake")

    class Meta:
        verbose_name_plural = "intake"
        constraints = [
            models.UniqueConstraint(fields=["source", "key"], name="listen_one_intake"),
        ]
        indexes = [
            models.Index(
                fields=["source", "id"], condition=Q(run=None), name="listen_intake_waiting"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.key}"


class Withdrawal(Leased):
    """A post that was deleted where it was made: due until it is gone here too, then its tombstone.

    `key` is what mention.mention_key makes of its name, so it holds no word of it.
    """

    source = models.ForeignKey(Source, models.CASCADE, related_name="withdrawals")
    key = models.CharField(max_length=20, unique=True)
    found_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["due_at"], condition=Q(due_at__isnull=False), name="listen_withdrawal_due"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source} without {self.key}"


class Recheck(Leased):
    """A source whose posts are looked at again: when next, and how far this round has come.

    `place` is the id of the mention that was looked at last, "" before the first of a round;
    rounds go from the newest to the oldest.
    """

    source = models.OneToOneField(Source, models.CASCADE, related_name="recheck")
    place = models.CharField(max_length=40, blank=True)
    failures = models.PositiveIntegerField(default=0)

    class Meta:
        indexes = [models.Index(fields=["due_at"], name="listen_recheck_due")]

    def __str__(self) -> str:
        return f"{self.source} from {self.place or 'the newest'}"


class Ringing(models.Model):
    """A call that a telephone system told us of; it rings until it is over or two minutes old.

    `call` is the system's own name for it, `number` who calls (as `people.recognising.normal`
    writes it), empty where it is withheld. Kept for a day, so that no event counts twice.
    """

    source = models.ForeignKey(Source, models.CASCADE, related_name="ringing")
    call = models.CharField(max_length=100)
    number = models.CharField(max_length=32, blank=True)
    extension = models.CharField(max_length=32, blank=True)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name_plural = "ringing"
        constraints = [
            models.UniqueConstraint(fields=["source", "call"], name="listen_one_ringing"),
        ]
        indexes = [models.Index(fields=["started_at"], name="listen_ringing_started")]

    def __str__(self) -> str:
        return f"{self.source} {self.call}"


class Quarantine(models.Model):
    """Something that came and could not be read, kept (encrypted) until it can be.

    `run` met it first. `asked_at` says that somebody wants it read again; `replay` is the run that
    does so, and `settled_at` and `outcome` what came of it.
    """

    source = models.ForeignKey(Source, models.CASCADE, related_name="quarantine")
    run = models.ForeignKey(Run, models.CASCADE, related_name="broken")
    external_id = models.CharField(max_length=255, blank=True)
    raw = models.BinaryField()
    reason = models.TextField()
    at = models.DateTimeField()
    asked_at = models.DateTimeField(null=True)
    replay = models.ForeignKey(Run, models.SET_NULL, null=True, related_name="replays")
    settled_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=160, blank=True)

    class Meta:
        verbose_name_plural = "quarantine"
        indexes = [models.Index(fields=["source", "settled_at"], name="listen_quarantine_open")]

    def __str__(self) -> str:
        return f"{self.source}: {self.reason}"
