"""What other pages show of initiatives: those that a case or a theme speaks for."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from sori.change.initiatives import selectors
from sori.change.initiatives.models import Evidence
from sori.change.models import Theme
from sori.respond.models import Case
from sori.staff.permissions import Permission, requires


@requires(Permission.READ_INITIATIVES)
@require_GET
def of_theme(request: HttpRequest, theme: int) -> HttpResponse:
    """The initiatives of a theme: a part of the theme's page."""
    row = get_object_or_404(Theme, pk=theme)
    found = selectors.of_evidence(Evidence.Sort.THEME, str(row.pk))
    return render(request, "initiatives/of_theme.html", {"initiatives": found})


@requires(Permission.READ_INITIATIVES)
@require_GET
def of_case(request: HttpRequest, case: int) -> HttpResponse:
    """The initiatives a case speaks for, and the way to begin one; a part of the case's page."""
    row = get_object_or_404(Case, pk=case)
    found = selectors.of_evidence(Evidence.Sort.CASE, str(row.pk))
    context = {"initiatives": found, "begin": f"?case={row.pk}"}
    return render(request, "initiatives/of_case.html", context)
