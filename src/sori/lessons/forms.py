"""What the palette, the random check, the model page and the topics may send."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from sori.lessons.choosing import is_topic, topics_like
from sori.lessons.labels import LABELS, Choice, Label

_MENTION = r"\A\d{8}[0-9a-f]{20}\Z"


class CorrectionForm(forms.Form):
    """One value of one label of one mention: `kind:complaint`.

    A topic may be named by what was `typed`: it wins over a `choice` that was offered for less of
    it, so that whoever types faster than the list comes gets what they typed.
    """

    mention = forms.RegexField(_MENTION)
    typed = forms.CharField(max_length=60, required=False)
    choice = forms.CharField(max_length=100, required=False)

    def clean_choice(self) -> tuple[Label, Choice]:
        """The label and the choice it names."""
        name, _, value = self.cleaned_data["choice"].partition(":")
        typed = self.cleaned_data.get("typed", "")
        if typed and (likely := topics_like(typed)):
            name, value = "topics", value if value in likely else likely[0]
        label = LABELS.get(name)
        choice = label and (_topic(value) if name == "topics" else label.choice(value))
        if label is None or choice is None:
            raise forms.ValidationError("no such label")
        return label, choice


def _topic(slug: str) -> Choice | None:
    return Choice(slug, slug, "", "") if is_topic(slug) else None


class RestoreForm(forms.Form):
    """The label of a mention that should read again what the machine said."""

    mention = forms.RegexField(_MENTION)
    label = forms.ChoiceField(choices=[(name, name) for name in LABELS])


class JudgementForm(forms.Form):
    """What a member says of the voice before them: everything is right, or the next one please."""

    place = forms.IntegerField(min_value=0, max_value=1000)
    verdict = forms.ChoiceField(choices=[("right", ""), ("skip", "")])


class VersionForm(forms.Form):
    """A version of the company's own heads; none is the shipped model alone."""

    version = forms.IntegerField(min_value=1, required=False)

    def clean_version(self) -> Any:
        """Its number, or None."""
        return self.cleaned_data["version"] or None


def _lines(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows, "spellcheck": "false"})


class TopicForm(forms.Form):
    """The names and phrases of one topic."""

    ko = forms.CharField(label=_("Name in Korean"), max_length=60, required=False)
    en = forms.CharField(label=_("Name in English"), max_length=60, required=False)
    phrases = forms.CharField(
        label=_("Phrases"),
        required=False,
        strip=False,
        widget=_lines(8),
        help_text=_("One a line. Korean is found inside inflected words; refund* goes on freely."),
    )
    hints = forms.CharField(
        label=_("Hints"),
        required=False,
        strip=False,
        widget=_lines(3),
        help_text=_("They count only beside another phrase of the same group."),
    )
    unless = forms.CharField(
        label=_("Not"),
        required=False,
        strip=False,
        widget=_lines(3),
        help_text=_("Longer wordings in which the phrases mean something else."),
    )


class NewTopicForm(TopicForm):
    """A topic that is not in the tree yet."""

    slug = forms.RegexField(
        r"\A[a-z][a-z0-9_]{0,39}(\.[a-z][a-z0-9_]{0,39})?\Z",
        label=_("Name in data"),
        help_text=_("Small letters, group and topic: delivery.drone. A word alone is a new group."),
    )
    field_order = ("slug", "ko", "en", "phrases", "hints", "unless")
