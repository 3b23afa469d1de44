"""A person, and their accounts."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Person(models.Model):
    """Somebody who speaks to us or about us.

    A merge is a pointer (`merged_into`), never a move, so that it can be undone exactly.
    """

    name = models.CharField(_("name"), max_length=160, blank=True)
    merged_into = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="merged"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.name or f"#{self.pk}"


class Identity(models.Model):
    """An account on one channel; belongs to one person."""

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

    def __str__(self) -> str:
        return f"{self.channel}:{self.external_id}"
