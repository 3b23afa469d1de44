"""What the inbox may be told: one small form for each thing a member can do."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from sori.respond.models import Case, Decision
from sori.staff.models import Department, Member, Role

OWNERS_SHOWN = 60


class WordsForm(forms.Form):
    """Words somebody wrote; the services judge whether they will do."""

    body = forms.CharField(required=False, strip=False)


class DraftForm(WordsForm):
    """Words that answer a received message."""

    answers = forms.IntegerField(min_value=1)


class ReplyForm(DraftForm):
    """An answer that is to go out.

    `token` is new for every page, so that a click that arrives twice makes one answer; `draft` is
    the draft it is made of; `again` says that the same words may go there twice; `then` says what
    follows ("resolve").
    """

    token = forms.RegexField(r"^[\w-]{16,64}$", required=False)
    draft = forms.IntegerField(min_value=1, required=False)
    again = forms.BooleanField(required=False)
    then = forms.ChoiceField(choices=[("resolve", "")], required=False)


class StatusForm(forms.Form):
    """Where an unsettled case stands."""

    status = forms.ChoiceField(
        choices=[
            (status.value, status.label)
            for status in (Case.Status.OPEN, Case.Status.PENDING, Case.Status.ON_HOLD)
        ]
    )


class OwnerForm(forms.Form):
    """Who answers for a case; nobody when it is empty."""

    owner = forms.ModelChoiceField(Member.objects.filter(is_active=True), required=False)


class DepartmentForm(forms.Form):
    """Which department answers; none when it is empty."""

    department = forms.ModelChoiceField(Department.objects.all(), required=False)


class AcknowledgeForm(forms.Form):
    """An acknowledgement: which message, and by when the answer will come."""

    answers = forms.IntegerField(min_value=1)
    due_at = forms.DateTimeField(input_formats=["%Y-%m-%dT%H:%M:%S%z"])
    token = forms.RegexField(r"^[\w-]{16,64}$")


class NoAnswerForm(forms.Form):
    """A signed decision not to answer; the service judges whether the reason will do."""

    reason = forms.ChoiceField(choices=Decision.Reason, required=False)
    words = forms.CharField(max_length=2_000, required=False)
    owner = forms.ModelChoiceField(Member.objects.filter(is_active=True), required=False)
    review_on = forms.DateField(required=False)

    def clean_review_on(self) -> Any:
        """A day that is still to come."""
        day = self.cleaned_data["review_on"]
        if day and day <= timezone.localdate():
            raise forms.ValidationError(_("Choose a day that is still to come."))
        return day


class SettleForm(forms.Form):
    """What a person found out about an answer of unclear fate."""

    outcome = forms.ChoiceField(choices=[(word, "") for word in ("sent", "resend", "give_up")])
    evidence = forms.CharField(required=False, max_length=2_000)


def owners(department: int | None) -> list[dict[str, Any]]:
    """Members who run cases, those of this department first: id, name, department__name."""
    runs_cases = (Role.AGENT, Role.SUPERVISOR, Role.ADMIN)
    rows = Member.objects.filter(is_active=True, role__in=runs_cases).order_by("name", "pk")
    columns = ("id", "name", "department_id", "department__name")
    found = [dict(row) for row in rows.values(*columns)[:OWNERS_SHOWN]]
    return sorted(found, key=lambda row: row["department_id"] != department)
