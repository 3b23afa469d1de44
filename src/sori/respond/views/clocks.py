"""The pages of clocks: policies in their order, working hours, and what they would mean."""

from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from sori.respond import policies, sla
from sori.respond.clock_forms import WEEK, CalendarForm, PolicyForm
from sori.respond.clock_models import Calendar, Policy
from sori.respond.previewing import preview
from sori.respond.views.place import me
from sori.staff.permissions import Permission, requires

get_or_post = require_http_methods(["GET", "HEAD", "POST"])


@requires(Permission.CHANGE_CLOCKS)
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """All policies in the order in which they are asked, and all working hours."""
    return render(request, "respond/clocks/overview.html", policies.listed())


@requires(Permission.CHANGE_CLOCKS)
@get_or_post
def new_policy(request: HttpRequest) -> HttpResponse:
    """Write a policy."""
    return _policy(request, None)


@requires(Permission.CHANGE_CLOCKS)
@get_or_post
def policy(request: HttpRequest, policy: int) -> HttpResponse:
    """Change a policy, for clocks that start later."""
    return _policy(request, get_object_or_404(Policy, pk=policy))


@requires(Permission.CHANGE_CLOCKS)
@require_POST
def up(request: HttpRequest, policy: int) -> HttpResponse:
    """Let it be asked earlier."""
    get_object_or_404(Policy, pk=policy)
    policies.move_up(policy=policy, member=me(request))
    return redirect("respond:clocks")


@requires(Permission.CHANGE_CLOCKS)
@get_or_post
def new_calendar(request: HttpRequest) -> HttpResponse:
    """Write working hours."""
    return _calendar(request, None)


@requires(Permission.CHANGE_CLOCKS)
@get_or_post
def calendar(request: HttpRequest, calendar: int) -> HttpResponse:
    """Change working hours, for clocks that start later."""
    return _calendar(request, get_object_or_404(Calendar, pk=calendar, retired_at=None))


@requires(Permission.CHANGE_CLOCKS)
@require_POST
def preview_policy(request: HttpRequest) -> HttpResponse:
    """When voices would be due by the policy as it is being written; a part of a page."""
    form = PolicyForm(request.POST)
    form.is_valid()
    said = form.cleaned_data
    if not said.get("first_due"):
        return _preview(request, None, sla.RESPONSE)
    minute = timedelta(minutes=1)
    target = sla.Target(said["first_due"] * minute, said["first_limit"] * minute)
    # the world counts what nobody addressed to us day and night
    public = said.get("addressed") == Policy.Addressed.NOBODY
    hours = sla.WALL if public else policies.hours(said.get("calendar"))
    return _preview(request, hours, target)


@requires(Permission.CHANGE_CLOCKS)
@require_POST
def preview_calendar(request: HttpRequest) -> HttpResponse:
    """When voices would be due by the hours as they are being written; a part of a page."""
    form = CalendarForm(request.POST)
    del form.fields["name"]
    if not form.is_valid():
        return _preview(request, None, sla.RESPONSE)
    return _preview(request, policies.hours(Calendar(**form.cleaned_data)), sla.RESPONSE)


def _policy(request: HttpRequest, row: Policy | None) -> HttpResponse:
    form = PolicyForm(request.POST or None, instance=row)
    if request.method == "POST" and form.is_valid():
        policies.save_policy(
            policy=row.pk if row else None, member=me(request), **form.cleaned_data
        )
        return redirect("respond:clocks")
    context = {"form": form, "policy": row}
    status = 422 if form.errors else 200
    return render(request, "respond/clocks/policy.html", context, status=status)


def _calendar(request: HttpRequest, row: Calendar | None) -> HttpResponse:
    form = CalendarForm(request.POST or None, calendar=row)
    if request.method == "POST" and form.is_valid():
        policies.save_calendar(
            calendar=row.pk if row else None, member=me(request), fields=form.cleaned_data
        )
        return redirect("respond:clocks")
    week = [form[name] for name, _label in WEEK]
    context = {"form": form, "calendar": row, "week": week}
    status = 422 if form.errors else 200
    return render(request, "respond/clocks/calendar.html", context, status=status)


def _preview(request: HttpRequest, hours: sla.Calendar | None, target: sla.Target) -> HttpResponse:
    """An answer for every keystroke: what cannot be read yet is told by the form, not here."""
    shown = preview(hours, target, timezone.localtime()) if hours else []
    return render(request, "respond/clocks/preview.html", {"shown": shown})
