"""A macro on many cases at once: one of the deeds of the inbox."""

from django import forms

from sori.automation.actions import settles
from sori.automation.models import Macro
from sori.automation.services import run_macro
from sori.respond.views.bulk import DEEDS, Deed


class MacroForm(forms.Form):
    """One of the macros."""

    macro = forms.ModelChoiceField(Macro.objects.all())


def offer() -> None:
    """Let the inbox run macros on what was picked; called once at start."""
    DEEDS["macro"] = Deed(
        lambda case, by, macro: run_macro(macro=macro, case=case, member=by),
        MacroForm,
        "macro",
        "macro",
        settles=lambda macro: settles(macro.actions),
    )
