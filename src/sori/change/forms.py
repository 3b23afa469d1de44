"""What people may say about themes; what they misspell is left out."""

from typing import Final

from django import forms
from django.http import QueryDict
from django.utils.translation import pgettext_lazy as _in

from sori.change.listing import KIND_ORDER, SORTS, STATES, Wanted
from sori.change.models import Theme

_WORDS: Final = 80


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


def read_wanted(asked: QueryDict) -> Wanted:
    """Which themes an address asks for."""

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
    )


class GroupAnswerForm(forms.Form):
    """One text for many: to be looked at for each, changed again, or sent."""

    STEPS = ("look", "change", "send")

    body = forms.CharField(max_length=20_000)
    token = forms.RegexField(r"^[\w-]{16,64}$")
    step = forms.ChoiceField(choices=[(step, "") for step in STEPS])
