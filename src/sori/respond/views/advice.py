"""Ask the assistant about a case; its words come back to whoever asked, and go nowhere else."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_POST

from sori.errors import Refused
from sori.respond import assistant, threads
from sori.respond.views.place import me
from sori.staff.permissions import Permission, requires


@requires(Permission.DRAFT_REPLY)
@require_POST
def summary(request: HttpRequest, case: int) -> HttpResponse:
    """What this case is about, in a few sentences."""
    return _advice(request, case, "summary")


@requires(Permission.DRAFT_REPLY)
@require_POST
def suggestion(request: HttpRequest, case: int) -> HttpResponse:
    """A draft of the next answer, for the member to correct."""
    return _advice(request, case, "reply")


def _advice(request: HttpRequest, case: int, task: str) -> HttpResponse:
    thread = threads.thread(case, member=me(request).pk)
    if thread is None:
        raise Http404
    context: dict[str, object] = {"task": task, "advice": None, "problem": ""}
    try:
        context["advice"] = assistant.ask(
            task,
            thread,
            member=me(request),
            language=get_language() or "ko",
            written=request.POST.get("body", ""),
        )
    except Refused as refused:
        context["problem"] = str(refused)
    return render(request, "respond/advice.html", context)
