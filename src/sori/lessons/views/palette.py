"""Correct a label with one key, choose topics by typing, and take a correction back."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST
from django_htmx.http import trigger_client_event

from sori.errors import Refused
from sori.lessons import selectors, services
from sori.lessons.choosing import topic_names, topics_like
from sori.lessons.forms import CorrectionForm, RestoreForm
from sori.lessons.labels import LABELS, Label
from sori.lessons.voices import voice
from sori.staff.permissions import Permission, me, requires


@requires(Permission.CORRECT_LABELS)
@require_POST
def correct(request: HttpRequest) -> HttpResponse:
    """Say what a label should be."""
    form = CorrectionForm(request.POST)
    if not form.is_valid():
        return _refused(request, _("There is no such label."))
    mention: str = form.cleaned_data["mention"]
    label, choice = form.cleaned_data["choice"]
    value = _toggled(mention, label, choice.value) if label.many else choice.value

    def deed() -> None:
        services.correct(mention=mention, label=label.name, value=value, member=me(request))

    return _labelled(request, mention, deed)


@requires(Permission.CORRECT_LABELS)
@require_POST
def restore(request: HttpRequest) -> HttpResponse:
    """Take a correction back."""
    form = RestoreForm(request.POST)
    if not form.is_valid():
        return _refused(request, _("There is no such label."))
    mention, label = form.cleaned_data["mention"], form.cleaned_data["label"]

    def deed() -> None:
        services.uncorrect(mention=mention, label=label, member=me(request))

    return _labelled(request, mention, deed)


@requires(Permission.CORRECT_LABELS)
@require_GET
def topics(request: HttpRequest, mention: str) -> HttpResponse:
    """The topics a mention has, and those that what was typed may mean: a part of the palette."""
    has, typed = _has(mention, LABELS["topics"]), request.GET.get("typed", "").strip()[:60]
    found = topics_like(typed) if typed else has
    names = topic_names()
    context = {
        "typed": typed,
        "found": [(slug, names.get(slug, slug), slug in has) for slug in found],
    }
    return render(request, "lessons/likely.html", context)


def _labelled(request: HttpRequest, mention: str, deed: Callable[[], None]) -> HttpResponse:
    """Do it, and show the labels as they are now."""
    try:
        deed()
    except Refused as refused:
        return _refused(request, str(refused))
    row = voice(mention)
    if not request.htmx or row is None:  # type: ignore[attr-defined]
        return redirect(_back(request))
    context: dict[str, Any] = {name: name in request.POST for name in ("key", "judging")}
    context["row"] = selectors.labels_of(row)
    response = render(request, "lessons/labels.html", context)
    # whatever else on the page shows these labels asks for itself again
    return trigger_client_event(response, "relabelled", {"mention": mention}, after="swap")


def _toggled(mention: str, label: Label, value: Any) -> list[Any]:
    """What a mention has of a label, with one value more or one less, in the order of the label."""
    has = _has(mention, label)
    now = [one for one in has if one != value] if value in has else [*has, value]
    order = [choice.value for choice in label.choices]
    return sorted(now, key=order.index) if order else now


def _has(mention: str, label: Label) -> list[Any]:
    row = voice(mention)
    shown = selectors.labels_of(row)["labels"] if row else []
    now = next((one["value"] for one in shown if one["name"] == label.name), None)
    return list(now or ())


def _refused(request: HttpRequest, words: str) -> HttpResponse:
    if not request.htmx:  # type: ignore[attr-defined]
        messages.error(request, words)
        return redirect(_back(request))
    said = {"text": words, "tone": "bad"}
    return trigger_client_event(HttpResponse(status=204), "toast", said)


def _back(request: HttpRequest) -> str:
    """The page the form stood on."""
    came_from = request.headers.get("Referer", "")
    ours = url_has_allowed_host_and_scheme(
        came_from, {request.get_host()}, require_https=request.is_secure()
    )
    return came_from if ours else "/"
