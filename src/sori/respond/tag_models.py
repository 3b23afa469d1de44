"""Tags: words of the company's own that cases are sorted by."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Tag(models.Model):
    """One word a case can carry.

    `key` is the name as it is compared, so that no two tags differ in capitals alone. A tag that
    was merged into another stays as a pointer: whoever types its name, and every rule that names
    it, means the other.
    """

    class Colour(models.TextChoices):
        """How its chip is painted; the words always stand in it too."""

        GREY = "grey", _("Grey")
        PURPLE = "purple", _("Purple")
        BLUE = "blue", _("Blue")
        GREEN = "green", _("Green")
        AMBER = "amber", _("Amber")
        RED = "red", _("Red")

    name = models.CharField(_("name"), max_length=40)
    key = models.CharField(max_length=160, unique=True, editable=False)
    colour = models.CharField(_("colour"), max_length=8, choices=Colour, default=Colour.GREY)
    merged_into = models.ForeignKey("self", models.CASCADE, null=True, related_name="merged")

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class CaseTag(models.Model):
    """That a case carries a tag; `member` is null where a rule put it there."""

    case = models.ForeignKey("respond.Case", models.CASCADE, related_name="case_tags")
    tag = models.ForeignKey(Tag, models.CASCADE, related_name="case_tags")
    member = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "tag"], name="respond_one_tag_a_case"),
        ]
        indexes = [models.Index(fields=["tag", "case"], name="respond_case_of_tag")]

    def __str__(self) -> str:
        return f"{self.tag_id} on {self.case_id}"
