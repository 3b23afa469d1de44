"""Forms of notices: the words, from when on it is shown, and one more word."""

from datetime import datetime
from typing import Any, Final

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy as _in

from sori.change import surging
from sori.change.initiatives.models import Initiative
from sori.change.models import Surge, Theme
from sori.change.notices.models import Notice
from sori.listen.models import Query

LONGEST: Final = 1_000
MOST_WORDS: Final = 10
_THEMES: Final = 200
_KEY: Final = 80
_FORMAT: Final = "%Y-%m-%dT%H:%M"


def _moment(label: Any, help_text: Any = "") -> forms.DateTimeField:
    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format=_FORMAT)
    return forms.DateTimeField(label=label, required=False, widget=widget, help_text=help_text)


def _text(label: Any, rows: int, *, required: bool = True, lang: str = "ko") -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows, "lang": lang})
    return forms.CharField(label=label, max_length=LONGEST, required=required, widget=widget)


class NoticeForm(forms.Form):
    """All that a notice says, where, and what it answers."""

    kind = forms.ChoiceField(label=_("What it is"), choices=Notice.Kind.choices)
    title = forms.CharField(
        label=_in("of a notice", "Headline"),
        max_length=120,
        widget=forms.TextInput(attrs={"lang": "ko"}),
    )
    what = _text(_("What is happening"), 4)
    doing = _text(_("What we do about it"), 3, required=False)
    title_en = forms.CharField(
        label=_in("of a notice", "Headline in English"),
        max_length=120,
        required=False,
        widget=forms.TextInput(attrs={"lang": "en"}),
    )
    what_en = _text(_("What is happening, in English"), 4, required=False, lang="en")
    doing_en = _text(_("What we do about it, in English"), 3, required=False, lang="en")
    next_word_at = _moment(
        _("Next word by"), _("When we promise to say more, even if nothing is new.")
    )
    shown_from = _moment(_("Show from"), _("Empty: as soon as it is approved."))
    shown_until = _moment(_("Show until"), _("Empty: until somebody ends it."))
    places = forms.MultipleChoiceField(
        label=_("Where it is shown"),
        choices=Notice.Place.choices,
        widget=forms.CheckboxSelectMultiple,
    )
    topic = forms.ChoiceField(
        label=_("Theme or listening rule"),
        required=False,
        help_text=_("Cases about this are offered its words, and its questions are counted."),
    )
    words = forms.CharField(
        label=_("Words of those who ask"),
        max_length=400,
        required=False,
        help_text=_("Separated by commas. A case in which one of them stands is offered it, too."),
    )
    surge = forms.IntegerField(required=False, widget=forms.HiddenInput)
    initiative = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        topic: Any = self.fields["topic"]
        topic.choices = _topics(str(self["topic"].value() or ""))

    def clean_words(self) -> list[str]:
        """The words, one by one."""
        said = self.cleaned_data["words"].replace("\0", "").split(",")
        words = [" ".join(word.split()) for word in said if word.strip()]
        if len(words) > MOST_WORDS:
            raise forms.ValidationError(_("Ten words at most."))
        return words

    def clean(self) -> dict[str, Any]:
        """What belongs together: the times, and both halves of the English words."""
        said = super().clean() or {}
        begin, end = said.get("shown_from"), said.get("shown_until")
        if begin and end and end <= begin:
            self.add_error("shown_until", _now("It would end before it begins."))
        if bool(said.get("title_en")) != bool(said.get("what_en")):
            field = "what_en" if said.get("title_en") else "title_en"
            self.add_error(field, _now("In English it needs a headline and what is happening."))
        return said

    @property
    def fields_of_notice(self) -> dict[str, Any]:
        """What was written, for `services`."""
        said = dict(self.cleaned_data)
        said["sort"], _colon, said["key"] = said.pop("topic").partition(":")
        surge, initiative = said.pop("surge"), said.pop("initiative")
        said["surge"] = Surge.objects.filter(pk=surge).first() if surge else None
        said["initiative"] = (
            Initiative.objects.filter(pk=initiative).first() if initiative else None
        )
        return said


class UpdateForm(forms.Form):
    """One more word, and when there will be another."""

    words = forms.CharField(
        label=_("What is new"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2, "lang": "ko"}),
    )
    words_en = forms.CharField(
        label=_("What is new, in English"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2, "lang": "en"}),
    )
    next_word_at = _moment(_("Next word by"))


def initial(fields: dict[str, Any]) -> dict[str, Any]:
    """Fields of a notice as the form shows them."""
    found = dict(fields)
    found["words"] = ", ".join(found.get("words") or [])
    found["topic"] = f"{found.pop('sort', '')}:{found.pop('key', '')}".strip(":")
    for name in ("next_word_at", "shown_from", "shown_until"):
        moment = found.get(name)
        if isinstance(moment, datetime):
            found[name] = timezone.localtime(moment)
    return found


def of_notice(notice: Notice) -> dict[str, Any]:
    """What a notice says, as the form shows it."""
    names = (
        "kind", "title", "what", "doing", "title_en", "what_en", "doing_en", "next_word_at",
        "shown_from", "shown_until", "places", "words", "sort", "key",
    )  # fmt: skip
    fields = {name: getattr(notice, name) for name in names}
    return initial(fields | {"surge": notice.surge_id, "initiative": notice.initiative_id})


def _topics(held: str) -> list[Any]:
    """What a notice may answer: the themes, the listening rules, and what it answers already."""
    themes = Theme.objects.filter(merged_into=None, hidden=False, state=Theme.State.ACTIVE)
    rows = themes.order_by("-people", "pk").values_list("pk", "name")[:_THEMES]
    rules = Query.objects.filter(active=True).order_by("name").values_list("pk", "name")
    theme, query = Surge.Sort.THEME.value, Surge.Sort.QUERY.value
    groups: list[Any] = [
        ("", _now("Nothing that is counted")),
        (_now("Themes"), [(f"{theme}:{pk}", name) for pk, name in rows]),
        (_now("Listening rules"), [(f"{query}:{pk}", name) for pk, name in rules]),
    ]
    known = {value for _name, group in groups[1:] for value, _word in group}
    sort, _colon, key = held.partition(":")
    if held not in known and (name := name_of(sort, key)):
        groups.insert(1, (held, name))
    return groups


def name_of(sort: str, key: str) -> str:
    """What it is called that a notice answers; "" for nothing, or nothing that is counted."""
    if sort == Surge.Sort.ALL:
        return _now("All voices")
    if sort not in Surge.Sort.values or not 0 < len(key) <= _KEY:
        return ""
    if sort != Surge.Sort.TOPIC and not (key.isascii() and key.isdecimal() and len(key) < 19):
        return ""
    return surging.name_of(Surge(sort=sort, key=key)) or f"#{key}"
