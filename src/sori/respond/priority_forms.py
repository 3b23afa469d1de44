"""What members write into the page of priorities: points, and from where on they are given."""

from dataclasses import fields
from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from sori.respond.priority import Weights

MOST: Final = 100
FARTHEST: Final = 2**31 - 1
BOUNDS: Final = ("far_reach", "high_value")
LABELS: Final = {
    "urgent": _("Each step of urgency"),
    "complaint": _("A complaint"),
    "question": _("A question"),
    "reach": _("Heard by many"),
    "public": _("Said in public"),
    "low_rating": _("One or two stars"),
    "value": _("A valued customer"),
    "age": _("Waiting for 1 hour, 4 hours, a day, three days: each"),
    "promise": _("A promise due within an hour"),
    "surge": _("Part of a surge"),
    "far_reach": _("Many are, in followers"),
    "high_value": _("Valued is, per year from"),
}


class WeightsForm(forms.Form):
    """Points for everything that speaks for a case."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for one in fields(Weights):
            most = FARTHEST if one.name in BOUNDS else MOST
            self.fields[one.name] = forms.IntegerField(
                label=LABELS[one.name],
                min_value=0,
                max_value=most,
                widget=forms.NumberInput({"inputmode": "numeric"}),
            )

    def weights(self) -> Weights:
        """What was written, once it is valid."""
        return Weights(**self.cleaned_data)
