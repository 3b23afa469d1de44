"""One table: what happened."""

from typing import Any, NoReturn

from django.conf import settings
from django.db import models

APPEND_ONLY = "the journal is append-only"


class Event(models.Model):
    """Something that happened, written in the same transaction as the thing itself.

    `kind` is a past-tense name such as "case.opened"; `about` names the subject as "case:12",
    which is also the topic live listeners subscribe to. An event is never changed, never deleted.
    """

    at = models.DateTimeField(db_index=True)
    kind = models.CharField(max_length=48)
    about = models.CharField(max_length=64)
    member = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    data = models.JSONField(default=dict)

    class Meta:
        ordering = ["id"]
        indexes = [
            models.Index(fields=["kind", "at"], name="journal_kind_at"),
            models.Index(fields=["about", "id"], name="journal_about"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.about}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Write it once."""
        if not self._state.adding:
            raise TypeError(APPEND_ONLY)
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:  # noqa: ARG002 (Django's signature)
        """Refused: the journal is append-only."""
        raise TypeError(APPEND_ONLY)
