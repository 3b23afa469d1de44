"""The pages of what changes have brought: one, and all."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from sori.change.initiatives.links import links
from sori.change.initiatives.models import Initiative
from sori.change.outcomes import selectors
from sori.change.outcomes.drawing import weekly
from sori.change.outcomes.models import Outcome
from sori.change.outcomes.wording import moved
from sori.staff.permissions import Permission, requires

PAGE = 30


@requires(Permission.READ_INITIATIVES)
@require_GET
def outcomes(request: HttpRequest) -> HttpResponse:
    """What our changes brought: all that were shipped, the last first."""
    page = Paginator(selectors.listed(), PAGE).get_page(request.GET.get("page"))
    context = {
        "summary": selectors.summary(),
        "verdicts": Outcome.Verdict.choices,
        "rows": [(one, selectors.sentence(one), selectors.reason(one)) for one in page.object_list],
        "newer": f"?page={page.number - 1}" if page.has_previous() else "",
        "older": f"?page={page.number + 1}" if page.has_next() else "",
    }
    return render(request, "outcomes/outcomes.html", context)


@requires(Permission.READ_INITIATIVES)
@require_GET
def outcome(request: HttpRequest, initiative: int) -> HttpResponse:
    """What one change brought, with its picture."""
    subject = get_object_or_404(Initiative, pk=initiative)
    rows = selectors.of(subject)
    row = rows[0] if rows else None
    context = {
        "links": links(initiative, request.user, request.path),
        "subject": subject,
        "row": row,
        "sentence": selectors.sentence(row) if row else "",
        "reason": selectors.reason(row) if row else "",
        "caveats": selectors.caveats(row) if row else [],
        "people": selectors.people(row) if row else None,
        "chart": weekly(row.weeks, row.shipped_at) if row and row.weeks else None,
        "moved": moved,
        "earlier": [(one, selectors.sentence(one)) for one in rows[1:]],
    }
    return render(request, "outcomes/outcome.html", context)
