"""What a member writes for those who asked: texts in two languages, the pace, the quiet hours."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import time
from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy as _in

from sori.change.loops.models import MORNING, NIGHT
from sori.change.loops.services import LONGEST, MOST_A_MINUTE
from sori.change.loops.wording import LANGUAGES, Text

_CLOCK: Final = {"type": "time"}
_PARTS: Final = ("opening", "body", "short")


def _words(label: Any, rows: int) -> forms.CharField:
    box = forms.Textarea(attrs={"rows": rows, "spellcheck": "true"})
    return forms.CharField(label=label, max_length=LONGEST, required=False, widget=box)


class TextForm(forms.Form):
    """The texts of a telling and how it goes out."""

    ko_opening = _words(_in("loop", "Personal first line"), 2)
    ko_body = _words(_in("loop", "Text"), 6)
    ko_short = _words(_in("loop", "Short form"), 2)
    en_opening = _words(_in("loop", "Personal first line"), 2)
    en_body = _words(_in("loop", "Text"), 6)
    en_short = _words(_in("loop", "Short form"), 2)
    per_minute = forms.IntegerField(
        label=_("At most so many a minute by each channel"),
        min_value=1,
        max_value=MOST_A_MINUTE,
        initial=30,
    )
    quiet_from = forms.TimeField(label=_("Quiet from"), widget=forms.TimeInput(_CLOCK))
    quiet_until = forms.TimeField(label=_("until"), widget=forms.TimeInput(_CLOCK))

    @classmethod
    def beginning(cls, texts: Mapping[str, Text], **fields: Any) -> "TextForm":
        """A form that shows texts and the hours, not bound."""
        initial = {
            f"{language}_{part}": words
            for language, text in texts.items()
            for part, words in asdict(text).items()
        }
        hours = {"quiet_from": _time(NIGHT), "quiet_until": _time(MORNING)}
        return cls(initial=initial | hours | fields)

    @property
    def texts(self) -> dict[str, Text]:
        """What was written, by language."""
        said = self.cleaned_data
        return {one: Text(*(said[f"{one}_{part}"] for part in _PARTS)) for one in LANGUAGES}

    @property
    def quiet(self) -> tuple[int, int]:
        """The quiet hours in minutes after midnight."""
        begin, end = self.cleaned_data["quiet_from"], self.cleaned_data["quiet_until"]
        return begin.hour * 60 + begin.minute, end.hour * 60 + end.minute

    def of(self, language: str) -> list[forms.BoundField]:
        """The fields of one language."""
        return [self[f"{language}_{part}"] for part in _PARTS]


class ApprovalForm(forms.Form):
    """How many people the page said would be told."""

    expected = forms.IntegerField(min_value=1)


def hours_of(since: int, until: int) -> dict[str, time]:
    """Quiet hours as the fields of the form show them."""
    return {"quiet_from": _time(since), "quiet_until": _time(until)}


def _time(minutes: int) -> time:
    return time(minutes // 60, minutes % 60)
