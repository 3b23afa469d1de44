"""Ideas beside an open case: which the customer may want, and their vote, given for them."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from sori.articles.grams import LONGEST_QUERY
from sori.change.ideas import selectors, taking_part
from sori.change.ideas.models import Idea
from sori.change.ideas.taking_part import Actor
from sori.change.ideas.views.pages import words_of
from sori.errors import Refused
from sori.respond.models import Case, Message
from sori.staff.permissions import Permission, me, requires

_READ = 400
_FOUND = 6


@requires(Permission.MODERATE_IDEAS)
@require_safe
def beside(request: HttpRequest, case: int) -> HttpResponse:
    """Ideas like what the customer said last, or like what is searched for."""
    return _panel(request, get_object_or_404(Case, pk=case))


@requires(Permission.MODERATE_IDEAS)
@require_POST
def vote_for(request: HttpRequest, case: int) -> HttpResponse:
    """Give the customer's vote to an idea, for they have just said so."""
    row = get_object_or_404(Case.objects.select_related("person"), pk=case)
    number = request.POST.get("idea", "")
    known = number.isascii() and number.isdecimal() and len(number) < 19
    idea = get_object_or_404(Idea, pk=int(number) if known else 0)
    actor = Actor(row.person, None, idea.language)
    try:
        taking_part.vote(actor=actor, idea=idea, by=me(request), case=row.pk)
        words = _("The customer's vote counts now.")
    except Refused as refused:
        words = str(refused)
    if request.htmx:  # type: ignore[attr-defined]
        return _panel(request, row, said=words)
    messages.info(request, words)
    return redirect("respond:case", case=row.pk)


def _panel(request: HttpRequest, case: Case, *, said: str = "") -> HttpResponse:
    query = words_of(request, "q", LONGEST_QUERY)
    boards = [board.pk for board in selectors.boards(internal=False)]
    wanted = selectors.wanted_by(case.person_id)
    if query:
        found = selectors.listed(boards, query=query, size=_FOUND).object_list
    else:
        found = selectors.alike(_said_last(case), boards)
    known = {row["id"] for row in wanted}
    context = {
        "case": case.pk,
        "found": [row for row in found if row["id"] not in known],
        "wanted": wanted,
        "said": said,
        "boards": boards,
        "title": case.subject,
    }
    searched = request.htmx.target == "ideas-found"  # type: ignore[attr-defined]
    return render(request, "ideas/offered.html" if searched else "ideas/beside.html", context)


def _said_last(case: Case) -> str:
    heard = Message.objects.filter(conversation__case=case, direction=Message.Direction.IN)
    last = heard.order_by("-at", "-pk").values_list("conversation__subject", "body").first()
    return f"{last[0]} {last[1][:_READ]}".strip() if last else ""
