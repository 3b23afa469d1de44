"""Ways out of the house: messengers of one's own, and rooms that the company shares."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from sori.errors import Refused
from sori.notifications import chatting, selectors, services
from sori.notifications.choice_views import choice_context
from sori.notifications.forms import HeardForm, OutletForm, RoomForm
from sori.notifications.models import Outlet
from sori.staff.doing import doing
from sori.staff.permissions import Permission, allows, me, requires

SHARES = Permission.CHANGE_SOURCES
"""Who connects the company with other places."""


@requires(Permission.SIGNED_IN)
@require_POST
def add(request: HttpRequest) -> HttpResponse:
    """A messenger of my own."""
    form = OutletForm(request.POST)
    if form.is_valid() and _added(request, form, shared=False):
        return redirect("notifications:choices")
    context = choice_context(me(request), adding=form)
    return render(request, "notifications/choices.html", context, status=422)


@requires(SHARES)
@require_http_methods(["GET", "HEAD", "POST"])
def rooms(request: HttpRequest) -> HttpResponse:
    """The rooms that the company shares, and the form that adds one."""
    form = RoomForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _added(request, form, shared=True):
        return redirect("notifications:rooms")
    context: dict[str, Any] = {
        "form": form,
        "rooms": [(one, _heard(one)) for one in selectors.outlets(None)],
        "chat_works": chatting.installed(),
    }
    return render(request, "notifications/rooms.html", context, status=422 if form.errors else 200)


@requires(SHARES)
@require_POST
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """What a shared room hears."""
    outlet = get_object_or_404(Outlet, pk=pk, member=None)
    form = HeardForm(request.POST, prefix=f"room{pk}")
    if form.is_valid():
        services.change_outlet(outlet=outlet, member=me(request), **form.cleaned_data)
        messages.success(request, _("Saved."))
    else:
        messages.error(request, _("Choose at least one thing that is told there."))
    return redirect("notifications:rooms")


@requires(Permission.SIGNED_IN)
@require_POST
def attempt(request: HttpRequest, pk: int) -> HttpResponse:
    """Send a word through it now."""
    outlet = _mine(request, pk)
    with doing(request, _("It arrived. Look there.")):
        services.try_outlet(outlet=outlet, member=me(request))
    return _back(outlet)


@requires(Permission.SIGNED_IN)
@require_POST
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Take it away."""
    outlet = _mine(request, pk)
    services.remove_outlet(outlet=outlet, member=me(request))
    messages.success(request, _("Removed."))
    return _back(outlet)


def _added(request: HttpRequest, form: OutletForm, *, shared: bool) -> bool:
    """Add what the form says; what is wrong with its address is written into the form."""
    try:
        outlet = services.add_outlet(member=me(request), shared=shared, **form.cleaned_data)
    except Refused as refused:
        form.add_error("address", str(refused))
        return False
    messages.success(request, _("%s is connected. Try it now.") % outlet.service)
    return True


def _heard(outlet: Outlet) -> HeardForm:
    initial = {"occasions": outlet.occasions, "words": outlet.words}
    return HeardForm(initial=initial, prefix=f"room{outlet.pk}")


def _mine(request: HttpRequest, pk: int) -> Outlet:
    """An outlet of this member, or one of the company's for those who may change them."""
    outlet = get_object_or_404(Outlet, pk=pk, way=Outlet.Way.CHAT)
    if outlet.member_id != me(request).pk and not (
        outlet.member_id is None and allows(request.user, SHARES)
    ):
        raise Http404
    return outlet


def _back(outlet: Outlet) -> HttpResponse:
    return redirect("notifications:rooms" if outlet.member_id is None else "notifications:choices")
