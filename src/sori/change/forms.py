"""What people may say about themes; what they misspell is left out."""

from collections.abc import Iterable
from typing import ClassVar, Final

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy as _in

from sori.change import dividing
from sori.change.listing import SORTS, STATES, Wanted
from sori.change.models import Dismissal, Theme
from sori.change.tallies import KIND_ORDER
from sori.change.weighing import Weights
from sori.change.weight_forms import EFFORTS
from sori.mention import is_id

_WORDS: Final = 80
_WORD: Final = 40


class NameForm(forms.ModelForm):  # type: ignore[type-arg]  # (not subscriptable at run time)
    """What a theme is called; nothing gives it back to the machine."""

    class Meta:
        model = Theme
        fields = ("name",)

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["name"].required = False

    def clean_name(self) -> str:
        """The name in one line."""
        return " ".join(str(self.cleaned_data["name"]).split())


class ThemeChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    """One of the themes, by name and number."""

    def label_from_instance(self, theme: Theme) -> str:
        """What the list of choices says."""
        return f"{theme.name} #{theme.pk}"


class OtherForm(forms.Form):
    """Another theme than this one; only one that stands by itself."""

    other = ThemeChoice(
        queryset=Theme.objects.none(), label=_in("what people say", "Theme"), empty_label=None
    )

    def __init__(self, *args: object, theme: Theme, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        standing = Theme.objects.filter(merged_into=None, hidden=False).exclude(pk=theme.pk)
        self.fields["other"].queryset = standing.order_by("-voices", "name")  # type: ignore[attr-defined]


class DismissForm(forms.ModelForm):  # type: ignore[type-arg]
    """Why nothing follows from a theme."""

    class Meta:
        model = Dismissal
        fields = ("reason", "words")
        labels: ClassVar = {"reason": _in("dismissed", "Why"), "words": _("In your own words")}
        widgets: ClassVar = {"words": forms.Textarea({"rows": 3})}


class EffortForm(forms.ModelForm):  # type: ignore[type-arg]
    """How much work a change would be; nothing says that nobody knows."""

    class Meta:
        model = Theme
        fields = ("effort",)

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["effort"].choices = list(EFFORTS.items())  # type: ignore[attr-defined]
        self.fields["effort"].required = False


class SplitForm(forms.Form):
    """Which voices of a theme are a theme of their own: by words, by the sentences themselves."""

    name = forms.CharField(label=_("Name of the new theme"), max_length=120)
    words = forms.CharField(
        label=_("Words, with commas between them"),
        help_text=_("A voice that says one of them belongs to the new theme, now and later."),
        max_length=dividing.MOST_WORDS * (_WORD + 2),
        required=False,
    )

    def clean_name(self) -> str:
        """The name in one line."""
        return " ".join(str(self.cleaned_data["name"]).split())

    def clean_words(self) -> list[str]:
        """The words, each once."""
        return read_words(str(self.cleaned_data["words"]))


def read_words(written: str) -> list[str]:
    """What stands between commas, each once, in one line."""
    words = (" ".join(one.split())[:_WORD] for one in written.replace("\0", "").split(","))
    return list(dict.fromkeys(filter(None, words)))[: dividing.MOST_WORDS]


def read_voices(chosen: Iterable[str]) -> list[str]:
    """Those of some texts that can be ids of mentions."""
    return [one for one in dict.fromkeys(chosen) if is_id(one)][: dividing.MOST_VOICES]


def read_wanted(asked: QueryDict, tried: Weights | None = None) -> Wanted:
    """Which themes an address asks for, weighed by which points."""

    def one_of(name: str, known: tuple[str, ...]) -> str:
        value = asked.get(name, "")
        return value if value in known else ""

    return Wanted(
        state=one_of("state", STATES) or STATES[0],
        kind=one_of("kind", KIND_ORDER),
        channel=asked.get("channel", "")[:32],
        words=asked.get("q", "").replace("\0", "").strip()[:_WORDS],
        sort=one_of("sort", SORTS) or SORTS[0],
        own=asked.get("campaigns") == "no",
        tried=tried,
    )


class GroupAnswerForm(forms.Form):
    """One text for many: to be looked at for each, changed again, or sent."""

    STEPS = ("look", "change", "send")

    body = forms.CharField(max_length=20_000)
    token = forms.RegexField(r"^[\w-]{16,64}$")
    step = forms.ChoiceField(choices=[(step, "") for step in STEPS])
