"""Notices beside an open case: this was said already, and can be said again with one key."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from sori.change.notices import beside, services
from sori.change.notices.models import Notice
from sori.listen import memory
from sori.respond.models import Case
from sori.staff.permissions import Permission, me, requires


@requires(Permission.DRAFT_REPLY)
@require_GET
def for_case(request: HttpRequest, case: int) -> HttpResponse:
    """What was told already about what this case is about; a part of a page."""
    get_object_or_404(Case, pk=case)
    link = request.build_absolute_uri(reverse("notices:now"))
    offers = beside.for_case(memory.reader(), case, link)
    return render(request, "notices/beside.html", {"case": case, "offers": offers})


@requires(Permission.DRAFT_REPLY)
@require_POST
def used(request: HttpRequest, notice: int) -> HttpResponse:
    """Write down that it was put into an answer."""
    row = get_object_or_404(Notice, pk=notice, state=Notice.State.APPROVED)
    asked = request.POST.get("case", "")
    number = int(asked) if asked.isascii() and asked.isdecimal() and len(asked) < 19 else 0
    case = get_object_or_404(Case, pk=number)
    services.use(notice=row, case=case, member=me(request))
    return HttpResponse(status=204)
