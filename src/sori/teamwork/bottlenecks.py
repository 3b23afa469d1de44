"""Where work waits: what each department is asked and how long it takes, each figure once."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from sori.charts import Spec, chart, colour
from sori.respond.rows import adapted
from sori.sql import read_sql

PERIOD: Final = timedelta(days=30)
_HOUR: Final = 3600


def bottlenecks() -> list[dict[str, Any]]:
    """Every department, the one with most late tasks first; one question.

    Returns:
        id, name; `waiting` tasks, `late` ones among them, `oldest` (when that was asked, or None);
        of the last 30 days: `answered` (declined ones too), `median` and `slow` (the 90th
        percentile) in seconds of wall time, None without any; and of the department's own cases,
        those in which a person waits: `silent` past a response clock, `promises` past a promise.
    """
    now = timezone.now()
    values = {"now": adapted(now), "since": adapted(now - PERIOD)}
    with connection.cursor() as cursor:
        cursor.execute(read_sql("teamwork", "bottlenecks"), values)
        names = [column[0] for column in cursor.description]
        rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    for row in rows:
        row["oldest"] = _moment(row["oldest"])
        row["median"] = None if row["median"] is None else float(row["median"])
        row["late"] = int(row["late"])
    return rows


def times_chart(rows: Sequence[dict[str, Any]]) -> Spec | None:
    """How long each department takes, the slowest first; None where nothing was answered."""
    usual, slow = _("half within"), _("nine in ten within")
    values = [
        {"place": row["name"], "what": what, "hours": round(row[name] / _HOUR, 2)}
        for row in rows
        if row["answered"]
        for name, what in (("median", usual), ("slow", slow))
    ]
    if not values:
        return None
    place = {"field": "place", "type": "nominal"}
    hours = {"field": "hours", "type": "quantitative"}
    return chart(
        44 * (len(values) // 2) + 20,
        data={"values": values},
        mark={"type": "bar", "cornerRadiusEnd": 3},
        encoding={
            "y": {**place, "sort": {"field": "hours", "op": "max", "order": "descending"}},
            "yOffset": {"field": "what", "sort": [usual, slow]},
            "x": {**hours, "axis": {"tickCount": 5}},
            "color": colour("what", [usual, slow], ["@accent", "@ink-3"]),
            "tooltip": [
                {**place, "title": _("Department")},
                {"field": "what", "title": _("Share")},
                {**hours, "title": _("hours")},
            ],
        },
    )


def _moment(value: Any) -> datetime | None:
    # SQLite returns what an aggregate of moments found as the text Django wrote, in UTC
    moment = datetime.fromisoformat(value) if isinstance(value, str) else value
    if not isinstance(moment, datetime):
        return None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment
