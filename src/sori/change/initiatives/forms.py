"""What people write about initiatives, and which of them an address asks for."""

from dataclasses import dataclass
from typing import Any, Final

from django import forms
from django.db.models import Q
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy as _in

from sori.change.initiatives import selectors
from sori.change.initiatives.models import Evidence, Initiative
from sori.change.initiatives.wording import LONGEST
from sori.staff.models import Department, Member, Role
from sori.staff.permissions import PERMISSIONS, Permission

_AREA: Final = {"rows": 4, "maxlength": LONGEST}
SUBJECTS: Final = {
    "theme": Evidence.Sort.THEME,
    "idea": Evidence.Sort.IDEA,
    "case": Evidence.Sort.CASE,
    "mention": Evidence.Sort.MENTION,
}
"""What an address may begin an initiative with, and which sort of evidence that is."""


class BeginForm(forms.Form):
    """The first words."""

    title = forms.CharField(label=_("What should change?"), max_length=160)
    summary = forms.CharField(
        label=_("In more words"),
        max_length=LONGEST,
        required=False,
        widget=forms.Textarea(attrs=_AREA),
    )


class EditForm(BeginForm):
    """The words; for those who steer, also who answers for it and by when."""

    owner = forms.ModelChoiceField(
        Member.objects.none(),
        label=_in("initiative", "Owner"),
        required=False,
        empty_label=_("Nobody"),
    )
    department = forms.ModelChoiceField(
        Department.objects.order_by("name"),
        label=_("Department"),
        required=False,
        empty_label=_("None"),
    )
    due_on = forms.DateField(
        label=_in("initiative", "Due"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def __init__(self, *args: Any, initiative: Initiative, steers: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not steers:
            for name in ("owner", "department", "due_on"):
                del self.fields[name]
            return
        reading = [role for role in Role.values if _reads(role)]
        known = Q(is_active=True, role__in=reading) | Q(pk=initiative.owner_id)
        self.fields["owner"].queryset = Member.objects.filter(known)  # type: ignore[attr-defined]


class DecisionForm(forms.Form):
    """Yes, no or later, and why."""

    decision = forms.ChoiceField(
        label=_in("initiative", "Decision"),
        choices=Initiative.Decision.choices,
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label=_("Why? Everybody who asked may read this."),
        max_length=LONGEST,
        widget=forms.Textarea(attrs=_AREA),
    )
    review_on = forms.DateField(
        label=_("Look at it again on"),
        help_text=_("Only for “later”."),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )


class WordsForm(forms.Form):
    """Words alone: of the discussion, or why something is done."""

    words = forms.CharField(max_length=LONGEST, strip=True)


class FileForm(forms.Form):
    """One file."""

    file = forms.FileField(label=_("File"))


@dataclass(frozen=True)
class Wanted:
    """Which initiatives a page shows.

    Attributes:
        owner: only those this member answers for; None for all.
        department: only those of this department; None for all.
        stage: only those at this stage; "" for all.
    """

    owner: int | None = None
    department: int | None = None
    stage: str = ""


def read_wanted(asked: QueryDict, member: Member) -> Wanted:
    """Which initiatives an address asks for; what is misspelt is left out."""
    stage = asked.get("stage", "")
    return Wanted(
        owner=member.pk if asked.get("mine") == "yes" else None,
        department=number_of(asked.get("department", "")),
        stage=stage if stage in Initiative.Stage.values else "",
    )


def read_subject(asked: QueryDict) -> tuple[str, str] | None:
    """The sort and the key of what an address begins with; None when it names nothing."""
    for name, sort in SUBJECTS.items():
        key = asked.get(name, "").strip()[:40]
        if key:
            return sort.value, key
    return None


def number_of(text: str) -> int | None:
    """A number somebody wrote into an address; None when it is none."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else None


def open_choices() -> list[tuple[int, str]]:
    """The initiatives evidence can be added to, for a list of choices."""
    return [(one.pk, f"#{one.pk} {one.title}") for one in selectors.open_ones()]


def _reads(role: str) -> bool:
    return Permission.READ_INITIATIVES in PERMISSIONS[role]
