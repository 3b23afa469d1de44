"""What the pages of notifications take: what a member chooses, and where messengers are."""

from collections.abc import Iterator
from datetime import time
from typing import Any, Final
from zoneinfo import available_timezones

from django import forms
from django.conf import settings
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from sori.notifications.deciding import APP, CHAT, MAIL, WAYS
from sori.notifications.gathering import rhythm_of
from sori.notifications.models import Choice
from sori.notifications.occasions import GROUPS, OCCASIONS, SHARED, offered, ways_of
from sori.notifications.quiet import AT_ONCE, DAILY, HOURLY, NEVER
from sori.respond.clock_forms import WEEK

WAY_WORDS: Final = ((APP, _("In Sori")), (MAIL, _("Mail")), (CHAT, _("Messenger")))
RHYTHM_WORDS: Final = (
    (AT_ONCE, _("At once")),
    (HOURLY, _("Every hour")),
    (DAILY, _("Once a day")),
    (NEVER, _("No mail")),
)
DAYS: Final = tuple((str(number), label) for number, (_name, label) in enumerate(WEEK))
_CLOCK: Final = {"type": "time"}


class ChoiceForm(forms.Form):
    """What a member wants to hear of, by which ways, how often, and when not.

    Args:
        role: the member's; it decides what is offered.
        choice: what they chose before.
    """

    daily_at = forms.TimeField(label=_("Daily mail at"), widget=forms.TimeInput(_CLOCK))
    quiet_since = forms.TimeField(
        label=_("Quiet from"), required=False, widget=forms.TimeInput(_CLOCK)
    )
    quiet_until = forms.TimeField(label=_("until"), required=False, widget=forms.TimeInput(_CLOCK))
    quiet_days = forms.MultipleChoiceField(
        label=_("On these days"),
        required=False,
        choices=DAYS,
        widget=forms.CheckboxSelectMultiple,
    )
    zone = forms.CharField(label=_("Time zone"), max_length=64)
    at_work_only = forms.BooleanField(
        label=_("Outside the working hours of my department, nothing leaves Sori"), required=False
    )
    escalations_pass = forms.BooleanField(
        label=_("Escalations reach me all the same"), required=False
    )

    def __init__(self, *args: Any, role: str, choice: Choice, **kwargs: Any) -> None:
        self.role = role
        kwargs["initial"] = _written(choice)
        super().__init__(*args, **kwargs)
        chosen = ways_of(role, choice.ways)
        for name in offered(role):
            self.fields[f"way_{name}"] = forms.MultipleChoiceField(
                label=gettext(OCCASIONS[name].words),
                required=False,
                choices=WAY_WORDS,
                initial=[way for way in WAYS if way in chosen[name]],
            )
        for group, (words, _usual) in GROUPS.items():
            self.fields[f"rhythm_{group}"] = forms.ChoiceField(
                label=gettext(words), choices=RHYTHM_WORDS, initial=rhythm_of(choice, group)
            )

    def matrix(self) -> Iterator[dict[str, Any]]:
        """The groups with what they hold: words, rhythm (a bound field), and rows of name, icon,
        words and ways (each with its way, word and whether it is chosen)."""
        names = offered(self.role)
        for group, (words, _usual) in GROUPS.items():
            rows = [self._row(name) for name in names if OCCASIONS[name].group == group]
            if rows:
                yield {"words": gettext(words), "rhythm": self[f"rhythm_{group}"], "rows": rows}

    def clean_zone(self) -> str:
        """A time zone that exists."""
        zone = str(self.cleaned_data["zone"])
        if zone not in available_timezones():
            raise forms.ValidationError(gettext("There is no such time zone."))
        return zone

    def clean(self) -> dict[str, Any]:
        """Quiet hours need both ends."""
        said = super().clean() or {}
        if (said.get("quiet_since") is None) != (said.get("quiet_until") is None):
            self.add_error("quiet_until", gettext("Quiet hours need a beginning and an end."))
        return said

    def chosen(self) -> dict[str, Any]:
        """The fields of `Choice`; only what differs from what is usual is kept."""
        said = self.cleaned_data
        ways = {name: frozenset(said[f"way_{name}"]) for name in offered(self.role)}
        rhythms = {group: said[f"rhythm_{group}"] for group in GROUPS}
        return {
            "ways": {
                name: [way for way in WAYS if way in some]
                for name, some in ways.items()
                if some != OCCASIONS[name].ways(self.role)
            },
            "rhythms": {name: one for name, one in rhythms.items() if one != GROUPS[name][1]},
            "daily_at": _minutes(said["daily_at"]),
            "zone": "" if said["zone"] == settings.TIME_ZONE else said["zone"],
            "quiet_since": _minutes(said["quiet_since"]),
            "quiet_until": _minutes(said["quiet_until"]),
            "quiet_days": [int(one) for one in said["quiet_days"]],
            "at_work_only": said["at_work_only"],
            "escalations_pass": said["escalations_pass"],
        }

    def _row(self, name: str) -> dict[str, Any]:
        chosen = self[f"way_{name}"].value() or ()
        return {
            "name": f"way_{name}",
            "icon": OCCASIONS[name].icon,
            "words": gettext(OCCASIONS[name].words),
            "ways": [(way, word, way in chosen) for way, word in WAY_WORDS],
        }


class OutletForm(forms.Form):
    """A messenger of one's own."""

    name = forms.CharField(label=_("Name"), max_length=80)
    address = forms.CharField(
        label=_("Address"),
        max_length=2_000,
        widget=forms.TextInput(
            {
                "autocomplete": "off",
                "spellcheck": "false",
                "placeholder": "https://hooks.slack.com/…",
            }
        ),
        help_text=_("It is kept encrypted and never shown again."),
    )


class HeardForm(forms.Form):
    """What a room that the company shares hears."""

    occasions = forms.MultipleChoiceField(
        label=_("What is told there"),
        choices=[(name, _(OCCASIONS[name].words)) for name in SHARED],
        widget=forms.CheckboxSelectMultiple,
    )
    words = forms.BooleanField(
        label=_("Customers' words may go there"),
        required=False,
        help_text=_("Then the subject stands beside each message; otherwise only its number."),
    )


class RoomForm(HeardForm, OutletForm):
    """A room that the company shares."""

    field_order = ("name", "address", "occasions", "words")


def _written(choice: Choice) -> dict[str, Any]:
    """What somebody chose, as the form shows it; what is not offered is not shown."""
    return {
        "daily_at": _clock(choice.daily_at),
        "quiet_since": _clock(choice.quiet_since),
        "quiet_until": _clock(choice.quiet_until),
        "quiet_days": [str(one) for one in choice.quiet_days] or [one for one, _label in DAYS],
        "zone": choice.zone or settings.TIME_ZONE,
        "at_work_only": choice.at_work_only,
        "escalations_pass": choice.escalations_pass,
    }


def _minutes(at: time | None) -> int | None:
    return None if at is None else at.hour * 60 + at.minute


def _clock(minutes: int | None) -> time | None:
    return None if minutes is None else time(minutes // 60, minutes % 60)
