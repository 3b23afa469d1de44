"""A person, their accounts, what they bought, and what remains of somebody who was forgotten."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy as _in

from sori.database import Leased


class Person(models.Model):
    """Somebody who speaks to us or about us.

    A merge is a pointer (`merged_into`), never a move, so that it can be undone exactly. `value` is
    what they are worth to the company in a year, in the currency of the installation. `objection`
    says that they do not want to be analysed, `consent` whether they agreed to be told news; null
    where nobody asked them.
    """

    class Segment(models.TextChoices):
        """What they are to the company."""

        CUSTOMER = "customer", _("Customer")
        PROSPECT = "prospect", _("Prospect")
        INFLUENCER = "influencer", _("Influencer")
        PARTNER = "partner", _("Partner")
        EMPLOYEE = "employee", _("Employee")

    name = models.CharField(_("name"), max_length=160, blank=True)
    merged_into = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="merged"
    )
    segment = models.CharField(_("segment"), max_length=10, choices=Segment, blank=True)
    value = models.DecimalField(
        _("value per year"), max_digits=15, decimal_places=2, null=True, blank=True
    )
    objection = models.BooleanField(default=False)
    consent = models.BooleanField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [
            models.Index(fields=["id"], condition=Q(objection=True), name="people_objecting"),
        ]

    def __str__(self) -> str:
        return self.name or f"#{self.pk}"


class Identity(models.Model):
    """An account on one channel; belongs to one person.

    `verified` says that a member made sure that it is theirs, or that they proved it themselves by
    a link sent there: anybody may write anything into the sender of a mail or the field of a form.
    """

    person = models.ForeignKey(Person, models.PROTECT, related_name="identities")
    channel = models.CharField(max_length=32)
    external_id = models.CharField(max_length=255)
    name = models.CharField(max_length=160, blank=True)
    verified = models.BooleanField(default=False)
    first_seen_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "identities"
        constraints = [
            models.UniqueConstraint(fields=["channel", "external_id"], name="people_one_identity"),
        ]
        indexes = [models.Index(fields=["external_id"], name="people_identity_handle")]

    def __str__(self) -> str:
        return f"{self.channel}:{self.external_id}"


class Identifier(models.Model):
    """Something else that is somebody's own and that a member made sure of.

    `value` is written the one way that `recognising.normal` knows.
    """

    class Sort(models.TextChoices):
        """What it is."""

        MAIL = "mail", _("Mail address")
        PHONE = "phone", _("Phone number")
        NUMBER = "number", _("Customer number")

    person = models.ForeignKey(Person, models.CASCADE, related_name="identifiers")
    sort = models.CharField(max_length=6, choices=Sort)
    value = models.CharField(max_length=255)
    member = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "sort", "value"], name="people_one_identifier"
            ),
        ]
        indexes = [models.Index(fields=["sort", "value"], name="people_identifier_value")]

    def __str__(self) -> str:
        return f"{self.sort} of {self.person}"


class Purchase(models.Model):
    """An order or a contract as another system wrote it down.

    It names its buyer by `mail`, `phone` and `customer` (their number), each written as
    `recognising.normal` does and empty where it is not known; whose it is is looked up whenever
    somebody asks, so a merge or a correction moves nothing.
    """

    class Sort(models.TextChoices):
        """What it is."""

        ORDER = "order", _in("bought", "Order")
        CONTRACT = "contract", _("Contract")

    number = models.CharField(max_length=80, unique=True)
    sort = models.CharField(max_length=8, choices=Sort, default=Sort.ORDER)
    mail = models.CharField(max_length=255, blank=True)
    phone = models.CharField(max_length=32, blank=True)
    customer = models.CharField(max_length=80, blank=True)
    title = models.CharField(max_length=200, blank=True)
    amount = models.DecimalField(max_digits=15, decimal_places=2, null=True)
    day = models.DateField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["mail"], condition=~Q(mail=""), name="people_purchase_mail"),
            models.Index(fields=["phone"], condition=~Q(phone=""), name="people_purchase_phone"),
            models.Index(
                fields=["customer"], condition=~Q(customer=""), name="people_purchase_customer"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sort} {self.number}"


class Apart(models.Model):
    """A member looked at two people who seem to be one, and said that they are two."""

    first = models.ForeignKey(Person, models.CASCADE, related_name="+")
    second = models.ForeignKey(Person, models.CASCADE, related_name="+")
    member = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="people_one_apart"),
            models.CheckConstraint(
                condition=Q(first__lt=F("second")), name="people_apart_in_order"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.first_id} is not {self.second_id}"


class Tombstone(models.Model):
    """An account that was forgotten and must not come back; see `tombstones`."""

    digest = models.CharField(max_length=64, unique=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.digest[:12]


class Erasure(Leased):
    """Somebody is being forgotten: due work, finished when `finished_at` is set.

    `people` are ids and nothing else. `mentions` and `files` are what was found of them, written
    down before anything is deleted, so that whoever goes on after a crash still knows; they are
    emptied at the end. `visits` names what was under way when the tombstones were written and may
    still bring something: a name and the fence it worked under. `counts` is how much went.
    """

    people = models.JSONField(default=list)
    member = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    visits = models.JSONField(default=dict)
    mentions = models.JSONField(default=list)
    files = models.JSONField(default=list)
    counts = models.JSONField(default=dict)
    step = models.PositiveSmallIntegerField(default=0)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["due_at"], condition=Q(finished_at=None), name="people_leaving"),
        ]

    def __str__(self) -> str:
        return f"erasure {self.pk}"
