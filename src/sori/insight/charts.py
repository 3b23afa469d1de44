"""Charts as Vega-Lite specifications.

A colour is written "@name" and stands for the style sheet's custom property --name; the browser
puts the theme's own colour in its place (`charts.js`), so that light, dark and every later theme
draw from one specification.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, TypeAlias

from django.utils.translation import gettext

from sori import words

Spec: TypeAlias = dict[str, Any]

KINDS: Final = ("complaint", "question", "idea", "praise", "other", "unknown")
KIND_COLOURS: Final = ("@complaint", "@question", "@idea", "@praise", "@line-2", "@line")
MOODS: Final = ("negative", "mixed", "neutral", "positive", "unknown")
MOOD_COLOURS: Final = ("@complaint", "@idea", "@line-2", "@praise", "@line")

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


def _chart(height: int, **spec: Any) -> Spec:
    config = {"background": None, "view": {"stroke": None}, "axis": _AXIS, "legend": _LEGEND}
    return {"$schema": _SCHEMA, "width": "container", "height": height, "config": config, **spec}


def volume(rows: Iterable[Mapping[str, Any]], marks: Sequence[Mapping[str, Any]]) -> Spec:
    """Voices a day, stacked by kind, with surges marked.

    Args:
        rows: `day`, `kind` and `voices`.
        marks: surges as `day`, `voices` (of all that day) and `label`.
    """
    values = [
        {"day": str(row["day"]), "kind": words.kind(row["kind"]), "voices": row["voices"],
         "order": KINDS.index(row["kind"])}
        for row in rows
    ]  # fmt: skip
    day: Spec = {"field": "day", "type": "temporal"}
    count: Spec = {"field": "voices", "type": "quantitative"}
    spikes: Spec = {"data": {"values": [{**mark, "day": str(mark["day"])} for mark in marks]}}
    return _chart(
        320,
        layer=[
            {
                "data": {"values": values},
                "mark": {"type": "area", "interpolate": "monotone", "line": {"strokeWidth": 1.2},
                         "fillOpacity": 0.78},
                "encoding": {
                    "x": {**day, "axis": {"format": "%-m/%-d", "grid": False, "tickCount": "week"}},
                    "y": {**count, "stack": "zero", "axis": {"tickCount": 4}},
                    "color": _colour("kind", [words.kind(kind) for kind in KINDS], KIND_COLOURS),
                    "order": {"field": "order"},
                    "tooltip": [{**day, "format": "%Y-%m-%d", "title": gettext("Day")},
                                {"field": "kind", "title": gettext("Kind")},
                                {"field": "voices", "title": gettext("Voices")}],
                },
            },
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
        ],
    )  # fmt: skip


def heat(rows: Iterable[Mapping[str, Any]]) -> Spec:
    """Voices by hour and weekday.

    Args:
        rows: `weekday` (1 is Monday), `hour` and `voices`; absent cells are zero.
    """
    days = [
        gettext("Mon"), gettext("Tue"), gettext("Wed"), gettext("Thu"), gettext("Fri"),
        gettext("Sat"), gettext("Sun"),
    ]  # fmt: skip
    counted = {(row["weekday"], row["hour"]): row["voices"] for row in rows}
    values = [
        {"day": name, "hour": hour, "voices": counted.get((number, hour), 0)}
        for number, name in enumerate(days, start=1)
        for hour in range(24)
    ]
    return _chart(
        190,
        data={"values": values},
        mark={"type": "rect", "cornerRadius": 2, "stroke": "@surface", "strokeWidth": 2},
        encoding={
            "x": {"field": "hour", "type": "ordinal",
                  "axis": {"labelAngle": 0, "values": list(range(0, 24, 3))}},
            "y": {"field": "day", "type": "ordinal", "sort": days},
            "color": {"field": "voices", "type": "quantitative",
                      "scale": {"range": ["@sunken", "@accent"]},
                      "legend": {"orient": "top", "gradientLength": 120, "gradientThickness": 8}},
            "tooltip": [{"field": "day", "title": gettext("Weekday")},
                        {"field": "hour", "title": gettext("Hour")},
                        {"field": "voices", "title": gettext("Voices")}],
        },
    )  # fmt: skip


def shares(rows: Iterable[Mapping[str, Any]], *, what: str) -> Spec:
    """How each channel's voices divide by kind or by sentiment, as bars of equal length.

    Args:
        rows: `channel`, `kind`, `sentiment` and `voices`.
        what: "kind" or "sentiment".
    """
    order, colours = (KINDS, KIND_COLOURS) if what == "kind" else (MOODS, MOOD_COLOURS)
    named = words.kind if what == "kind" else words.sentiment
    totals: dict[tuple[str, str], int] = {}
    for row in rows:
        cell = (row["channel"], row[what])
        totals[cell] = totals.get(cell, 0) + row["voices"]
    values = [
        {
            "channel": words.channel(channel),
            "is": named(label),
            "voices": voices,
            "order": order.index(label),
        }
        for (channel, label), voices in totals.items()
    ]
    return _chart(
        34 * max(1, len({channel for channel, _ in totals})),
        data={"values": values},
        mark={"type": "bar", "height": 14, "fillOpacity": 0.85},
        encoding={
            "y": {"field": "channel", "type": "nominal", "axis": {"labelFontSize": 12}},
            "x": {"field": "voices", "type": "quantitative", "stack": "normalize",
                  "axis": {"format": "%", "tickCount": 4}},
            "color": _colour("is", [named(label) for label in order], colours),
            "order": {"field": "order"},
            "tooltip": [{"field": "channel", "title": gettext("Channel")}, {"field": "is"},
                        {"field": "voices", "title": gettext("Voices")}],
        },
    )  # fmt: skip


def _colour(field: str, names: Sequence[str], colours: Sequence[str]) -> Spec:
    return {
        "field": field,
        "type": "nominal",
        "scale": {"domain": list(names), "range": list(colours)},
        "legend": {"direction": "horizontal"},
    }
