"""Pictures of articles: taken in from writers, given out to whoever may read the article."""

from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_POST, require_safe

from sori.articles import pictures
from sori.articles.forms import PictureForm
from sori.articles.models import Picture
from sori.errors import LakeError, Refused
from sori.respond.views.pages import SANDBOX
from sori.staff.permissions import Permission, allows, me, public, requires

_FOR_A_DAY = 24 * 60 * 60


@requires(Permission.WRITE_ARTICLE)
@require_POST
def keep(request: HttpRequest) -> HttpResponse:
    """Store a picture and say how to show it, as words to be put where the writer is."""
    form = PictureForm(request.POST, request.FILES)
    context: dict[str, Any] = {"picture": None, "problem": ""}
    if not form.is_valid():
        context["problem"] = next(iter(form.errors.values()))[0]
        return render(request, "articles/picture.html", context, status=422)
    file = form.cleaned_data["picture"]
    try:
        context["picture"] = pictures.keep(
            content=file.read(pictures.LARGEST + 1), member=me(request)
        )
    except Refused as refused:
        context["problem"] = str(refused)
    status = 422 if context["problem"] else 200
    return render(request, "articles/picture.html", context, status=status)


@public
@require_safe
def picture(request: HttpRequest, digest: str) -> FileResponse:
    """A picture that a public article shows, or any for the desk."""
    row = get_object_or_404(Picture, digest=digest)
    open_to_all = pictures.is_public(row)
    if not open_to_all and not allows(request.user, Permission.READ_INBOX):
        raise Http404
    try:
        file = pictures.path(row).open("rb")
    except (LakeError, OSError):
        raise Http404 from None
    response = FileResponse(file, content_type=row.media_type)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = SANDBOX
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    if open_to_all:
        response["Cache-Control"] = f"public, max-age={_FOR_A_DAY}"
    return response
