"""The inbox to look at: the list, a case beside it, older turns of it, files that came with it."""

import re
from datetime import datetime
from urllib.parse import urlsplit

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.views.decorators.http import require_safe
from django_htmx.http import push_url

from sori.errors import LakeError
from sori.lake.attachments import Attachments
from sori.respond.joining import root
from sori.respond.models import Message
from sori.respond.prose import file_name
from sori.respond.services import mark_read
from sori.respond.views.case import case_context
from sori.respond.views.place import Place, list_context, me, read_place
from sori.respond.views.showing import case_address
from sori.staff.permissions import Permission, requires

SANDBOX = "sandbox; default-src 'none'"


@requires(Permission.READ_INBOX)
@require_safe
def inbox(request: HttpRequest) -> HttpResponse:
    """The list, with nothing open."""
    place = read_place(request)
    context = list_context(request, place)
    target = request.htmx.target  # type: ignore[attr-defined]
    if target == "rows":
        return render(request, "respond/rows_again.html", context)
    if target == "older":
        return render(request, "respond/rows_older.html", context)
    if target == "found":
        response = render(request, "respond/list.html", context)
        return push_url(response, _beside(request, place))
    return render(request, "respond/inbox.html", context)


@requires(Permission.READ_INBOX)
@require_safe
def case(request: HttpRequest, case: int) -> HttpResponse:
    """A case beside the list; htmx gets the part it names."""
    before = _before(request)
    context = case_context(request, case, before=before)
    if context["case"]["joined_into_id"] is not None:
        return redirect(case_address(request, root(case)))
    context["suffix"] = read_place(request).suffix()
    context["composer_idle"] = request.GET.get("composer") == "idle"
    if before is None:
        mark_read(case=case, member=me(request))
        context["case"]["unread"] = False
    parts = {
        "opened": "respond/opened.html",
        "timeline": "respond/timeline_again.html",
        "earlier": "respond/timeline.html",
        "composer": "respond/composer.html",
    }
    target = request.htmx.target  # type: ignore[attr-defined]
    if target in parts:
        return render(request, parts[target], context)
    context |= list_context(request, read_place(request), opened=case)
    return render(request, "respond/inbox.html", context)


@requires(Permission.READ_INBOX)
@require_safe
def attachment(request: HttpRequest, case: int, message: int, number: int) -> FileResponse:  # noqa: ARG001
    """A file a customer sent, to be saved and never to be opened inside our pages."""
    row = get_object_or_404(Message, pk=message, conversation__case=case)
    try:
        named = row.attachments[number]
        path = Attachments(settings.FILES).path(named["digest"])
    except (IndexError, KeyError, TypeError, LakeError):
        raise Http404 from None
    response = FileResponse(
        path.open("rb"),
        as_attachment=True,
        filename=file_name(named.get("name")) or f"file-{message}-{number}",
        content_type="application/octet-stream",
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = SANDBOX
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    return response


def _beside(request: HttpRequest, place: Place) -> str:
    """The address of this list beside whatever is open in the page that asked."""
    standing = urlsplit(request.htmx.current_url_abs_path or "").path  # type: ignore[attr-defined]
    open_case = re.fullmatch(re.escape(reverse("respond:inbox")) + r"\d+/", standing)
    return (standing if open_case else reverse("respond:inbox")) + place.suffix()


def _before(request: HttpRequest) -> datetime | None:
    try:
        asked = parse_datetime(request.GET.get("before", ""))
    except ValueError:
        return None
    return asked if asked and asked.tzinfo else None
