"""Keep a selection as a view, and take its mentions home as a file."""

from typing import Any, Final
from urllib.parse import parse_qsl

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from sori.database import write_atomic
from sori.errors import LakeError
from sori.insight.explore.export import csv_lines, exported, for_the_journal, parquet
from sori.insight.explore.requests import look_through
from sori.insight.explore.selection import Selection, query_string, read
from sori.insight.explore.views import address
from sori.journal.services import record
from sori.listen import saved_views
from sori.listen.models import View
from sori.staff.doing import doing
from sori.staff.models import Member
from sori.staff.permissions import Permission, requires

FORMATS: Final = {"csv": "text/csv; charset=utf-8", "parquet": "application/vnd.apache.parquet"}


@requires(Permission.READ_MENTIONS)
@require_POST
def save_view(request: HttpRequest) -> HttpResponse:
    """Give the selection a name."""
    selection, name = _posted(request), _name(request)
    if not name:
        messages.error(request, _("A view needs a name of at most 80 characters."))
        return redirect(address(selection))
    saved_views.save_view(
        name=name,
        member=_member(request),
        query=query_string(selection),
        shared="shared" in request.POST,
    )
    messages.success(request, _("The view “%(name)s” is saved.") % {"name": name})
    return redirect(address(selection))


@requires(Permission.READ_MENTIONS)
@require_POST
def change_view(request: HttpRequest, view: int) -> HttpResponse:
    """Give a view another name, share it or keep it to oneself."""
    row, name = _visible(request, view), _name(request)
    if not name:
        messages.error(request, _("A view needs a name of at most 80 characters."))
        return redirect(_back(request))
    with doing(request):
        saved_views.change_view(
            view=row, member=_member(request), name=name, shared="shared" in request.POST
        )
    return redirect(_back(request))


@requires(Permission.READ_MENTIONS)
@require_POST
def delete_view(request: HttpRequest, view: int) -> HttpResponse:
    """Throw a view away."""
    with doing(request):
        saved_views.delete_view(view=_visible(request, view), member=_member(request))
    return redirect(_back(request))


@requires(Permission.EXPORT_MENTIONS)
@require_POST
def export(request: HttpRequest, form: str) -> HttpResponseBase:
    """The mentions of a selection as a file; the journal remembers who took what."""
    if form not in FORMATS:
        raise Http404
    selection = _posted(request)
    look = look_through(selection)
    salt = salted_hmac("sori.insight.explore.export", "author").hexdigest()
    try:
        rows, capped = exported(look, salt)
    except LakeError:
        messages.error(request, _("The lake could not be read. Please try again."))
        return redirect(address(selection))
    member = _member(request)
    with write_atomic():
        record("mentions.exported", f"member:{member.pk}", member=member, format=form,
               rows=rows.num_rows, capped=capped, selection=for_the_journal(selection))  # fmt: skip
    body: Any = csv_lines(rows) if form == "csv" else [parquet(rows)]
    response = StreamingHttpResponse(body, content_type=FORMATS[form])
    day = timezone.localdate().isoformat()
    name = f"sori-mentions-{day}{f'-newest-{rows.num_rows}' if capped else ''}.{form}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _posted(request: HttpRequest) -> Selection:
    selection, _problems = read(parse_qsl(request.POST.get("selection", "")))
    return selection


def _name(request: HttpRequest) -> str:
    return saved_views.clean_name(request.POST.get("name", ""))


def _visible(request: HttpRequest, key: int) -> View:
    """A view the member may see; of others' views not even that they are there is said."""
    rows = saved_views.views_for(_member(request))
    if key not in {row["id"] for row in rows}:
        raise Http404
    return get_object_or_404(View, pk=key)


def _back(request: HttpRequest) -> str:
    return address(_posted(request))


def _member(request: HttpRequest) -> Member:
    assert isinstance(request.user, Member)
    return request.user
