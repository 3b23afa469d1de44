"""Whom a note can name: for the list that opens behind an "@"."""

from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_GET

from sori.staff.permissions import Permission, requires
from sori.staff.selectors import who_may


@requires(Permission.WRITE_NOTE)
@require_GET
def colleagues(request: HttpRequest) -> JsonResponse:  # noqa: ARG001
    """Everybody who may read the inbox: name and department."""
    people = who_may(Permission.READ_INBOX)
    named = [{"name": one["name"], "place": one["department__name"] or ""} for one in people]
    response = JsonResponse({"colleagues": named})
    response["Cache-Control"] = "private, max-age=60"
    return response
