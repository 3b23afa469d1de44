"""What members write into the panel of weights: points, and from where on they are all given."""

from collections.abc import Mapping
from dataclasses import asdict, fields, replace
from typing import Any, Final

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy as _in

from sori.change.models import Theme
from sori.change.weighing import BOUNDS, WORDS, Weights

MOST: Final = 40
FARTHEST: Final = 10**12
PREFIX: Final = "w"
LABELS: Final = {
    "volume": _in("weight", "Voices"),
    "people": _in("weight", "People"),
    "growth": _in("weight", "Growth"),
    "mood": _in("weight", "Mood"),
    "urgency": _in("weight", "Urgency"),
    "reach": _in("weight", "Reach"),
    "value": _in("weight", "Value at risk"),
    "effort": _in("weight", "Effort"),
    "many_voices": _("Many voices are"),
    "many_people": _("Many people are"),
    "far_reach": _("Far is, in followers"),
    "high_value": _("A high value is, per year"),
}


EFFORTS: Final = {"": _in("effort", "Unknown"), **dict(Theme.Effort.choices)}


def in_words() -> dict[str, dict[str, str]]:
    """What pages call the words and the efforts: `weight_words` and `effort_words`, said once."""
    return {
        "weight_words": {word: str(LABELS[word]) for word in WORDS},
        "effort_words": {effort: str(said) for effort, said in EFFORTS.items()},
    }


class WeightsForm(forms.Form):
    """Points for everything that speaks for a theme.

    Args:
        data: what was written, if anything was.
        kept: the points of the company, which are shown where nothing was written.
        worth: whether whoever writes may know what people are worth; others cannot move that bound,
            or they could find it out.
    """

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, kept: Weights, worth: bool
    ) -> None:
        super().__init__(data, prefix=PREFIX, initial=asdict(kept))
        self._kept = kept
        for one in fields(Weights):
            if one.name == "high_value" and not worth:
                continue
            self.fields[one.name] = _bound(one.name) if one.name in BOUNDS else _points(one.name)

    def weights(self) -> Weights:
        """What was written, once it is valid."""
        return replace(self._kept, **self.cleaned_data)


def read_weights(asked: QueryDict, kept: Weights, *, worth: bool) -> WeightsForm:
    """The panel as an address fills it; what the address does not say stays as it is kept.

    Without anything said the form is not bound.
    """
    known = asdict(kept)
    said = {name: asked[f"{PREFIX}-{name}"] for name in known if f"{PREFIX}-{name}" in asked}
    if not said:
        return WeightsForm(kept=kept, worth=worth)
    data = {f"{PREFIX}-{name}": said.get(name, value) for name, value in known.items()}
    return WeightsForm(data, kept=kept, worth=worth)


def written(tried: Weights, kept: Weights) -> Mapping[str, int]:
    """What an address must say to try these points instead of those that are kept."""
    before = asdict(kept)
    return {
        f"{PREFIX}-{name}": value for name, value in asdict(tried).items() if value != before[name]
    }


def _points(name: str) -> forms.IntegerField:
    return forms.IntegerField(
        label=LABELS[name],
        min_value=0,
        max_value=MOST,
        widget=forms.NumberInput({"type": "range", "class": "slider"}),
    )


def _bound(name: str) -> forms.IntegerField:
    return forms.IntegerField(
        label=LABELS[name],
        min_value=1,
        max_value=FARTHEST,
        widget=forms.NumberInput({"inputmode": "numeric"}),
    )
