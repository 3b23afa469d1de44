"""Begin an initiative, add evidence to one, change what it says."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from sori.change.initiatives import describing, proof, selectors, services
from sori.change.initiatives.forms import (
    BeginForm,
    EditForm,
    number_of,
    open_choices,
    read_subject,
)
from sori.change.initiatives.links import links
from sori.change.initiatives.models import Evidence, Initiative
from sori.errors import Refused
from sori.listen import memory
from sori.staff.doing import doing
from sori.staff.permissions import Permission, allows, me, requires


@requires(Permission.PROPOSE_INITIATIVE)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Propose a change; `?theme=`, `?idea=`, `?case=` or `?mention=` says what speaks for it."""
    subject = read_subject(request.GET)
    backing = _backing(request, subject) if subject else None
    title = backing["title"] if backing and backing["sort"] == Evidence.Sort.THEME else ""
    form = BeginForm(request.POST or None, initial={"title": title})
    if request.method == "POST" and form.is_valid():
        evidence = [(*subject, backing["quote"])] if subject and backing else []
        try:
            row = services.begin(member=me(request), evidence=evidence, **form.cleaned_data)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("It stands on the board now."))
            return redirect("initiatives:initiative", initiative=row.pk)
    context = {
        "form": form,
        "backing": backing,
        "subject": subject,
        "others": open_choices() if subject else [],
        "already": selectors.of_evidence(*subject) if subject else [],
    }
    return render(request, "initiatives/new.html", context, status=422 if form.errors else 200)


@requires(Permission.PROPOSE_INITIATIVE)
@require_POST
def attach(request: HttpRequest) -> HttpResponse:
    """Say that something speaks for an initiative that is there already."""
    subject = read_subject(request.POST)
    row = get_object_or_404(Initiative, pk=number_of(request.POST.get("initiative", "")) or 0)
    if subject is None:
        raise Http404
    sort, key = subject
    backing = _backing(request, subject)
    with doing(request, _("It speaks for this initiative now.")):
        services.attach(
            initiative=row, member=me(request), sort=sort, key=key, quote=backing["quote"]
        )
    return redirect("initiatives:initiative", initiative=row.pk)


@requires(Permission.PROPOSE_INITIATIVE)
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, initiative: int) -> HttpResponse:
    """Change the words; those who steer also say who answers for it and by when."""
    row = get_object_or_404(Initiative.objects.select_related("owner"), pk=initiative)
    steers = allows(request.user, Permission.STEER_INITIATIVES)
    steered = ("owner", "department", "due_on")
    standing = {name: getattr(row, name) for name in ("title", "summary", *steered)}
    form = EditForm(request.POST or None, initial=standing, initiative=row, steers=steers)
    if request.method == "POST" and form.is_valid():
        try:
            describing.describe(
                initiative=row, member=me(request), **(standing | form.cleaned_data)
            )
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            return redirect("initiatives:initiative", initiative=row.pk)
    context = {
        "row": row,
        "form": form,
        "links": links(row.pk, request.user, request.path),
    }
    return render(request, "initiatives/edit.html", context, status=422 if form.errors else 200)


def _backing(request: HttpRequest, subject: tuple[str, str]) -> dict[str, Any]:
    """What an initiative is to begin with, as pages show evidence.

    Raises:
        Http404: there is no such thing.
    """
    sort, key = subject
    try:
        services.must_exist(sort, key)
    except Refused:
        raise Http404 from None
    piece = Evidence(sort=sort, key=key)
    private = allows(request.user, Permission.READ_INBOX)
    shown = proof.shown(memory.reader(), [piece], private=private)[0]
    if shown["gone"]:
        raise Http404
    return shown
