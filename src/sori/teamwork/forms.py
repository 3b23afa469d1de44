"""What may be said about a task: one small form for each thing a member can do."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from sori.respond.forms import MomentForm
from sori.staff.models import Department


class AskForm(MomentForm):
    """A request to a department; without a moment, within the time that is usual."""

    department = forms.ModelChoiceField(
        Department.objects.all(), error_messages={"required": _("Choose a department.")}
    )
    words = forms.CharField(strip=False, required=False)

    def clean(self) -> dict[str, Any]:
        """The moment that was chosen, as `answer_by`; None without one."""
        said: dict[str, Any] = super().clean() or {}
        said["answer_by"] = said.get("on") or said.get("at")
        return said


class MailForm(forms.Form):
    """A question to a colleague by mail; the service judges address and words."""

    address = forms.CharField(max_length=254, required=False)
    words = forms.CharField(strip=False, required=False)
    excerpt = forms.BooleanField(required=False)


class AnswerForm(forms.Form):
    """The words a task ends with, and whether they answer it."""

    words = forms.CharField(strip=False, required=False)
    deed = forms.ChoiceField(choices=[("answer", ""), ("decline", "")], required=False)
