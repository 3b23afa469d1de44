"""What a person signed of a single mention that nothing else had taken up."""

from django.conf import settings
from django.db import models
from django.utils.translation import pgettext_lazy as _in


class Ending(models.Model):
    """Somebody read a mention that fell into no theme and no case, and signs what becomes of it.

    `why` is in the member's own words. It is forgotten together with the mention.
    """

    class Verdict(models.TextChoices):
        """What becomes of it."""

        KEPT = "kept", _in("ending", "Read and kept")
        DECLINED = "declined", _in("ending", "Nothing will come of it")

    mention = models.CharField(max_length=40, unique=True)
    verdict = models.CharField(max_length=8, choices=Verdict)
    why = models.CharField(max_length=400)
    member = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.verdict} {self.mention}"
