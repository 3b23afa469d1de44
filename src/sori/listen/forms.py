"""Forms of the listening room."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from sori.errors import LanguageError
from sori.listen.language import parse
from sori.listen.models import Query, Source
from sori.people.recognising import PHONE, normal


class SourceForm(forms.ModelForm):  # type: ignore[type-arg]  # (not subscriptable at run time)
    """What every source has, whatever its channel."""

    class Meta:
        model = Source
        fields = ("name", "department", "keep", "interval")
        help_texts = {
            "keep": _("A public place may be kept whole, or only what a listening rule matches."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _may_be_none(self.fields["department"])
        self.fields["interval"].min_value = 5  # type: ignore[attr-defined]


class QueryForm(forms.ModelForm):  # type: ignore[type-arg]
    """A listening rule; what cannot be read is said with its place."""

    class Meta:
        model = Query
        fields = ("name", "expression", "department", "active")
        widgets = {
            "expression": forms.Textarea(
                attrs={"rows": 3, "spellcheck": "false", "autocapitalize": "off"}
            )
        }
        help_texts = {
            "expression": _("For example: 환불 AND (지연 OR “안 와”) NOT 광고"),
            "department": _("Who answers for what it hears."),
        }

    def clean_expression(self) -> str:
        """The rule, if it can be read."""
        expression: str = self.cleaned_data["expression"]
        try:
            parse(expression)
        except LanguageError as error:
            place = gettext("at character %(number)d") % {"number": error.position + 1}
            raise forms.ValidationError(f"{gettext(str(error))} ({place})") from error
        return expression

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _may_be_none(self.fields["department"])


def _may_be_none(field: Any) -> None:
    field.required, field.empty_label = False, _("None")


class CallForm(forms.Form):
    """A call or a visit, as the member who talked writes it down.

    Args:
        sources: the sources of calls that are not paused.
    """

    key = forms.UUIDField(widget=forms.HiddenInput)
    call = forms.CharField(max_length=100, required=False, widget=forms.HiddenInput)
    source = forms.ModelChoiceField(Source.objects.none(), label=_("Source"), empty_label=None)
    way = forms.ChoiceField(
        label=_("How they came"),
        choices=[("phone", _("By telephone")), ("counter", _("At the counter"))],
        widget=forms.RadioSelect,
    )
    phone = forms.CharField(
        label=_("Phone number"),
        max_length=32,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "tel"}),
    )
    name = forms.CharField(
        label=_("Name"),
        max_length=160,
        required=False,
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "placeholder": _("or mail, account, customer number")}
        ),
    )
    person = forms.IntegerField(required=False, min_value=1, max_value=2**53)
    text = forms.CharField(
        label=_("What they said"),
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    answered = forms.CharField(
        label=_("What you answered or promised"),
        max_length=20_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    at = forms.DateTimeField(
        label=_("When it was"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    minutes = forms.IntegerField(
        label=_("Minutes"), required=False, min_value=0, max_value=7 * 24 * 60
    )

    def __init__(self, *args: Any, sources: QuerySet[Source], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        place: Any = self.fields["source"]
        place.queryset = sources
        place.initial = sources.first()
        if sources.count() == 1:
            place.widget = place.hidden_widget()
        first = "text" if self["phone"].value() else "phone"
        self.fields[first].widget.attrs["autofocus"] = True

    def clean_phone(self) -> str:
        """The number, if it is one."""
        phone: str = self.cleaned_data["phone"]
        if phone and not normal(PHONE, phone):
            raise forms.ValidationError(gettext("This is no telephone number."))
        return phone

    def clean_at(self) -> datetime:
        """The time, which is not ahead."""
        at: datetime = self.cleaned_data["at"]
        if at > timezone.now() + timedelta(minutes=1):
            raise forms.ValidationError(gettext("This is still to come."))
        return at

    def body(self) -> dict[str, Any]:
        """What was written, as the channel reads it."""
        said = self.cleaned_data
        kept = {name: said[name] for name in ("way", "phone", "name", "text", "answered", "call")}
        minutes = said["minutes"]
        return kept | {
            "at": said["at"].isoformat(),
            "seconds": minutes if minutes is None else minutes * 60,
        }


class PublicForm(forms.Form):
    """What a visitor may write; drawn from the settings of the source.

    Args:
        asks: the settings of the web form.
    """

    name = forms.CharField(label=_("Name"), max_length=200, required=False)
    email = forms.EmailField(label=_("E-mail"), max_length=254, required=False)
    topic = forms.ChoiceField(label=_("What is it about?"), required=False)
    subject = forms.CharField(label=_("Subject"), max_length=200, required=False)
    text = forms.CharField(
        label=_("Your message"), max_length=20_000, widget=forms.Textarea(attrs={"rows": 6})
    )
    # people do not see this field; programs that fill everything do
    website = forms.CharField(required=False, label=_("Leave this empty"))

    def __init__(self, *args: Any, asks: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, hint in (("name", "name"), ("email", "email")):
            self.fields[name].widget.attrs["autocomplete"] = hint
        if asks.ask_email == "no":
            del self.fields["email"]
        elif asks.ask_email == "required":
            self.fields["email"].required = True
        if asks.topics:
            choices = [("", "–"), *((topic, topic) for topic in asks.topics)]
            self.fields["topic"].choices = choices  # type: ignore[attr-defined]
        else:
            del self.fields["topic"]

    @property
    def trapped(self) -> bool:
        """Whether the field that people do not see was filled in."""
        return bool(self.cleaned_data.get("website"))

    def body(self) -> dict[str, str]:
        """What was written, as the channel reads it."""
        return {name: value for name, value in self.cleaned_data.items() if name != "website"}
