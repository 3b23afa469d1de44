"""Charts as Vega-Lite specifications, and the one chart that several rooms draw.

A colour is written "@name" and stands for the style sheet's custom property --name; the browser
puts the theme's own colour in its place (`charts.js`), so that light, dark and every later theme
draw from one specification.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, Final, TypeAlias

from django.utils.translation import gettext

from sori import words

Spec: TypeAlias = dict[str, Any]

KINDS: Final = ("complaint", "question", "idea", "praise", "other", "unknown")
KIND_COLOURS: Final = ("@complaint", "@question", "@idea", "@praise", "@line-2", "@line")

_ROOM_ABOVE: Final = 1.1
_SCHEMA: Final = "https://vega.github.io/schema/vega-lite/v6.json"
_AXIS: Final[Spec] = {
    "labelColor": "@ink-3",
    "gridColor": "@line",
    "domain": False,
    "ticks": False,
    "labelFontSize": 11,
    "labelPadding": 6,
    "title": None,
}
_LEGEND: Final[Spec] = {
    "labelColor": "@ink",
    "title": None,
    "orient": "top",
    "symbolType": "square",
    "symbolSize": 90,
    "labelFontSize": 12,
    "offset": 6,
}


def chart(height: int, **spec: Any) -> Spec:
    """A specification with the house's axes and legend, as wide as its place."""
    config = {"background": None, "view": {"stroke": None}, "axis": _AXIS, "legend": _LEGEND}
    return {"$schema": _SCHEMA, "width": "container", "height": height, "config": config, **spec}


def marks_of(rows: Iterable[Mapping[str, Any]], labels: Mapping[date, str]) -> list[dict[str, Any]]:
    """Marks for `volume`, on those of these days that it shows.

    Args:
        rows: `day` and `voices`.
        labels: what stands at each mark, by its day.
    """
    heights = _heights(rows)
    middle = sorted(heights)[len(heights) // 2] if heights else None
    return [
        {
            "day": day,
            "voices": heights[day],
            "label": label,
            "late": middle is not None and day > middle,
        }
        for day, label in labels.items()
        if day in heights
    ]


def _heights(rows: Iterable[Mapping[str, Any]]) -> Counter[date]:
    heights = Counter[date]()
    for row in rows:
        heights[row["day"]] += row["voices"]
    return heights


def volume(rows: Sequence[Mapping[str, Any]], marks: Sequence[Mapping[str, Any]]) -> Spec:
    """Voices a day, stacked by kind, with surges marked.

    Args:
        rows: `day`, `kind` and `voices`.
        marks: surges, as `marks_of` makes them.
    """
    values = [
        {"day": str(row["day"]), "kind": words.kind(row["kind"]), "voices": row["voices"],
         "order": KINDS.index(row["kind"])}
        for row in rows
    ]  # fmt: skip
    # the words of a mark stand above it, and should not reach into the legend
    room: Spec = {"domainMax": max(_heights(rows).values()) * _ROOM_ABOVE} if marks else {}
    day: Spec = {"field": "day", "type": "temporal"}
    count: Spec = {"field": "voices", "type": "quantitative"}
    return chart(
        320,
        layer=[
            {
                "data": {"values": values},
                "mark": {"type": "area", "interpolate": "monotone", "line": {"strokeWidth": 1.2},
                         "fillOpacity": 0.78},
                "encoding": {
                    "x": {**day, "axis": {"format": "%-m/%-d", "grid": False, "tickCount": "week"}},
                    "y": {**count, "stack": "zero", "axis": {"tickCount": 4}, "scale": room},
                    "color": colour("kind", [words.kind(kind) for kind in KINDS], KIND_COLOURS),
                    "order": {"field": "order"},
                    "tooltip": [{**day, "format": "%Y-%m-%d", "title": gettext("Day")},
                                {"field": "kind", "title": gettext("Kind")},
                                {"field": "voices", "title": gettext("Voices")}],
                },
            },
            *_marked(marks, day, count),
        ],
    )  # fmt: skip


def _marked(marks: Iterable[Mapping[str, Any]], day: Spec, count: Spec) -> list[Spec]:
    """A line, a point and words for each mark."""
    spikes: Spec = {"data": {"values": [{**mark, "day": str(mark["day"])} for mark in marks]}}
    return [
        {**spikes,
         "mark": {"type": "rule", "strokeDash": [3, 3], "color": "@ink", "opacity": 0.45},
         "encoding": {"x": day}},
        {**spikes,
         "mark": {"type": "point", "filled": True, "size": 70, "color": "@ink",
                  "stroke": "@surface", "strokeWidth": 2},
         "encoding": {"x": day, "y": count}},
        {**spikes,
         "mark": {"type": "text", "align": {"expr": "datum.late ? 'right' : 'left'"},
                  "dx": {"expr": "datum.late ? -8 : 8"}, "dy": -8, "fontSize": 12,
                  "fontWeight": 600, "color": "@ink"},
         "encoding": {"x": day, "y": count, "text": {"field": "label"}}},
    ]  # fmt: skip


def colour(field: str, names: Sequence[str], colours: Sequence[str]) -> Spec:
    """The encoding of a colour that names something."""
    return {
        "field": field,
        "type": "nominal",
        "scale": {"domain": list(names), "range": list(colours)},
        # a phone has no room for six names in a row
        "legend": {"direction": "horizontal", "columns": {"expr": "width < 360 ? 3 : 0"}},
    }
