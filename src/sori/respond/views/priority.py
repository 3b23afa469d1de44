"""The page of priorities: how many points speak for a case, and what would come first by them."""

from dataclasses import asdict

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from sori.respond import prioritising
from sori.respond.priority_forms import BOUNDS, WeightsForm
from sori.respond.views.place import me
from sori.staff.permissions import Permission, requires


@requires(Permission.CHANGE_CLOCKS)
@require_http_methods(["GET", "HEAD", "POST"])
def priority(request: HttpRequest) -> HttpResponse:
    """Read the points, and give others."""
    form = WeightsForm(request.POST or None, initial=asdict(prioritising.weights()))
    if request.method == "POST" and form.is_valid():
        prioritising.save_weights(member=me(request), wanted=form.weights())
        messages.success(request, _("Saved. The lists follow within moments."))
        return redirect("respond:priority")
    points = [bound for bound in form if bound.name not in BOUNDS]
    context = {"form": form, "points": points, "bounds": [form[name] for name in BOUNDS]}
    status = 422 if form.errors else 200
    return render(request, "respond/clocks/priority.html", context, status=status)


@requires(Permission.CHANGE_CLOCKS)
@require_POST
def preview_priority(request: HttpRequest) -> HttpResponse:
    """What would come first by the points as they are being written; a part of a page."""
    form = WeightsForm(request.POST)
    # what cannot be read yet is told by the form
    shown = prioritising.preview(form.weights()) if form.is_valid() else []
    return render(request, "respond/clocks/priority_preview.html", {"shown": shown})
