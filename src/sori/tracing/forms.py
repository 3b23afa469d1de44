"""The form by which a person ends a mention."""

from django import forms
from django.utils.translation import pgettext_lazy as _in

from sori.change.models import Ending
from sori.change.signing import LONGEST


class EndingForm(forms.Form):
    """What becomes of it, and why."""

    verdict = forms.ChoiceField(label=_in("ending", "What becomes of it"), choices=Ending.Verdict)
    why = forms.CharField(label=_in("ending", "Why"), max_length=LONGEST)
