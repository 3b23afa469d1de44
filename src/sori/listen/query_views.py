"""The pages of the listening rules."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from sori.errors import LanguageError
from sori.listen import memory, rules
from sori.listen.forms import QueryForm
from sori.listen.models import Query
from sori.staff.models import Member
from sori.staff.permissions import Permission, requires

get_or_post = require_http_methods(["GET", "HEAD", "POST"])


@requires(Permission.READ_SOURCES)
@require_GET
def queries(request: HttpRequest) -> HttpResponse:
    """All listening rules."""
    rows = Query.objects.values("id", "name", "expression", "active", "department__name")
    return render(request, "listen/queries.html", {"queries": list(rows)})


@requires(Permission.CHANGE_QUERIES)
@get_or_post
def new_query(request: HttpRequest) -> HttpResponse:
    """Write a listening rule."""
    return _edit(request, None)


@requires(Permission.CHANGE_QUERIES)
@get_or_post
def query(request: HttpRequest, query: int) -> HttpResponse:
    """Change a listening rule."""
    return _edit(request, get_object_or_404(Query, pk=query))


@requires(Permission.CHANGE_QUERIES)
@require_POST
def delete_query(request: HttpRequest, query: int) -> HttpResponse:
    """Forget a listening rule."""
    assert isinstance(request.user, Member)
    rules.delete_query(query=get_object_or_404(Query, pk=query), member=request.user)
    return redirect("listen:queries")


@requires(Permission.READ_SOURCES)
@require_POST
def preview(request: HttpRequest) -> HttpResponse:
    """What a rule would have heard in the last seven days; a part of a page."""
    expression = request.POST.get("expression", "")
    if not expression.strip():
        return render(request, "listen/preview.html", {"state": "empty"})
    try:
        found = rules.preview(expression, reader=memory.reader())
    except LanguageError as error:
        return render(request, "listen/preview.html", _wrong(expression, error))
    tallest = max((count for _day, count in found.by_day), default=0)
    context = {"state": "found", "found": found, "tallest": max(tallest, 1)}
    return render(request, "listen/preview.html", context)


def _edit(request: HttpRequest, row: Query | None) -> HttpResponse:
    # another page may hand over a rule to begin with
    begun = {"expression": request.GET.get("expression", "")} if row is None else None
    form = QueryForm(request.POST or None, instance=row, initial=begun)
    if request.method == "POST" and form.is_valid():
        assert isinstance(request.user, Member)
        rules.save_query(query=row.pk if row else None, member=request.user, **form.cleaned_data)
        return redirect("listen:queries")
    status = 422 if form.errors else 200
    return render(request, "listen/query.html", {"form": form, "query": row}, status=status)


def _wrong(expression: str, error: LanguageError) -> dict[str, object]:
    place = min(error.position, len(expression))
    return {
        "state": "wrong",
        "message": _(str(error)),
        "before": expression[:place],
        "here": expression[place : place + 1],
        "after": expression[place + 1 :],
    }
