"""One deed for many cases: each is done or refused for itself, and the member is told which."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final, NamedTuple

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST
from django_htmx.http import trigger_client_event

from sori.errors import Refused
from sori.respond import services, snoozing, tagging
from sori.respond.forms import (
    DepartmentForm,
    OwnerForm,
    PickedForm,
    SnoozeForm,
    StatusForm,
    TagForm,
)
from sori.respond.settling import question
from sori.respond.views.place import me
from sori.staff.models import Member
from sori.staff.permissions import Permission, requires

TOLD: Final = 3


class Deed(NamedTuple):
    """Something that can be done to many cases.

    Attributes:
        do: does it to one case, for a member, with a value.
        form: reads the value; None where there is none.
        asked: the field the value is written into.
        cleaned: the field it is read from.
        settles: whether it settles them, with this value; then it is asked about what goes with it.
    """

    do: Callable[[int, Member, Any], object]
    form: type[forms.Form] | None = None
    asked: str = ""
    cleaned: str = ""
    settles: Callable[[Any], bool] = lambda _value: False


DEEDS: Final[dict[str, Deed]] = {
    "take": Deed(lambda case, by, _value: services.take(case=case, member=by)),
    "resolve": Deed(
        lambda case, by, _value: services.resolve(case=case, member=by),
        settles=lambda _value: True,
    ),
    "owner": Deed(
        lambda case, by, owner: services.assign(case=case, member=by, owner=owner),
        OwnerForm,
        "owner",
        "owner",
    ),
    "department": Deed(
        lambda case, by, place: services.move_to_department(case=case, member=by, department=place),
        DepartmentForm,
        "department",
        "department",
    ),
    "status": Deed(
        lambda case, by, status: services.set_status(case=case, member=by, status=status),
        StatusForm,
        "status",
        "status",
    ),
    "snooze": Deed(
        lambda case, by, until: snoozing.snooze(case=case, member=by, until=until),
        SnoozeForm,
        "at",
        "until",
    ),
    "tag": Deed(
        lambda case, by, tag: tagging.put_on(case=case, tag=tag, member=by), TagForm, "tag", "tag"
    ),
    "untag": Deed(
        lambda case, by, tag: tagging.take_off(case=case, tag=tag, member=by), TagForm, "tag", "tag"
    ),
}
"""By name; rooms above add theirs as they start."""


@requires(Permission.RUN_CASE)
@require_POST
def picked(request: HttpRequest) -> HttpResponse:
    """Do it to all that were picked; answered with a toast, the list refreshes itself.

    What would be withdrawn with them is asked about first: nothing is done without `sure`.
    """
    form = PickedForm(request.POST)
    if not form.is_valid():
        first = next(iter(form.errors.values()))[0]
        return _told(str(first), "bad")
    name, _colon, value = form.cleaned_data["deed"].partition(":")
    deed = DEEDS.get(name)
    asked = deed.form({deed.asked: value}) if deed and deed.form else None
    if deed is None or (asked and not asked.is_valid()):
        return _told(_("That cannot be done with many conversations."), "bad")
    meant = asked.cleaned_data[deed.cleaned] if asked else None
    cases, sure = form.cleaned_data["case"], form.cleaned_data["sure"]
    if deed.settles(meant) and not sure and (asked_first := question(cases)):
        return _asked(asked_first, form.cleaned_data["deed"])
    refused = _do(cases, lambda case: deed.do(case, me(request), meant))
    return _told(_words(len(cases) - len(refused), refused), "bad" if refused else "good")


def _do(cases: Iterable[int], deed: Callable[[int], object]) -> dict[int, str]:
    """Do it to each; returns why it was refused, by case."""
    refused = {}
    for case in cases:
        try:
            deed(case)
        except Refused as why:
            refused[case] = str(why)
    return refused


def _words(done: int, refused: Mapping[int, str]) -> str:
    words = [ngettext("%(num)d done", "%(num)d done", done) % {"num": done}]
    if refused:
        count = len(refused)
        words.append(ngettext("%(num)d not", "%(num)d not", count) % {"num": count})
    reasons = [f"#{case}: {why}" for case, why in list(refused.items())[:TOLD]]
    return " ".join((", ".join(words) + ".", *reasons))


def _asked(words: str, deed: str) -> HttpResponse:
    response = HttpResponse(status=204)
    trigger_client_event(response, "sure", {"question": words, "deed": deed})
    return response


def _told(text: str, tone: str) -> HttpResponse:
    response = HttpResponse(status=204)
    trigger_client_event(response, "toast", {"text": text, "tone": tone})
    trigger_client_event(response, "live", {"target": "#again"})
    return response
