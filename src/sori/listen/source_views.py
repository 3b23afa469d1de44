"""The pages of the sources: how each one is, its ledger, its quarantine, its settings."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from sori.channels import registry
from sori.channels.abilities import abilities
from sori.channels.contract import Pushed
from sori.errors import ConfigurationError, Refused
from sori.listen import selectors, services
from sori.listen.forms import SourceForm
from sori.listen.models import Quarantine, Source
from sori.listen.settings_form import SettingsForm, file_fields
from sori.listen.uploads import with_uploads
from sori.listen.vault import opened_secrets
from sori.staff.models import Member
from sori.staff.permissions import Permission, requires

get_or_post = require_http_methods(["GET", "HEAD", "POST"])


@requires(Permission.READ_SOURCES)
@require_GET
def sources(request: HttpRequest) -> HttpResponse:
    """Every source and how it is."""
    context = {"sources": selectors.sources(), "quarantine": selectors.quarantine(limit=1)}
    return render(request, "listen/sources.html", context)


@requires(Permission.READ_SOURCES)
@require_GET
def source(request: HttpRequest, source: int) -> HttpResponse:
    """One source: its health, its ledger run by run, what it could not read."""
    row = get_object_or_404(Source, pk=source)
    context = {
        "source": selectors.source(source),
        "runs": selectors.runs(source, limit=30),
        "quarantine": selectors.quarantine(source),
        "form_address": _form_address(request, row),
        "ability": next(one for one in abilities() if one["name"] == row.channel),
    }
    return render(request, "listen/source.html", context)


@requires(Permission.CHANGE_SOURCES)
@require_GET
def choose_channel(request: HttpRequest) -> HttpResponse:
    """Which kind of place is to be listened to?"""
    rows = [row for row in abilities() if row["name"] != "demo"]
    return render(request, "listen/choose_channel.html", {"channels": rows})


@requires(Permission.CHANGE_SOURCES)
@get_or_post
def new_source(request: HttpRequest, channel: str) -> HttpResponse:
    """Connect a place."""
    if channel not in registry.names():
        return redirect("listen:choose_channel")
    door = registry.channel(channel)
    form = SourceForm(request.POST or None, initial={"interval": 60})
    asked = SettingsForm(request.POST or None, request.FILES or None, model=door.Settings)
    if request.method == "POST" and form.is_valid() and asked.is_valid():
        try:
            made = services.add_source(
                channel=channel,
                settings=with_uploads(asked.cleaned_data),
                member=_member(request),
                **form.cleaned_data,
            )
        except ConfigurationError as error:
            asked.add_error(None, str(error))
        else:
            return redirect("listen:source", source=made.pk)
    return _settings_page(request, form, asked, channel, None)


@requires(Permission.CHANGE_SOURCES)
@get_or_post
def change_source(request: HttpRequest, source: int) -> HttpResponse:
    """Change a source's settings; secrets left empty stay."""
    row = get_object_or_404(Source, pk=source)
    model = registry.channel(row.channel).Settings
    form = SourceForm(request.POST or None, instance=row)
    asked = SettingsForm(
        request.POST or None,
        request.FILES or None,
        model=model,
        kept=frozenset(opened_secrets(row)) | file_fields(model),
        initial=row.settings,
    )
    if request.method == "POST" and form.is_valid() and asked.is_valid():
        try:
            services.change_source(
                source=Source.objects.get(pk=source),
                settings=row.settings | with_uploads(asked.cleaned_data),
                member=_member(request),
                **form.cleaned_data,
            )
        except ConfigurationError as error:
            asked.add_error(None, str(error))
        else:
            return redirect("listen:source", source=source)
    return _settings_page(request, form, asked, row.channel, row)


@requires(Permission.RUN_SOURCES)
@require_POST
def steer(request: HttpRequest, source: int, verb: str) -> HttpResponse:
    """Pause, resume, or poll a source now."""
    row = get_object_or_404(Source, pk=source)
    verbs = {"pause": services.pause, "resume": services.resume, "poll": services.poll_now}
    try:
        verbs[verb](source=row, member=_member(request))
    except Refused as error:
        messages.error(request, _(str(error)))
    return redirect("listen:source", source=source)


@requires(Permission.RUN_SOURCES)
@require_POST
def replay(request: HttpRequest, item: int) -> HttpResponse:
    """Have a quarantined item read again."""
    row = get_object_or_404(Quarantine.objects.select_related("source"), pk=item)
    try:
        services.replay(quarantine=row, member=_member(request))
        messages.success(request, _("It is read again with the next visit, in a moment."))
    except Refused as error:
        messages.error(request, _(str(error)))
    return redirect("listen:source", source=row.source_id)


def _member(request: HttpRequest) -> Member:
    assert isinstance(request.user, Member)
    return request.user


def _settings_page(
    request: HttpRequest,
    form: SourceForm,
    asked: SettingsForm,
    channel: str,
    row: Source | None,
) -> HttpResponse:
    context: dict[str, Any] = {
        "form": form,
        "asked": asked,
        "channel": channel,
        "source": row,
        "pushed": isinstance(registry.channel(channel), Pushed),
    }
    status = 422 if form.errors or asked.errors else 200
    return render(request, "listen/source_form.html", context, status=status)


def _form_address(request: HttpRequest, row: Source) -> str:
    if row.channel != "webform":
        return ""
    return request.build_absolute_uri(f"/form/{row.slug}/")
