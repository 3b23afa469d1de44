"""Which addresses took no mail of ours."""

from django.db import models


class Bounce(models.Model):
    """A mail server sent an answer back: to this address, for this reason.

    `address` is where the answer went, not what the report names, and written as
    `channels.mail.addresses.normal` does. `status` is as RFC 3463 numbers it, empty where none was
    given; `lasting` says that the address will take no other mail either. It goes with the answer
    when the person is forgotten.
    """

    answer = models.ForeignKey("respond.Message", models.CASCADE, related_name="bounces")
    address = models.CharField(max_length=255)
    status = models.CharField(max_length=12, blank=True)
    lasting = models.BooleanField(default=False)
    mention = models.CharField(max_length=40)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["address", "-at"], name="respond_bounce_address")]
        constraints = [
            models.UniqueConstraint(fields=["answer", "mention"], name="respond_one_bounce"),
        ]

    def __str__(self) -> str:
        return f"{self.address} {self.status}".strip()
