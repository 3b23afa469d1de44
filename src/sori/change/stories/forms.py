"""Forms of stories: the words in one language, and why a quote may be shown."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy as _in

from sori.change.stories.models import Story


def _area(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows, "spellcheck": "true"})


class WordsForm(forms.Form):
    """A story in one language; `base` is the version the writer began with."""

    title = forms.CharField(label=_("Title"), max_length=120)
    said = forms.CharField(label=_in("story", "You said"), max_length=600, widget=_area(4))
    changed = forms.CharField(label=_in("story", "We changed"), max_length=1200, widget=_area(6))
    numbers = forms.CharField(
        label=_in("story", "In numbers"), max_length=400, required=False, widget=_area(3)
    )
    quote = forms.CharField(
        label=_in("story", "Quote"),
        max_length=300,
        required=False,
        widget=_area(2),
        help_text=_("One sentence, never with a name. Better in your own words."),
    )
    base = forms.IntegerField(widget=forms.HiddenInput, min_value=0, initial=0)

    @property
    def words(self) -> dict[str, str]:
        """What was written, for `services`."""
        names = ("title", "said", "changed", "numbers", "quote")
        return {name: self.cleaned_data[name] for name in names}


class QuoteForm(forms.Form):
    """Why the quote may be shown, and whose it is."""

    how = forms.ChoiceField(
        label=_("Why may it be shown?"), choices=Story.Quote.choices, required=False
    )
    mention = forms.CharField(max_length=40, required=False)

    def clean(self) -> dict[str, Any]:
        """Nothing is chosen without a reason."""
        said = super().clean() or {}
        return {"how": said.get("how", ""), "mention": said.get("mention", "")}
