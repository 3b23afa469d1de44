"""What people do to an initiative; every address does one thing and leads back to a page."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from sori.change.initiatives import discussing, services
from sori.change.initiatives.forms import DecisionForm, WordsForm
from sori.change.initiatives.models import Initiative
from sori.change.initiatives.views.one import page_context
from sori.errors import Refused
from sori.staff.permissions import Permission, me, requires


@requires(Permission.STEER_INITIATIVES)
@require_POST
def decide(request: HttpRequest, initiative: int) -> HttpResponse:
    """Decide yes, no or later; what was refused comes back with its words."""
    row = get_object_or_404(Initiative, pk=initiative)
    form = DecisionForm(request.POST)
    problem = ""
    if form.is_valid():
        try:
            services.decide(initiative=row, member=me(request), **form.cleaned_data)
        except Refused as refused:
            problem = str(refused)
        else:
            messages.success(request, _("Decided, and written down with its reason."))
            return redirect("initiatives:initiative", initiative=row.pk)
    context = page_context(request, row, form, problem)
    return render(request, "initiatives/initiative.html", context, status=422)


@requires(Permission.STEER_INITIATIVES)
@require_POST
def move(request: HttpRequest, initiative: int) -> HttpResponse:
    """Move it to another stage; from the board it leads back to the board."""
    row = get_object_or_404(Initiative, pk=initiative)
    stage = request.POST.get("stage", "")
    moved = _attempt(
        request, lambda: services.move(initiative=row, member=me(request), stage=stage)
    )
    if moved and request.POST.get("board") == "1":
        return redirect("initiatives:board")
    return redirect("initiatives:initiative", initiative=row.pk)


@requires(Permission.STEER_INITIATIVES)
@require_POST
def reopen(request: HttpRequest, initiative: int) -> HttpResponse:
    """Look at it again, and say why."""
    row = get_object_or_404(Initiative, pk=initiative)
    why = _words(request)
    _attempt(request, lambda: services.reopen(initiative=row, member=me(request), why=why))
    return redirect("initiatives:initiative", initiative=row.pk)


@requires(Permission.STEER_INITIATIVES)
@require_POST
def sign(request: HttpRequest, initiative: int) -> HttpResponse:
    """Sign that nobody is told, and why."""
    row = get_object_or_404(Initiative, pk=initiative)
    why = _words(request)
    _attempt(request, lambda: services.leave_untold(initiative=row, member=me(request), why=why))
    return redirect("initiatives:initiative", initiative=row.pk)


@requires(Permission.PROPOSE_INITIATIVE)
@require_POST
def detach(request: HttpRequest, initiative: int) -> HttpResponse:
    """Say that something does not speak for it after all."""
    row = get_object_or_404(Initiative, pk=initiative)
    sort, key = request.POST.get("sort", ""), request.POST.get("key", "")
    services.detach(initiative=row, member=me(request), sort=sort, key=key)
    return redirect("initiatives:initiative", initiative=row.pk)


@requires(Permission.PROPOSE_INITIATIVE)
@require_POST
def discuss(request: HttpRequest, initiative: int) -> HttpResponse:
    """Say a word of the discussion."""
    row = get_object_or_404(Initiative, pk=initiative)
    words = _words(request)
    _attempt(request, lambda: discussing.discuss(initiative=row, member=me(request), body=words))
    address = redirect("initiatives:initiative", initiative=row.pk)
    address["Location"] += "#discussion"
    return address


def _words(request: HttpRequest) -> str:
    form = WordsForm(request.POST)
    return form.cleaned_data["words"] if form.is_valid() else ""


def _attempt(request: HttpRequest, deed: Callable[[], Any]) -> bool:
    """Do it; why it was refused stands on the page that follows."""
    try:
        deed()
    except Refused as refused:
        messages.error(request, str(refused))
        return False
    return True
