"""The model page: versions, accuracy as people judged it, abstention, drift."""

from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from sori.insight import model_charts, model_measures
from sori.insight.library import library_name
from sori.insight.model_measures import FEWEST, FIRST, Weeks
from sori.lessons import selectors
from sori.lessons.versions import own_heads
from sori.listen import memory
from sori.staff.permissions import Permission, requires
from sori.understand.evidence import DRIFT
from sori.understand.pipeline import model_name


@requires(Permission.READ_MODEL)
@require_safe
def model(request: HttpRequest) -> HttpResponse:
    """How good the model is, as far as people have judged it, and whether it still fits."""
    now, reader = timezone.now(), memory.counting_reader()
    speaks, heard = model_name(own_heads()), model_measures.speaking(reader, now)
    models = list(dict.fromkeys([speaks, *heard]))
    asked = request.GET.get("model", "")
    chosen = asked if asked in models else speaks if speaks in heard else models[-1]
    weeks = model_measures.weeks(reader, chosen, now, ZoneInfo(settings.TIME_ZONE))
    judged = selectors.accuracy(chosen)
    context: dict[str, Any] = {
        "speaks": speaks,
        "model": chosen,
        "models": models,
        "counts": selectors.counts(),
        "training": selectors.training(),
        "versions": selectors.versions(),
        "labels": [row for row in judged if not row.of],
        "kinds": [row for row in judged if row.of],
        "heads": {row.label: model_charts.word(row.label) for row in judged},
        "weeks": weeks,
        "library": library_name(),
        "first_weeks": FIRST,
        "fewest": FEWEST,
        "limit": DRIFT,
        **_drawn(weeks),
    }
    return render(request, "insight/model.html", context)


def _drawn(weeks: Weeks) -> dict[str, Any]:
    """The charts of a model, and what has drifted in its last week."""
    points = weeks.drift()
    last = max((point.week for point in points), default=None)
    return {
        "drifted": [
            model_charts.word(one.what) for one in points if one.week == last and one.drifted
        ],
        "compared": bool(points),
        "charts": {
            "abstained": model_charts.abstained(weeks.abstained()),
            "drift": model_charts.drift(points),
            "kinds": model_charts.kinds(weeks.shares.get("kind", {})),
        },
    }
