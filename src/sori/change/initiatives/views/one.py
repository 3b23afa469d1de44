"""One initiative: what speaks for it, what was decided, the discussion, files, what happened."""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_GET

from sori.change.initiatives import discussing, files, proof, selectors, stages
from sori.change.initiatives.forms import DecisionForm
from sori.change.initiatives.history import history
from sori.change.initiatives.links import links
from sori.change.initiatives.models import Initiative
from sori.change.initiatives.services import state_of
from sori.listen import memory
from sori.staff.permissions import Permission, allows, requires

_WITH = ("owner", "department", "created_by", "decided_by", "untold_by", "tally")
_DECIDABLE = (*stages.OPEN, stages.Stage.DECIDED, stages.Stage.DOING)


@requires(Permission.READ_INITIATIVES)
@require_GET
def initiative(request: HttpRequest, initiative: int) -> HttpResponse:
    """The page of one."""
    row = get_object_or_404(Initiative.objects.select_related(*_WITH), pk=initiative)
    return render(request, "initiatives/initiative.html", page_context(request, row))


def page_context(
    request: HttpRequest, row: Initiative, form: DecisionForm | None = None, problem: str = ""
) -> dict[str, Any]:
    """Everything the page shows.

    Args:
        request: who looks.
        row: the initiative.
        form: a decision that was refused.
        problem: why.
    """
    private = allows(request.user, Permission.READ_INBOX)
    state = state_of(row)
    pieces = list(row.evidence.order_by("pk"))
    return {
        "row": row,
        "links": links(row.pk, request.user, request.path),
        "evidence": proof.shown(memory.counting_reader(), pieces, private=private),
        "tally": getattr(row, "tally", None),
        "may_read_all": private,
        "ways": [way.value for way in stages.ways(state)],
        "to_tell": stages.to_tell(state),
        "ended": stages.ended(state),
        "decidable": row.stage in _DECIDABLE,
        "reopenable": row.stage not in stages.OPEN,
        "late": selectors.late(vars(row)),
        "review": row.review_on is not None and row.review_on <= timezone.localdate(),
        "stages": dict(Initiative.Stage.choices),
        "passed": list(Initiative.Stage.values).index(row.stage),
        "form": form or DecisionForm(),
        "problem": problem,
        "comments": discussing.discussion(row),
        "files": list(row.attachments.select_related("member").order_by("pk")),
        "most_files": files.MOST,
        "history": history(row),
    }


@requires(Permission.READ_INITIATIVES)
@require_GET
def export(request: HttpRequest, initiative: int) -> JsonResponse:
    """Everything an issue tracker would need, as JSON."""
    row = get_object_or_404(Initiative.objects.select_related(*_WITH), pk=initiative)
    private = allows(request.user, Permission.READ_INBOX)
    response = JsonResponse(selectors.export(row, private=private))
    response["Cache-Control"] = "private, no-store"
    return response
