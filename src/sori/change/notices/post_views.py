"""A notice on channels of ours: post it, say that it was posted, decide what is unclear."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from sori.change.notices import posting
from sori.change.notices.desk_views import link_of
from sori.change.notices.models import Notice, Post
from sori.staff.doing import doing
from sori.staff.permissions import Permission, me, requires


@requires(Permission.PUBLISH_NOTICE)
@require_POST
def post(request: HttpRequest, notice: int) -> HttpResponse:
    """Let the machine post it at a place."""
    return _at_place(request, notice, posting.post, _("It is being posted."))


@requires(Permission.PUBLISH_NOTICE)
@require_POST
def posted(request: HttpRequest, notice: int) -> HttpResponse:
    """Somebody posted it."""
    return _at_place(request, notice, posting.mark_posted, _("Written down."))


@requires(Permission.PUBLISH_NOTICE)
@require_POST
def decide(request: HttpRequest, post: int) -> HttpResponse:
    """It is there after all, or it is posted again."""
    row = get_object_or_404(Post, pk=post)
    there = request.POST.get("there") == "yes"
    with doing(request, _("Written down.") if there else _("It is being posted.")):
        posting.decide(post=row, member=me(request), there=there)
    return redirect("notices:notice", notice=row.notice_id)


def _at_place(
    request: HttpRequest, notice: int, deed: Callable[..., None], words: str
) -> HttpResponse:
    row = get_object_or_404(Notice, pk=notice)
    place = request.POST.get("place", "")[:40]
    with doing(request, words):
        deed(notice=row, place=place, link=link_of(request), member=me(request))
    return redirect("notices:notice", notice=notice)
