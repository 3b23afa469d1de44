"""The boards: who sees them, whether somebody looks first, and who may show them in a frame."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from sori.change.ideas import selectors, services
from sori.change.ideas.forms import BoardForm
from sori.change.ideas.models import Audience, Board
from sori.errors import Refused
from sori.staff.permissions import Permission, me, requires
from sori.staff.views import site_of

_METHODS = ["GET", "HEAD", "POST"]


@requires(Permission.CHANGE_DESK)
@require_http_methods(_METHODS)
def boards(request: HttpRequest) -> HttpResponse:
    """All boards, and a form for a new one."""
    return _keep(request, None)


@requires(Permission.CHANGE_DESK)
@require_http_methods(_METHODS)
def board(request: HttpRequest, board: int) -> HttpResponse:
    """One board, to be changed."""
    return _keep(request, get_object_or_404(Board, pk=board))


def _keep(request: HttpRequest, row: Board | None) -> HttpResponse:
    form = BoardForm(request.POST or None, initial=_said(row) if row else None)
    if row is not None:
        form.fields["audience"].disabled = True
    if request.method == "POST" and form.is_valid():
        try:
            services.keep_board(member=me(request), board=row, **form.cleaned_data)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, str(form.cleaned_data["name"]))
            return redirect("ideas:boards")
    context = {
        "boards": selectors.boards(internal=True),
        "row": row,
        "form": form,
        "site": site_of(request),
        "public": row is not None and row.audience == Audience.PUBLIC,
    }
    return render(request, "ideas/boards.html", context, status=422 if form.errors else 200)


def _said(row: Board) -> dict[str, object]:
    return {
        "name": row.name,
        "name_en": row.name_en,
        "audience": row.audience,
        "moderated": row.moderated,
        "origins": row.origins,
    }
