"""What a member does with a case: take it, hand it over, settle it, leave a note."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from django_htmx.http import HttpResponseClientRedirect

from sori.errors import Refused
from sori.respond import joining, services, snoozing
from sori.respond.forms import (
    DepartmentForm,
    NoAnswerForm,
    OwnerForm,
    SnoozeForm,
    StatusForm,
    WordsForm,
)
from sori.respond.models import Case, Message
from sori.respond.views.place import me
from sori.respond.views.showing import attempt, case_address, note_again, shown
from sori.staff.permissions import Permission, requires


@requires(Permission.RUN_CASE)
@require_POST
def take(request: HttpRequest, case: int) -> HttpResponse:
    """Answer for it from now on."""
    return attempt(request, case, lambda: services.take(case=case, member=me(request)))


@requires(Permission.RUN_CASE)
@require_POST
def owner(request: HttpRequest, case: int) -> HttpResponse:
    """Give it to somebody, or to nobody."""
    form = OwnerForm(request.POST)
    if not form.is_valid():
        return shown(request, case, problem=_("There is nobody like that."))
    return attempt(
        request,
        case,
        lambda: services.assign(case=case, member=me(request), **form.cleaned_data),
    )


@requires(Permission.RUN_CASE)
@require_POST
def department(request: HttpRequest, case: int) -> HttpResponse:
    """Pass it to another department."""
    form = DepartmentForm(request.POST)
    if not form.is_valid():
        return shown(request, case, problem=_("There is no such department."))
    return attempt(
        request,
        case,
        lambda: services.move_to_department(case=case, member=me(request), **form.cleaned_data),
    )


@requires(Permission.RUN_CASE)
@require_POST
def status(request: HttpRequest, case: int) -> HttpResponse:
    """Open it, put it on hold, or let it wait for the customer."""
    form = StatusForm(request.POST)
    if not form.is_valid():
        return shown(request, case, problem=_("This case cannot be changed that way."))
    chosen = form.cleaned_data["status"]
    return attempt(
        request, case, lambda: services.set_status(case=case, member=me(request), status=chosen)
    )


@requires(Permission.RUN_CASE)
@require_POST
def resolve(request: HttpRequest, case: int) -> HttpResponse:
    """Say that the matter is settled."""
    return attempt(request, case, lambda: services.resolve(case=case, member=me(request)))


@requires(Permission.RUN_CASE)
@require_POST
def reopen(request: HttpRequest, case: int) -> HttpResponse:
    """Take it up again."""
    return attempt(request, case, lambda: services.reopen(case=case, member=me(request)))


@requires(Permission.RUN_CASE)
@require_POST
def snooze(request: HttpRequest, case: int) -> HttpResponse:
    """Put it off."""
    form = SnoozeForm(request.POST)
    if not form.is_valid():
        return shown(request, case, problem=form.problem())
    until = form.cleaned_data["until"]
    return attempt(
        request, case, lambda: snoozing.snooze(case=case, member=me(request), until=until)
    )


@requires(Permission.RUN_CASE)
@require_POST
def wake(request: HttpRequest, case: int) -> HttpResponse:
    """Put it off no longer."""
    return attempt(request, case, lambda: snoozing.wake(case=case, member=me(request)))


@requires(Permission.RUN_CASE)
@require_POST
def no_answer(request: HttpRequest, case: int) -> HttpResponse:
    """Sign that there will be no answer."""
    form = NoAnswerForm(request.POST)
    if not form.is_valid():
        first = next(iter(form.errors.values()))[0]
        return shown(request, case, problem=str(first))
    return attempt(
        request,
        case,
        lambda: services.decide_no_answer(case=case, member=me(request), **form.cleaned_data),
    )


@requires(Permission.WRITE_NOTE)
@require_POST
def note(request: HttpRequest, case: int) -> HttpResponse:
    """Leave a word for colleagues."""
    form = WordsForm(request.POST)
    body = form.cleaned_data["body"] if form.is_valid() else ""
    get_object_or_404(Case, pk=case)
    try:
        services.write_note(case=case, member=me(request), body=body)
    except Refused as refused:
        return note_again(request, case, body, str(refused))
    return shown(request, case, composer="note")


@requires(Permission.RUN_CASE)
@require_POST
def join(request: HttpRequest, case: int) -> HttpResponse:
    """Let another case of the same person be part of this one."""
    other = get_object_or_404(Case, pk=request.POST.get("other") or None)
    return attempt(
        request, case, lambda: joining.join(case=other.pk, into=case, member=me(request))
    )


@requires(Permission.RUN_CASE)
@require_POST
def part(request: HttpRequest, case: int) -> HttpResponse:
    """Take a case that is part of this one out again."""
    other = get_object_or_404(Case, pk=request.POST.get("other") or None, joined_into=case)
    return attempt(request, case, lambda: joining.part(case=other.pk, member=me(request)))


@requires(Permission.RUN_CASE)
@require_POST
def split(request: HttpRequest, case: int, message: int) -> HttpResponse:
    """Make a case of its own of one message, and open it."""
    get_object_or_404(Message, pk=message, conversation__case=case)
    try:
        new = joining.split(message=message, member=me(request))
    except Refused as refused:
        return shown(request, case, problem=str(refused))
    address = case_address(request, new.pk)
    if request.htmx:  # type: ignore[attr-defined]
        return HttpResponseClientRedirect(address)
    return redirect(address)
