"""How the help centre fares: visits by day, what helped, what was not found, what was spared."""

from datetime import date, datetime, timedelta
from typing import Any, Final

from django.db.models import Count, Exists, OuterRef, Q, Sum
from django.utils import timezone
from django.utils.translation import gettext

from sori import charts
from sori.articles.models import Article, FormVisit, Unfound, Visits, Vote
from sori.listen.models import Intake

DAYS: Final = 30
SETTLED: Final = timedelta(hours=24)
"""After so long a form that was not sent will not be."""

_LISTED: Final = 30
_WORDS: Final = 20


def visits_by_day(today: date, *, days: int = DAYS) -> list[dict[str, Any]]:
    """Visits of each of the last days, today included, days without any too."""
    since = today - timedelta(days=days - 1)
    rows = Visits.objects.filter(day__gte=since).values("day").order_by("day")
    counted = {row["day"]: row["sum"] for row in rows.annotate(sum=Sum("count"))}
    each = (since + timedelta(days=number) for number in range(days))
    return [{"day": day, "visits": counted.get(day, 0)} for day in each]


def votes(since: datetime) -> dict[str, int]:
    """How many browsers said that an article helped, and that it did not."""
    counted = Vote.objects.filter(at__gte=since).aggregate(
        yes=Count("pk", Q(helpful=True)), no=Count("pk", Q(helpful=False))
    )
    return dict(counted)


def spared(since: datetime, now: datetime) -> dict[str, int]:
    """What became of forms from which an article was opened.

    Returns:
        `opened`: such forms, begun between `since` and a day ago; `sent`: of these, sent all the
        same; `unsent`: not sent. An unsent one was answered by the article, or given up: it is the
        most that articles can have spared, not what they did.
    """
    sent = Intake.objects.filter(source=OuterRef("source"), key=OuterRef("key"))
    rows = FormVisit.objects.filter(at__gte=since, at__lt=now - SETTLED)
    opened, arrived = rows.count(), rows.filter(Exists(sent)).count()
    return {"opened": opened, "sent": arrived, "unsent": opened - arrived}


def unfound(since: datetime) -> list[dict[str, Any]]:
    """What people looked for and did not find, the most wanted first."""
    rows = Unfound.objects.filter(last_at__gte=since).order_by("-count", "-last_at")
    return [dict(row) for row in rows.values("words", "language", "count", "last_at")[:_LISTED]]


def missing(since: datetime) -> list[dict[str, Any]]:
    """What readers said was missing, the newest first."""
    said = Vote.objects.filter(at__gte=since, helpful=False).exclude(words="").order_by("-at")
    return [dict(row) for row in said.values("article_id", "words", "at", "language")[:_WORDS]]


def chart_of(days: list[dict[str, Any]]) -> charts.Spec:
    """Visits a day as bars."""
    values = [{"day": day["day"].isoformat(), "visits": day["visits"]} for day in days]
    axis: dict[str, Any] = {"format": "%-m/%-d", "grid": False, "tickCount": "week"}
    return charts.chart(
        180,
        data={"values": values},
        mark={"type": "bar", "color": "@accent", "cornerRadiusEnd": 2, "width": {"band": 0.8}},
        encoding={
            "x": {"field": "day", "type": "temporal", "timeUnit": "yearmonthdate", "axis": axis},
            "y": {"field": "visits", "type": "quantitative",
                  "axis": {"tickCount": 3, "tickMinStep": 1}},
            "tooltip": [
                {"field": "day", "type": "temporal", "format": "%Y-%m-%d",
                 "title": gettext("Day")},
                {"field": "visits", "type": "quantitative", "title": gettext("Times read")},
            ],
        },
    )  # fmt: skip


def page(now: datetime | None = None) -> dict[str, Any]:
    """Everything the page of figures shows, over the last thirty days."""
    now = now or timezone.now()
    since = now - timedelta(days=DAYS)
    days = visits_by_day(timezone.localdate(now))
    used = Article.objects.filter(used_at__gte=since).count()
    visits = sum(day["visits"] for day in days)
    return {
        "days": DAYS,
        "visits": visits,
        "chart": chart_of(days) if visits else None,
        "votes": votes(since),
        "used": used,
        "spared": spared(since, now),
        "unfound": unfound(since),
        "missing": missing(since),
    }
