"""How the help centre fares, for those who write."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from sori.articles import figures as asked
from sori.articles import selectors
from sori.staff.permissions import Permission, requires


@requires(Permission.READ_INBOX)
@require_safe
def figures(request: HttpRequest) -> HttpResponse:
    """Visits, votes, what was not found, what was spared."""
    context = asked.page()
    titles = {row["id"]: row["title"] for row in selectors.articles()}
    for row in context["missing"]:
        row["title"] = titles.get(row["article_id"], "")
    return render(request, "articles/figures.html", context)
