"""What the pages of clocks take: a policy, working hours."""

from typing import Any, Final
from zoneinfo import available_timezones

from django import forms
from django.conf import settings
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from sori import words
from sori.channels.registry import names as channel_names
from sori.mention import KINDS
from sori.respond.clock_models import Calendar, Policy
from sori.respond.shifts import Unreadable, read_days, read_shifts, write_days, write_shifts

WEEK: Final = (
    ("monday", _("Monday")),
    ("tuesday", _("Tuesday")),
    ("wednesday", _("Wednesday")),
    ("thursday", _("Thursday")),
    ("friday", _("Friday")),
    ("saturday", _("Saturday")),
    ("sunday", _("Sunday")),
)
COUNTRIES: Final = (
    ("", _("None")),
    ("KR", _("Korea, with substitute holidays")),
    ("JP", _("Japan")),
    ("US", _("United States")),
    ("CN", _("China")),
    ("VN", _("Vietnam")),
    ("GB", _("United Kingdom")),
    ("DE", _("Germany")),
)
OFFICE: Final = "09:00-18:00"
MOST_DAYS: Final = 366
"""With some hours in every week, so few closed days cannot close a calendar for ten years."""

LONGEST: Final = 60 * 24 * 60
"""Sixty days, in minutes."""


class SpanField(forms.CharField):
    """A span of time in hours and minutes, "1:30"; its value is minutes."""

    def to_python(self, value: Any) -> Any:
        """Read it; a number without a colon is hours.

        Raises:
            ValidationError: for anything else, for nothing at all, and for more than sixty days.
        """
        text = (super().to_python(value) or "").strip()
        if not text:
            return None
        hours, _colon, minutes = text.partition(":")
        if not (hours.isdecimal() and (minutes or "0").isdecimal() and len(text) <= 7):
            raise forms.ValidationError(gettext("Write hours and minutes, like 1:30."))
        span = int(hours) * 60 + int(minutes or 0)
        if not 0 < span <= LONGEST or int(minutes or 0) > 59:
            raise forms.ValidationError(gettext("Write hours and minutes, like 1:30."))
        return span

    def prepare_value(self, value: Any) -> Any:
        """Write minutes as the form shows them."""
        return f"{value // 60}:{value % 60:02}" if isinstance(value, int) else value


class PolicyForm(forms.ModelForm):  # type: ignore[type-arg]  # (not subscriptable at run time)
    """A policy: for which matters, how fast, by which hours."""

    kind = forms.ChoiceField(label=_("Kind"), required=False)
    channel = forms.ChoiceField(label=_("Channel"), required=False)
    first_due = SpanField(label=_("First response within"))
    first_limit = SpanField(label=_("at the latest"), required=False)
    next_due = SpanField(label=_("Each later response within"))
    next_limit = SpanField(label=_("at the latest"), required=False)
    resolution_due = SpanField(label=_("Resolution within"), required=False)
    resolution_limit = SpanField(label=_("at the latest"), required=False)

    class Meta:
        model = Policy
        fields = (
            "name",
            "department",
            "kind",
            "urgency",
            "value",
            "channel",
            "addressed",
            "calendar",
            "first_due",
            "first_limit",
            "next_due",
            "next_limit",
            "resolution_due",
            "resolution_limit",
            "active",
        )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        everything: list[tuple[Any, Any]] = [("", _("All"))]
        fields: dict[str, Any] = self.fields
        fields["kind"].choices = everything + [(kind, words.kind(kind)) for kind in KINDS]
        fields["channel"].choices = everything + [
            (name, words.channel(name)) for name in channel_names()
        ]
        fields["department"].empty_label = _("All")
        fields["calendar"].queryset = Calendar.objects.filter(retired_at=None)
        fields["calendar"].empty_label = _("Day and night")
        for name in ("urgency", "addressed"):
            fields[name].choices = everything + list(fields[name].choices)[1:]

    def clean(self) -> dict[str, Any]:
        """The last moment is never before the aim; where none is given it is the aim."""
        said = super().clean() or {}
        for name in ("first", "next", "resolution"):
            due, limit = said.get(f"{name}_due"), said.get(f"{name}_limit")
            if due and limit and limit < due:
                problem = gettext("The latest moment cannot come before the aim.")
                self.add_error(f"{name}_limit", problem)
            said[f"{name}_limit"] = due and (limit or due)
        return said


class CalendarForm(forms.Form):
    """Working hours: seven days, public holidays, single days."""

    name = forms.CharField(label=_("Name"), max_length=80)
    zone = forms.CharField(label=_("Time zone"), max_length=64, initial=settings.TIME_ZONE)
    country = forms.ChoiceField(
        label=_("Closed on the public holidays of"), choices=COUNTRIES, required=False
    )
    days = forms.CharField(
        label=_("Single days"),
        required=False,
        max_length=20_000,
        widget=forms.Textarea({"rows": 4, "spellcheck": "false"}),
        help_text=_(
            "One a line: the day alone when it is closed, with hours when it is open then."
            " They win over holidays."
        ),
    )
    field_order = ("name", "zone", *(name for name, _label in WEEK), "country", "days")

    def __init__(self, *args: Any, calendar: Calendar | None = None, **kwargs: Any) -> None:
        self.calendar = calendar
        if calendar:
            kwargs["initial"] = _written(calendar)
        super().__init__(*args, **kwargs)
        for number, (name, label) in enumerate(WEEK):
            usual = OFFICE if number < 5 else ""
            widget = forms.TextInput({"placeholder": _("closed")})
            self.fields[name] = forms.CharField(
                label=label, required=False, max_length=200, initial=usual, widget=widget
            )
        self.order_fields(self.field_order)

    def clean_zone(self) -> str:
        """A zone that exists."""
        zone: str = self.cleaned_data["zone"]
        if zone not in available_timezones():
            problem = gettext("There is no such time zone; write one like Asia/Seoul.")
            raise forms.ValidationError(problem)
        return zone

    def clean_name(self) -> str:
        """A name that no other working hours have."""
        name: str = self.cleaned_data["name"]
        others = Calendar.objects.filter(retired_at=None, name=name)
        if self.calendar:
            others = others.exclude(pk=self.calendar.pk)
        if others.exists():
            raise forms.ValidationError(gettext("Other working hours have this name."))
        return name

    def clean_days(self) -> list[Any]:
        """Single days as `Calendar.days` holds them."""
        try:
            days = read_days(self.cleaned_data["days"])
        except Unreadable as error:
            raise forms.ValidationError(_unreadable(error)) from error
        if len(days) > MOST_DAYS:
            raise forms.ValidationError(gettext("At most 366 single days, please."))
        return [[day.isoformat(), shifts] for day, shifts in days]

    def clean(self) -> dict[str, Any]:
        """The columns of `Calendar`; a week without any hour is none."""
        said = super().clean() or {}
        week = []
        for name, _label in WEEK:
            try:
                week.append(read_shifts(said.pop(name, "")))
            except Unreadable as error:
                self.add_error(name, _unreadable(error))
        if not any(week) and not self.errors:
            raise forms.ValidationError(gettext("Somebody must be there at least once a week."))
        return said | {"week": week}


def _written(calendar: Calendar) -> dict[str, Any]:
    week = {name: write_shifts(day) for (name, _l), day in zip(WEEK, calendar.week, strict=True)}
    plain = {name: getattr(calendar, name) for name in ("name", "zone", "country")}
    return plain | week | {"days": write_days(calendar.days)}


def _unreadable(error: Unreadable) -> str:
    return gettext("“%(part)s” are no hours; write them like 09:00-12:00, 13:00-18:00.") % {
        "part": str(error)
    }
