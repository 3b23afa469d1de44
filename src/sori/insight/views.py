"""The overview page."""

from datetime import date
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.formats import number_format
from django.views.decorators.http import require_GET

from sori.insight import charts, measures
from sori.insight.library import library, library_name
from sori.insight.measures import NamedSurge, Period
from sori.listen import memory
from sori.respond.figures import first_response, silence
from sori.staff.permissions import Permission, requires

PERIODS: Final = (7, 30, 90)
SURGES_SHOWN: Final = 2


@requires(Permission.READ_OVERVIEW)
@require_GET
def overview(request: HttpRequest) -> HttpResponse:
    """What people say, when, where and in what mood; how fast we answer, and who waits."""
    period = Period(_days(request), timezone.now(), ZoneInfo(settings.TIME_ZONE))
    reader = memory.reader()
    now, before = measures.totals(reader, period)
    volume = measures.volume(reader, period)
    rules = measures.query_days(reader, period)
    channels = measures.channels(reader, period)
    surges = measures.named_surges(rules, period)
    context: dict[str, Any] = {
        "period": period,
        "periods": PERIODS,
        "now_totals": now,
        "before": before,
        "surges": surges[:SURGES_SHOWN],
        "rules": measures.rule_growth(rules, period)[:8],
        "first_response": first_response(since=period.since, until=period.now),
        "response_before": first_response(since=period.before, until=period.since),
        "silence": silence(limit=8),
        "library": library_name(),
        "charts": {
            "volume": charts.volume(volume, _marks(surges, volume)),
            "hours": charts.heat(measures.hours(reader, period)),
            "kinds": charts.shares(channels, what="kind"),
            "moods": charts.shares(channels, what="sentiment"),
        },
    }
    return render(request, "insight/overview.html", context)


@requires(Permission.READ_OVERVIEW)
@require_GET
def charts_library(request: HttpRequest, script: str) -> FileResponse:  # noqa: ARG001
    """The charting library; its name tells its version, so browsers may keep it for ever."""
    if script != library_name():
        raise Http404
    response = FileResponse(library(settings.HOME / "scripts").open("rb"))
    response["Content-Type"] = "text/javascript; charset=utf-8"
    response["Cache-Control"] = "public, max-age=31536000, immutable"
    return response


def _days(request: HttpRequest) -> int:
    asked = request.GET.get("days", "")
    return int(asked) if asked.isdecimal() and int(asked) in PERIODS else 30


def _marks(surges: list[NamedSurge], volume: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """One mark for each run of surging days: its loudest day, named after its loudest rule."""
    loudest: dict[date, NamedSurge] = {}
    for one in surges:
        known = loudest.get(one.surge.day)
        if known is None or one.surge.voices > known.surge.voices:
            loudest[one.surge.day] = one
    runs: list[list[NamedSurge]] = []
    for day in sorted(loudest):
        if runs and (day - runs[-1][-1].surge.day).days <= 1:
            runs[-1].append(loudest[day])
        else:
            runs.append([loudest[day]])
    peaks = [max(run, key=lambda one: one.surge.voices) for run in runs]
    heights: dict[date, int] = {}
    for row in volume:
        heights[row["day"]] = heights.get(row["day"], 0) + row["voices"]
    middle = volume[len(volume) // 2]["day"] if volume else None
    return [
        {
            "day": peak.surge.day,
            "voices": heights.get(peak.surge.day, 0),
            "label": f"{peak.name} +{number_format(round(peak.surge.growth * 100))}%",
            "late": middle is not None and peak.surge.day > middle,
        }
        for peak in peaks
    ]
