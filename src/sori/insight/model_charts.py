"""Charts of the model page: what it says, what it says nothing about, and how that drifts."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, Final

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as marked

from sori import words
from sori.charts import KIND_COLOURS, KINDS, Spec, chart, colour
from sori.insight.model_measures import Point
from sori.lessons.labels import head_word
from sori.understand.evidence import DRIFT

_COLOURS: Final = ("@accent", "@question", "@idea", "@praise", "@complaint", "@ink-3")
_OTHERS: Final = {
    "confidence": marked("How sure it is of kinds"),
    "features": marked("Unknown features"),
}
_WEEK: Final[Spec] = {
    "field": "week",
    "type": "temporal",
    "axis": {"format": "%-m/%-d", "grid": False, "tickCount": "week", "labelOverlap": True},
}


def word(what: str) -> str:
    """What a line of a chart is about, in words."""
    return gettext(_OTHERS[what]) if what in _OTHERS else head_word(what)


def abstained(rows: Iterable[Mapping[str, Any]]) -> Spec:
    """The share of each week's voices about which nothing was said, a line a label.

    Args:
        rows: label, week, share and voices.
    """
    values = [
        {"what": word(row["label"]), "week": str(row["week"]), "share": row["share"],
         "voices": row["voices"]}
        for row in rows
    ]  # fmt: skip
    share: Spec = {"field": "share", "type": "quantitative"}
    return chart(
        200,
        data={"values": values},
        mark={"type": "line", "point": {"size": 26, "filled": True}, "strokeWidth": 1.8},
        encoding={
            "x": _WEEK,
            "y": {**share, "axis": {"format": "%", "tickCount": 4}},
            "color": colour("what", _named(values), _COLOURS),
            "tooltip": [_told(_WEEK, gettext("Week of")), {"field": "what"},
                        {**share, "format": ".1%", "title": gettext("Nothing said")},
                        {"field": "voices", "title": gettext("Voices")}],
        },
    )  # fmt: skip


def drift(points: Iterable[Point]) -> Spec:
    """How far each week lies from the first ones, a line a distribution, with the warning line."""
    values = [
        {"what": word(one.what), "week": str(one.week), "index": one.index, "chance": one.chance}
        for one in points
    ]
    index: Spec = {"field": "index", "type": "quantitative"}
    line: Spec = {"data": {"values": [{"limit": DRIFT}]}}
    limit: Spec = {"field": "limit", "type": "quantitative"}
    return chart(
        220,
        layer=[
            {**line,
             "mark": {"type": "rule", "strokeDash": [4, 3], "color": "@complaint"},
             "encoding": {"y": limit}},
            {"data": {"values": values},
             "mark": {"type": "line", "point": {"size": 26, "filled": True}, "strokeWidth": 1.8},
             "encoding": {
                 "x": _WEEK,
                 "y": {**index, "axis": {"tickCount": 4}},
                 "color": colour("what", _named(values), _COLOURS),
                 "tooltip": [_told(_WEEK, gettext("Week of")), {"field": "what"},
                             {**index, "format": ".3f", "title": gettext("Stability index")},
                             {"field": "chance", "type": "quantitative", "format": ".3f",
                              "title": gettext("By chance at most")}]}},
        ],
    )  # fmt: skip


def kinds(weeks: Mapping[date, Mapping[str, int]]) -> Spec:
    """How the kinds the model names divide each week.

    Args:
        weeks: voices by week and kind; "" is what it could not tell.
    """
    values = [
        {"week": str(week), "kind": words.kind(kind), "voices": count,
         "order": KINDS.index(kind or "unknown")}
        for week, counts in weeks.items()
        for kind, count in counts.items()
    ]  # fmt: skip
    return chart(
        180,
        data={"values": values},
        mark={"type": "bar", "fillOpacity": 0.85},
        encoding={
            "x": {"field": "week", "type": "ordinal", "timeUnit": "utcyearmonthdate",
                  "axis": {"format": "%-m/%-d", "labelAngle": 0, "labelOverlap": True}},
            "y": {"field": "voices", "type": "quantitative", "stack": "normalize",
                  "axis": {"format": "%", "tickCount": 4}},
            "color": colour("kind", [words.kind(kind) for kind in KINDS], KIND_COLOURS),
            "order": {"field": "order"},
            "tooltip": [_told(_WEEK, gettext("Week of")),
                        {"field": "kind", "title": gettext("Kind")},
                        {"field": "voices", "title": gettext("Voices")}],
        },
    )  # fmt: skip


def _named(values: Sequence[Mapping[str, Any]]) -> list[str]:
    return list(dict.fromkeys(one["what"] for one in values))


def _told(field: Spec, title: str) -> Spec:
    return {"field": field["field"], "type": "temporal", "format": "%Y-%m-%d", "title": title}
