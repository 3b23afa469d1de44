"""What the inbox may be told: one small form for each thing a member can do."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from sori.respond.models import Case, Decision, Tag
from sori.staff.models import Department, Member, Role, Team

OWNERS_SHOWN = 60


class WordsForm(forms.Form):
    """Words somebody wrote; the services judge whether they will do."""

    body = forms.CharField(required=False, strip=False)


class DraftForm(WordsForm):
    """Words that answer a received message."""

    answers = forms.IntegerField(min_value=1)


class MomentForm(forms.Form):
    """A moment: `at` is one chosen with a click, `on` one of one's own."""

    at = forms.DateTimeField(required=False)
    on = forms.DateTimeField(required=False)

    def problem(self) -> str:
        """Why the moment makes no sense; "" when nothing, or something else, is wrong."""
        errors = [*self.errors.get("at", ()), *self.errors.get("on", ())]
        return str(errors[0]) if errors else ""

    def no_moment(self) -> None:
        """Say that none was chosen, unless one was that could not be read."""
        if "on" not in self.errors:
            self.add_error("on", _("Choose a day and a time."))


class SnoozeForm(MomentForm):
    """When a case comes back; cleaned as `until`."""

    def clean(self) -> dict[str, Any]:
        """The click counts before the field."""
        said: dict[str, Any] = super().clean() or {}
        said["until"] = said.get("at") or said.get("on")
        if said["until"] is None:
            self.no_moment()
        return said


class ReplyForm(DraftForm, MomentForm):
    """An answer that is to go out.

    `token` is new for every page, so that a click that arrives twice makes one answer; `draft` is
    the draft it is made of; `again` says that the same words may go there twice; `then` says what
    follows ("resolve"), or, when it is "later", that it goes out `on`; `at` is a moment chosen
    with one click. Cleaned, `at` is the one that was meant, and None means now.
    """

    token = forms.RegexField(r"^[\w-]{16,64}$", required=False)
    draft = forms.IntegerField(min_value=1, required=False)
    again = forms.BooleanField(required=False)
    then = forms.ChoiceField(choices=[("resolve", ""), ("later", "")], required=False)

    def clean(self) -> dict[str, Any]:
        """Which of the two moments was meant."""
        said: dict[str, Any] = super().clean() or {}
        if said.get("then") == "later":
            said["then"], said["at"] = "", said.get("on")
            if said["at"] is None:
                self.no_moment()
        return said


class StatusForm(forms.Form):
    """Where an unsettled case stands."""

    status = forms.ChoiceField(
        choices=[
            (status.value, status.label)
            for status in (Case.Status.OPEN, Case.Status.PENDING, Case.Status.ON_HOLD)
        ]
    )


class HandingForm(forms.Form):
    """A hand-over, with one line of why; the services judge whether it will do."""

    why = forms.CharField(required=False)


class OwnerForm(HandingForm):
    """Who answers for a case; nobody when it is empty."""

    owner = forms.ModelChoiceField(Member.objects.filter(is_active=True), required=False)


class DepartmentForm(HandingForm):
    """Which department answers; none when it is empty."""

    department = forms.ModelChoiceField(Department.objects.all(), required=False)
    team = forms.ModelChoiceField(Team.objects.select_related("department"), required=False)

    def clean(self) -> dict[str, Any]:
        """A team says which department it is."""
        said: dict[str, Any] = super().clean() or {}
        if team := said.get("team"):
            said["department"] = team.department
        return said


class TagForm(forms.Form):
    """One of the tags."""

    tag = forms.ModelChoiceField(Tag.objects.filter(merged_into=None))


class PickedForm(forms.Form):
    """Cases that were picked in the list, and what is to be done with all of them."""

    MOST = 200

    case = forms.ModelMultipleChoiceField(Case.objects.all())
    deed = forms.CharField(max_length=60)
    sure = forms.BooleanField(required=False)

    def clean_case(self) -> list[int]:
        """Their ids; not more than a person picks."""
        cases: list[int] = [case.pk for case in self.cleaned_data["case"][: self.MOST + 1]]
        if len(cases) > self.MOST:
            raise forms.ValidationError(_("Choose 200 conversations at most."))
        return cases


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
