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

from sori.change import surging
from sori.charts import marks_of
from sori.charts import volume as volume_chart
from sori.insight import charts, measures
from sori.insight.library import library, library_name
from sori.insight.measures import Episode, Period
from sori.listen import memory
from sori.respond.figures import first_response, promises, silence
from sori.staff.permissions import Permission, requires

PERIODS: Final = (7, 30, 90)
SURGES_SHOWN: Final = 2


@requires(Permission.READ_OVERVIEW)
@require_GET
def overview(request: HttpRequest) -> HttpResponse:
    """What people say, when, where and in what mood; how fast we answer, and who waits."""
    period = Period(_days(request), timezone.now(), ZoneInfo(settings.TIME_ZONE))
    reader = memory.counting_reader()
    now, before = measures.totals(reader, period)
    volume = measures.volume(reader, period)
    # half a day beside whole days looks like a collapse; it is said in words instead
    past = [row for row in volume if row["day"] != period.dates[-1]]
    rules = measures.query_days(reader, period)
    channels = measures.channels(reader, period)
    episodes = measures.episodes(rules, period)
    context: dict[str, Any] = {
        "period": period,
        "today": sum(row["voices"] for row in volume) - sum(row["voices"] for row in past),
        "periods": PERIODS,
        "now_totals": now,
        "before": before,
        "surges": surging.now(),
        "episodes": episodes[:SURGES_SHOWN],
        "rules": measures.rule_growth(rules, period)[:8],
        "first_response": first_response(since=period.since, until=period.now),
        "response_before": first_response(since=period.before, until=period.since),
        "promises": promises(since=period.since, until=period.now),
        "silence": silence(limit=8),
        "charts": {
            "volume": volume_chart(past, _marks(episodes, past)),
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


def _marks(episodes: list[Episode], volume: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """One mark for each day that was somebody's loudest, named after the loudest of them."""
    loudest: dict[date, Episode] = {}
    for one in sorted(episodes, key=lambda one: one.peak.voices):
        loudest[one.peak.day] = one
    labels = {
        day: f"{one.name} ×{number_format(round(one.times, 1))}"
        for day, one in loudest.items()
        if not _echo(one, loudest)
    }
    return marks_of(volume, labels)


def _echo(one: Episode, loudest: dict[date, Episode]) -> bool:
    """Whether a louder surge stands right beside it, so that two marks would only overlap."""
    return any(
        other.peak.voices > one.peak.voices and abs((other.peak.day - one.peak.day).days) <= 2
        for other in loudest.values()
    )
