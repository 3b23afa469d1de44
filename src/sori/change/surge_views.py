"""The pages of the surges: what grows now, what grew lately, and one surge."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from sori.change import surging, voices
from sori.change.models import Surge
from sori.listen import memory
from sori.respond.selectors import cases_of
from sori.staff.permissions import Permission, allows, requires


@requires(Permission.READ_OVERVIEW)
@require_GET
def surges(request: HttpRequest) -> HttpResponse:
    """What grows now, and what grew in the last thirty days."""
    now_open = [surge for one in surging.now() for surge in (one.surge, *one.parts)]
    context = {"now_open": now_open, "past": surging.past()}
    return render(request, "change/surges.html", context)


@requires(Permission.READ_OVERVIEW)
@require_GET
def now(request: HttpRequest) -> HttpResponse:
    """What grows now; a part of a page."""
    return render(request, "change/surges_now.html", {"surges": surging.now()})


@requires(Permission.READ_OVERVIEW)
@require_GET
def surge(request: HttpRequest, surge: int) -> HttpResponse:
    """One surge: since when, how much, who, where it began, and with which words."""
    row = get_object_or_404(Surge, pk=surge)
    private = allows(request.user, Permission.READ_INBOX)
    made = voices.of_surge(memory.counting_reader(), row, private=private)
    context: dict[str, Any] = {
        "surge": row,
        "first": made.first,
        "carriers": made.carriers,
        "cases": cases_of(one["id"] for one in made.first) if private else {},
        "parts": list(Surge.objects.filter(within=row)),
    }
    return render(request, "change/surge.html", context)
