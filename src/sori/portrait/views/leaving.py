"""Take everything about a person along, and forget them."""

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from sori.errors import Refused
from sori.people.models import Erasure
from sori.portrait import erasing, selectors
from sori.portrait.export import export as archive_of
from sori.portrait.forms import ForgetForm
from sori.portrait.views.pages import standing
from sori.staff.permissions import Permission, me, requires


@requires(Permission.EXPORT_PEOPLE)
@require_POST
def export(request: HttpRequest, person: int) -> FileResponse:
    """Everything we hold on them, as one archive."""
    row = standing(person)
    archive = archive_of(person=row.pk, member=me(request))
    response = FileResponse(archive, as_attachment=True, filename=f"person-{row.pk}.zip")
    response["Content-Type"] = "application/zip"
    response["X-Content-Type-Options"] = "nosniff"
    return response


@requires(Permission.ERASE_PEOPLE)
@require_http_methods(["GET", "HEAD", "POST"])
def forget(request: HttpRequest, person: int) -> HttpResponse:
    """What would go, and the last word."""
    row = standing(person)
    form = ForgetForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            erasure = erasing.begin(person=row.pk, member=me(request))
        except Refused as refused:
            messages.error(request, str(refused))
            return redirect("portrait:person", person=row.pk)
        return redirect("portrait:erasure", erasure=erasure.pk)
    context = {"subject": row, "form": form, "held": selectors.held(row.pk)}
    status = 422 if form.errors else 200
    return render(request, "portrait/forget.html", context, status=status)


@requires(Permission.ERASE_PEOPLE)
@require_safe
def erasure(request: HttpRequest, erasure: int) -> HttpResponse:
    """How far it has come; the page asks for itself again until it is done."""
    row = get_object_or_404(Erasure.objects.select_related("member"), pk=erasure)
    context = {"erasure": row, "steps": erasing.STEPS}
    part = request.htmx.target == "progress"  # type: ignore[attr-defined]
    return render(request, f"portrait/{'progress' if part else 'erasure'}.html", context)
