"""What people decide about themes; every address does one thing and leads back to a page."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from sori.change import services, voices
from sori.change.forms import DismissForm, EffortForm, NameForm, OtherForm
from sori.change.models import Correction, Theme
from sori.errors import Refused
from sori.listen import memory
from sori.staff.doing import doing
from sori.staff.permissions import Permission, me, requires


@requires(Permission.CHANGE_THEMES)
@require_POST
def rename(request: HttpRequest, theme: int) -> HttpResponse:
    """Give a theme a name."""
    row = get_object_or_404(Theme, pk=theme)
    form = NameForm(request.POST, instance=row)
    if form.is_valid():
        services.rename(theme=theme, name=form.cleaned_data["name"], member=me(request))
    else:
        messages.error(request, _("That name does not work."))
    return redirect("change:theme", theme=theme)


@requires(Permission.CHANGE_THEMES)
@require_POST
def merge(request: HttpRequest, theme: int) -> HttpResponse:
    """Count a theme with another one."""
    row = get_object_or_404(Theme, pk=theme)
    form = OtherForm(request.POST, theme=row)
    if not form.is_valid():
        messages.error(request, _("Choose a theme it belongs to."))
        return redirect("change:theme", theme=theme)
    into: Theme = form.cleaned_data["other"]
    try:
        services.merge(theme=theme, into=into.pk, member=me(request))
    except Refused as error:
        messages.error(request, str(error))
        return redirect("change:theme", theme=theme)
    messages.success(request, _("They are one theme now. The counts follow within a minute."))
    return redirect("change:theme", theme=into.pk)


@requires(Permission.CHANGE_THEMES)
@require_POST
def part(request: HttpRequest, theme: int) -> HttpResponse:
    """Take a merged theme out again."""
    get_object_or_404(Theme, pk=theme)
    with doing(request, _("It is a theme of its own again.")):
        services.part(theme=theme, member=me(request))
    return redirect("change:theme", theme=theme)


@requires(Permission.CHANGE_THEMES)
@require_POST
def dismiss(request: HttpRequest, theme: int) -> HttpResponse:
    """Say that nothing follows from a theme, and why."""
    get_object_or_404(Theme, pk=theme)
    form = DismissForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Choose why nothing follows from it."))
        return redirect("change:theme", theme=theme)
    said = {"reason": form.cleaned_data["reason"], "words": form.cleaned_data["words"]}
    try:
        services.dismiss(theme=theme, member=me(request), **said)
    except Refused as error:
        messages.error(request, str(error))
        return redirect("change:theme", theme=theme)
    messages.success(request, _("Dismissed, with your name. It can be taken back at any time."))
    return redirect("change:themes")


@requires(Permission.CHANGE_THEMES)
@require_POST
def take_back(request: HttpRequest, theme: int) -> HttpResponse:
    """Say that something follows from a theme after all."""
    get_object_or_404(Theme, pk=theme)
    services.take_back(theme=theme, member=me(request))
    return redirect("change:theme", theme=theme)


@requires(Permission.CHANGE_THEMES)
@require_POST
def estimate(request: HttpRequest, theme: int) -> HttpResponse:
    """Say how much work a change would be."""
    row = get_object_or_404(Theme, pk=theme)
    form = EffortForm(request.POST, instance=row)
    if form.is_valid():
        services.estimate(theme=theme, effort=form.cleaned_data["effort"], member=me(request))
    else:
        messages.error(request, _("Choose how much work it would be."))
    return redirect("change:theme", theme=theme)


@requires(Permission.READ_OVERVIEW)
@require_POST
def follow(request: HttpRequest, theme: int) -> HttpResponse:
    """Hear what becomes of a theme, or not any more."""
    get_object_or_404(Theme, pk=theme)
    if request.POST.get("follow") == "no":
        services.unsubscribe(theme=theme, member=me(request))
    else:
        services.subscribe(theme=theme, member=me(request))
        messages.success(request, _("You will be told what becomes of it."))
    return redirect("change:theme", theme=theme)


@requires(Permission.CHANGE_THEMES)
@require_POST
def correct(request: HttpRequest, theme: int, mention: str) -> HttpResponse:
    """Take a voice out of a theme, or put it into another one."""
    row = get_object_or_404(Theme, pk=theme)
    said = voices.one(memory.reader(), row, mention, private=True)
    if said is None:
        raise Http404
    if request.POST.get("verb") == "move":
        form = OtherForm(request.POST, theme=row)
        if not form.is_valid():
            messages.error(request, _("Choose a theme it belongs to."))
            return redirect("change:voice", theme=theme, mention=mention)
        into: Theme = form.cleaned_data["other"]
        services.put_in(mention=mention, theme=into.pk, member=me(request))
    else:
        services.take_out(mention=mention, theme=said["number"], member=me(request))
    messages.success(request, _("Noted, for all later runs too. The counts follow in a minute."))
    return redirect("change:theme", theme=theme)


@requires(Permission.CHANGE_THEMES)
@require_POST
def undo(request: HttpRequest, correction: int) -> HttpResponse:
    """Take back what was said about a voice."""
    row = get_object_or_404(Correction, pk=correction)
    services.undo(correction=correction, member=me(request))
    return redirect("change:theme", theme=row.theme_id)
