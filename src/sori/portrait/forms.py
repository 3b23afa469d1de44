"""What the pages of people may be told."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from sori.people.models import Identifier, Person


class ProfileForm(forms.Form):
    """What somebody is to us, and what they wish."""

    name = forms.CharField(label=_("Name"), max_length=160, required=False)
    segment = forms.ChoiceField(
        label=_("Segment"),
        choices=[("", _("Not known")), *Person.Segment.choices],
        required=False,
    )
    value = forms.DecimalField(
        label=_("Value per year"), max_digits=15, decimal_places=2, min_value=0, required=False
    )
    consent = forms.ChoiceField(
        label=_("May be told news"),
        choices=[("", _("Not asked")), ("yes", _("Agreed")), ("no", _("Declined"))],
        required=False,
    )
    objection = forms.BooleanField(
        label=_("Objects to being analysed"),
        help_text=_("They are answered like everybody and left out of every figure."),
        required=False,
    )

    def __init__(self, *args: Any, currency: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if currency:
            self.fields["value"].label = f"{_('Value per year')} ({currency})"

    def clean_consent(self) -> bool | None:
        """Agreed, declined, or None where nobody asked."""
        return {"yes": True, "no": False}.get(self.cleaned_data["consent"])


class IdentifierForm(forms.Form):
    """Something that is certainly somebody's."""

    sort = forms.ChoiceField(label=_("What"), choices=Identifier.Sort.choices)
    value = forms.CharField(label=_("Value"), max_length=255)


class OtherForm(forms.Form):
    """Another person, by their number."""

    other = forms.IntegerField(label=_("Number of the other person"), min_value=1)


class FileForm(forms.Form):
    """A file of orders and contracts."""

    file = forms.FileField(
        label=_("CSV file"),
        help_text=_(
            "One row for each order or contract: number, mail, phone, customer number, title,"
            " amount, day. Only verified marks tell whose one is."
        ),
    )


class ForgetForm(forms.Form):
    """The last word before somebody is forgotten."""

    sure = forms.BooleanField(label=_("Forget them for good; this cannot be undone."))
