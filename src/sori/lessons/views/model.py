"""Have the company's own heads learned, watch it, and go back to an earlier version."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from sori.lessons import selectors, versions
from sori.lessons.forms import VersionForm
from sori.lessons.models import Version
from sori.lessons.training import ask_to_retrain
from sori.staff.permissions import Permission, me, requires

MODEL = "/model/"


@requires(Permission.TRAIN_MODEL)
@require_POST
def retrain(request: HttpRequest) -> HttpResponse:
    """Ask a worker to learn the company's own heads."""
    ask_to_retrain(member=me(request))
    return training(request) if request.htmx else redirect(MODEL)  # type: ignore[attr-defined]


@requires(Permission.READ_MODEL)
@require_safe
def watch(request: HttpRequest) -> HttpResponse:
    """How far the learning is; the page asks as long as there is one."""
    return training(request)


@requires(Permission.TRAIN_MODEL)
@require_POST
def speak(request: HttpRequest) -> HttpResponse:
    """Let an earlier version speak, or the shipped model alone."""
    form = VersionForm(request.POST)
    number = form.cleaned_data["version"] if form.is_valid() else 0
    try:
        versions.roll_back(to=number, member=me(request))
    except Version.DoesNotExist:
        messages.error(request, _("There is no such version."))
        return redirect(MODEL)
    if number:
        messages.success(request, _("Version %(number)s speaks now.") % {"number": number})
    else:
        messages.success(request, _("The shipped model speaks alone now."))
    return redirect(MODEL)


def training(request: HttpRequest) -> HttpResponse:
    """The last training, as a part of a page."""
    return render(request, "lessons/training.html", {"training": selectors.training()})
