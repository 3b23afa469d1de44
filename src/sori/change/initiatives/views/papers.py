"""Files beside an initiative: taken in, handed out, taken away."""

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from sori.change.initiatives import files
from sori.change.initiatives.forms import FileForm
from sori.change.initiatives.models import Attachment, Initiative
from sori.errors import LakeError
from sori.respond.views.pages import SANDBOX
from sori.staff.doing import doing
from sori.staff.permissions import Permission, me, requires


@requires(Permission.PROPOSE_INITIATIVE)
@require_POST
def keep(request: HttpRequest, initiative: int) -> HttpResponse:
    """Lay a file beside it."""
    row = get_object_or_404(Initiative, pk=initiative)
    form = FileForm(request.POST, request.FILES)
    if form.is_valid():
        file = form.cleaned_data["file"]
        content = file.read(files.LARGEST + 1)
        with doing(request):
            files.keep(initiative=row, member=me(request), name=file.name, content=content)
    else:
        messages.error(request, _("Choose a file first."))
    return _back(row.pk)


@requires(Permission.PROPOSE_INITIATIVE)
@require_POST
def remove(request: HttpRequest, initiative: int, file: int) -> HttpResponse:
    """Take a file away."""
    row = get_object_or_404(Attachment, pk=file, initiative=initiative)
    files.remove(attachment=row, member=me(request))
    return _back(initiative)


@requires(Permission.READ_INITIATIVES)
@require_safe
def file(request: HttpRequest, initiative: int, file: int) -> FileResponse:  # noqa: ARG001
    """A picture to look at, anything else to be saved and never to be opened inside our pages."""
    row = get_object_or_404(Attachment, pk=file, initiative=initiative)
    try:
        opened = files.path(row).open("rb")
    except (LakeError, OSError):
        raise Http404 from None
    response = FileResponse(
        opened,
        as_attachment=not row.picture,
        filename=row.name,
        content_type=row.picture or "application/octet-stream",
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = SANDBOX
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    response["Cache-Control"] = "private"
    return response


def _back(initiative: int) -> HttpResponse:
    address = redirect("initiatives:initiative", initiative=initiative)
    address["Location"] += "#files"
    return address
