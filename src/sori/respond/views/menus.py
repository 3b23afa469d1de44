"""The menus of the list, fetched when opened: drawn on every page they cost a third of it."""

from typing import Any
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.views.decorators.http import require_safe

from sori.listen.models import Source
from sori.listen.saved_views import views_for
from sori.mention import KINDS
from sori.respond import selectors, tagging
from sori.respond.forms import owners
from sori.respond.views.place import ROOM, Place, me, place_of, teams
from sori.staff.models import Department, Role
from sori.staff.permissions import Permission, requires


@requires(Permission.READ_INBOX)
@require_safe
def filters(request: HttpRequest) -> HttpResponse:
    """What the list can be narrowed to, and kept views; a page of its own without scripts."""
    context = _choices(request, _place(request))
    page = "filters" if request.htmx else "filters_page"  # type: ignore[attr-defined]
    return render(request, f"respond/{page}.html", context)


@requires(Permission.RUN_CASE)
@require_safe
def picked_tags(request: HttpRequest) -> HttpResponse:
    """Tags to be put on what was picked, or taken off."""
    return render(request, "respond/picked_tags.html", {"tags": tagging.everything()})


@requires(Permission.RUN_CASE)
@require_safe
def picked_more(request: HttpRequest) -> HttpResponse:
    """States, departments and owners for what was picked."""
    context = {"departments": _departments(), "owners": owners(None)}
    return render(request, "respond/picked_more.html", context)


def _place(request: HttpRequest) -> Place:
    """The list the menu was opened over: the address in the bar may have changed since."""
    current = request.htmx.current_url  # type: ignore[attr-defined]
    return place_of(QueryDict(urlsplit(current).query) if current else request.GET)


def _choices(request: HttpRequest, place: Place) -> dict[str, Any]:
    member = me(request)
    tab = place.tab or ("mine" if selectors.counts(member.pk)["mine"] else "open")
    channels = Source.objects.order_by("channel").values_list("channel", flat=True)
    return {
        "place": place,
        "tab": "" if place.query else tab,
        "here": place._replace(after="", query="").suffix().removeprefix("?"),
        "views": views_for(member, room=ROOM),
        "roles": Role.choices,
        "kinds": KINDS,
        "channels": list(channels.distinct()),
        "tags": tagging.everything(),
        "departments": _departments(),
        "teams": teams(),
        "owners": owners(None),
    }


def _departments() -> list[dict[str, Any]]:
    return [dict(row) for row in Department.objects.values("id", "name")]
