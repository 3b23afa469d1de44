"""Articles beside an open case: which may help, and that one was put into the answer."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from sori.articles import services, suggesting
from sori.articles.models import Article
from sori.respond.models import Case
from sori.staff.permissions import Permission, me, requires


@requires(Permission.DRAFT_REPLY)
@require_safe
def suggested(request: HttpRequest, case: int) -> HttpResponse:
    """Up to three articles about what the customer said last, or about what is searched for."""
    get_object_or_404(Case, pk=case)
    query = request.GET.get("q", "").replace("\0", "").strip()
    articles = suggesting.found(query) if query else suggesting.for_case(case)
    for one in articles:
        path = reverse("articles:help_short", kwargs={"article": one["article"]})
        one["link"] = request.build_absolute_uri(path) if one["public"] else ""
    searched = request.htmx.target == "articles-found"  # type: ignore[attr-defined]
    template = "articles/offered.html" if searched else "articles/suggested.html"
    return render(request, template, {"case": case, "articles": articles})


@requires(Permission.DRAFT_REPLY)
@require_POST
def used(request: HttpRequest, article: int) -> HttpResponse:
    """Write down that it was put into an answer."""
    row = get_object_or_404(Article, pk=article, state=Article.State.PUBLISHED)
    asked = request.POST.get("case", "")
    number = int(asked) if asked.isascii() and asked.isdecimal() and len(asked) < 19 else 0
    get_object_or_404(Case, pk=number)
    how = "link" if request.POST.get("how") == "link" else "text"
    services.use(article=row, case=number, member=me(request), how=how)
    return HttpResponse(status=204)
