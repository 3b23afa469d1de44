"""What a member sees after doing something to a case: what came of it, or why not."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django_htmx.http import reswap, retarget, trigger_client_event

from sori.errors import Refused
from sori.respond.models import Case
from sori.respond.views.case import case_context, composer_context
from sori.respond.views.place import list_context, read_place


def attempt(
    request: HttpRequest, case: int, deed: Callable[[], object], *, composer: str = ""
) -> HttpResponse:
    """Do something to a case, then show the case; what was refused is said on the page.

    Args:
        request: what was asked.
        case: the case's id.
        deed: does it.
        composer: see `shown`.

    Raises:
        Http404: there is no such case.
    """
    if not Case.objects.filter(pk=case).exists():
        raise Http404
    try:
        deed()
    except Refused as refused:
        return shown(request, case, problem=str(refused), composer=composer)
    return shown(request, case, composer=composer)


def shown(
    request: HttpRequest, case: int, *, problem: str = "", done: str = "", composer: str = ""
) -> HttpResponse:
    """The case as it is now: for htmx the parts that may have changed, else by a redirect.

    Args:
        request: what was asked.
        case: its id.
        problem: why it was refused.
        done: what was done, in words.
        composer: what is written in that starts afresh: "reply", "note", "acknowledge" or nothing.
    """
    if not request.htmx:  # type: ignore[attr-defined]
        if problem or done:
            (messages.error if problem else messages.success)(request, problem or done)
        return redirect(case_address(request, case))
    context = case_context(request, case)
    context |= {
        "suffix": read_place(request).suffix(),
        "problem": problem,
        "done": done,
        "afresh": composer,
        "composer_idle": request.POST.get("composer") == "idle",
    }
    response = render(
        request, "respond/timeline_again.html", context, status=422 if problem else 200
    )
    trigger_client_event(response, "live", {"target": "#again"}, after="swap")
    return response


def note_again(request: HttpRequest, case: int, body: str, problem: str) -> HttpResponse:
    """The half of the composer that takes notes, with the words that were refused, and why."""
    kept = {"note": body, "note_problem": problem}
    if not request.htmx:  # type: ignore[attr-defined]
        return composer_again(request, case, **kept)
    context = {"case": {"id": case}, "composer": kept, "suffix": read_place(request).suffix()}
    response = render(request, "respond/note.html", context, status=422)
    return reswap(retarget(response, "#note"), "outerHTML")


def composer_again(request: HttpRequest, case: int, **kept: Any) -> HttpResponse:
    """The composer with the words that were refused, and why; nothing is lost."""
    context = case_context(request, case)
    context["composer"] = composer_context(request, context["thread"], **kept)
    place = read_place(request)
    context["suffix"] = place.suffix()
    if request.htmx:  # type: ignore[attr-defined]
        response = render(request, "respond/composer.html", context, status=422)
        return reswap(retarget(response, "#composer"), "outerHTML")
    context |= list_context(request, place, opened=case)
    return render(request, "respond/inbox.html", context, status=422)


def case_address(request: HttpRequest, case: int) -> str:
    """Where the case is, beside the same list."""
    return reverse("respond:case", kwargs={"case": case}) + read_place(request).suffix()
