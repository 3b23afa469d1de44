"""Views of the inbox: what a list was narrowed to, under a name."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from sori.listen import saved_views
from sori.listen.models import View
from sori.respond.views.place import ROOM, me, read_place
from sori.staff.doing import doing
from sori.staff.models import Role
from sori.staff.permissions import Permission, requires


@requires(Permission.RUN_CASE)
@require_POST
def save_view(request: HttpRequest) -> HttpResponse:
    """Keep the list that the address names."""
    name = saved_views.clean_name(request.POST.get("name", ""))
    if not name:
        messages.error(request, _("A view needs a name of at most 80 characters."))
        return redirect(_back(request))
    query = read_place(request)._replace(after="", query="").suffix().removeprefix("?")
    shared = request.POST.get("shared", "")
    saved_views.save_view(
        name=name,
        member=me(request),
        query=query,
        shared=bool(shared),
        role=shared if shared in Role.values else "",
        room=ROOM,
    )
    messages.success(request, _("The view “%(name)s” is saved.") % {"name": name})
    return redirect(_back(request))


@requires(Permission.RUN_CASE)
@require_POST
def delete_view(request: HttpRequest, view: int) -> HttpResponse:
    """Throw a view away."""
    with doing(request):
        row = get_object_or_404(View, pk=view, room=ROOM)
        saved_views.delete_view(view=row, member=me(request))
    return redirect(_back(request))


def _back(request: HttpRequest) -> str:
    return reverse("respond:inbox") + read_place(request).suffix()
