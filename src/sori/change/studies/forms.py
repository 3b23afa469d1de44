"""The form of a study: what somebody wants to know, of which voices, and of which days."""

from datetime import date, timedelta
from typing import Any, Final

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy as _in

from sori.errors import LanguageError
from sori.listen.language import parse

LONGEST: Final = 2_000
DAYS: Final = 90
MOST_DAYS: Final = 731


def _rule(label: Any, help_text: Any, *, required: bool) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": 2, "spellcheck": "false"})
    return forms.CharField(
        label=label, max_length=LONGEST, required=required, widget=widget, help_text=help_text
    )


def _day(label: Any) -> forms.DateField:
    return forms.DateField(label=label, widget=forms.DateInput(attrs={"type": "date"}))


class StudyForm(forms.Form):
    """What to gather."""

    name = forms.CharField(label=_in("of a study", "Name"), max_length=120)
    question = forms.CharField(label=_("What do you want to know?"), max_length=400, required=False)
    rule = _rule(
        _("Which voices?"),
        _("Written like a listening rule: (eSIM OR 이심) NOT 중고"),
        required=True,
    )
    rule_name = forms.CharField(label=_("In a word"), max_length=60)
    rival = _rule(
        _("Compare with"),
        _("A second rule, for a rival or for what is there already."),
        required=False,
    )
    rival_name = forms.CharField(label=_("In a word"), max_length=60, required=False)
    since = _day(_("From day"))
    until = _day(_("To day"))

    def clean_rule(self) -> str:
        """A rule that can be read."""
        return _readable(self.cleaned_data["rule"])

    def clean_rival(self) -> str:
        """None, or one that can be read."""
        return _readable(self.cleaned_data["rival"])

    def clean(self) -> dict[str, Any]:
        """What belongs together: the days, and the rival with its name."""
        said = super().clean() or {}
        since, until = said.get("since"), said.get("until")
        if since and until:
            if until < since:
                self.add_error("until", _now("The last day is before the first."))
            elif (until - since).days >= MOST_DAYS:
                self.add_error("since", _now("Two years at most."))
        if said.get("rival") and not said.get("rival_name"):
            self.add_error("rival_name", _now("Say in a word what this is."))
        if not said.get("rival"):
            said["rival_name"] = ""
        return said


def initial(rule: str = "", today: date | None = None) -> dict[str, Any]:
    """A study of the last three months."""
    today = today or timezone.localdate()
    return {"rule": rule[:LONGEST], "since": today - timedelta(days=DAYS - 1), "until": today}


def _readable(rule: str) -> str:
    rule = rule.replace("\0", "").strip()
    if rule:
        try:
            parse(rule)
        except LanguageError as error:
            raise forms.ValidationError(
                _now("This rule cannot be read: %(why)s (at character %(place)d)")
                % {"why": _now(str(error)), "place": error.position + 1}
            ) from error
    return rule
