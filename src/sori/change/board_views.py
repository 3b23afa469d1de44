"""The board: what people say, by weight; and by which points it is weighed."""

from typing import Any, Final
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from sori.change import listing, runs, selectors, surging, weight_forms
from sori.change.forms import read_wanted
from sori.change.listing import SORTS, STATES, Wanted
from sori.change.models import Dismissal
from sori.change.weighing import BOUNDS, Weights, most
from sori.change.weight_forms import read_weights
from sori.change.weights import save_weights, weights
from sori.mention import KINDS
from sori.staff.permissions import Permission, allows, me, requires

_USUAL: Final = {"state": STATES[0], "sort": SORTS[0]}


@requires(Permission.READ_OVERVIEW)
@require_GET
def themes(request: HttpRequest) -> HttpResponse:
    """What many people say, the weightiest first."""
    kept, worth = weights(), allows(request.user, Permission.READ_VALUE)
    form = read_weights(request.GET, kept, worth=worth)
    tried = form.weights() if form.is_bound and form.is_valid() else None
    wanted = read_wanted(request.GET, tried)
    page = Paginator(listing.listed(wanted), listing.PAGE).get_page(request.GET.get("page"))
    rows = list(page.object_list)

    def link(page: int = 1, *, kept_points: bool = False, **changes: str) -> str:
        return _link(wanted, kept, page, kept_points=kept_points, **changes)

    context: dict[str, Any] = {
        **weight_forms.in_words(),
        "run": selectors.newest_run(),
        "wanted": wanted,
        "states": STATES,
        "sorts": SORTS,
        "kinds": KINDS,
        "channels": listing.channels(),
        "rows": rows,
        "looking": not rows and runs.looking(),
        "first": page.start_index(),
        "heaviest": most(wanted.tried or kept),
        "count": page.paginator.count,
        "newer": link(page.number - 1) if page.has_previous() else "",
        "older": link(page.number + 1) if page.has_next() else "",
        "link": link,
        "surges": surging.now(),
        "dismissals": _dismissals(wanted, rows),
        "may_read_all": allows(request.user, Permission.READ_INBOX),
        "may_read_value": worth,
        "form": form,
        "words": [bound for bound in form if bound.name not in BOUNDS],
        "bounds": [bound for bound in form if bound.name in BOUNDS],
        "tried": weight_forms.written(tried, kept) if tried else {},
    }
    return render(request, "change/themes.html", context)


@requires(Permission.CHANGE_THEMES)
@require_POST
def reweigh(request: HttpRequest) -> HttpResponse:
    """Weigh by other points from now on, for everybody."""
    worth = allows(request.user, Permission.READ_VALUE)
    if "usual" in request.POST:
        save_weights(member=me(request), wanted=Weights())
        messages.success(request, _("Themes are weighed by the usual points again."))
        return redirect("change:themes")
    form = read_weights(request.POST, weights(), worth=worth)
    if not form.is_bound or not form.is_valid():
        messages.error(request, _("These points cannot be read."))
        return redirect("change:themes")
    save_weights(member=me(request), wanted=form.weights())
    messages.success(request, _("Saved. Everybody sees the themes in this order now."))
    return redirect("change:themes")


def _dismissals(wanted: Wanted, rows: list[listing.Row]) -> dict[int, Dismissal]:
    """Why the themes of a page were dismissed."""
    if wanted.state != "hidden":
        return {}
    standing = Dismissal.objects.filter(
        theme__in=[row.theme.pk for row in rows], taken_back_at=None
    )
    return {one.theme_id: one for one in standing.select_related("member")}


def _link(wanted: Wanted, kept: Weights, page: int, *, kept_points: bool, **changes: str) -> str:
    """The address of the same list, with something changed."""
    asked = {"state": wanted.state, "kind": wanted.kind, "channel": wanted.channel,
             "q": wanted.words, "sort": wanted.sort,
             "campaigns": "no" if wanted.own else ""} | changes  # fmt: skip
    said: dict[str, Any] = {
        name: value for name, value in asked.items() if value and value != _USUAL.get(name)
    }
    if wanted.tried and not kept_points:
        said |= weight_forms.written(wanted.tried, kept)
    if page > 1:
        said["page"] = page
    return f"?{urlencode(said)}" if said else "?"
