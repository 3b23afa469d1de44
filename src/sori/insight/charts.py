"""The charts of the overview; how a chart looks is `sori.charts`."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from django.utils.translation import gettext

from sori import words
from sori.charts import KIND_COLOURS, KINDS, Spec, chart, colour

MOODS: Final = ("negative", "mixed", "neutral", "positive", "unknown")
MOOD_COLOURS: Final = ("@complaint", "@idea", "@line-2", "@praise", "@line")


def timeline(bars: Sequence[Mapping[str, Any]], *, unit: str, compared: bool) -> Spec:
    """Voices in each stretch of time, stacked by kind, with a line for the time before.

    Stretches can be brushed; what that means is the page's business. It has no legend of its own:
    the page names the kinds, with their sums.

    Args:
        bars: `start` and `end` (local times), `first` and `last` (days), `when` (in words),
            `kinds` (voices by kind) and `before`.
        unit: what a bar stands for: "hour", "day", "week" or "month".
        compared: whether there is a time before.
    """
    stretches = [_stretch(bar) for bar in bars]
    values = [
        {**stretch, "kind": words.kind(kind), "voices": voices, "order": KINDS.index(kind)}
        for stretch, bar in zip(stretches, bars, strict=True)
        for kind, voices in bar["kinds"].items()
    ]
    written = {"hour": "%-m/%-d %H:%M", "month": "%Y-%m"}.get(unit, "%-m/%-d")
    axis: Spec = {"grid": False, "tickCount": 8, "format": written, "labelOverlap": True}
    x: Spec = {"field": "start", "type": "temporal", "axis": axis}
    place: Spec = {"x": x, "x2": {"field": "end"}}
    when: Spec = {"field": "when", "title": gettext("When")}
    told = [
        when,
        {"field": "kind", "title": gettext("Kind")},
        {"field": "voices", "title": gettext("Voices")},
    ]
    layers: list[Spec] = [
        {
            "data": {"values": values},
            "params": [{"name": "brush", "select": {"type": "interval", "encodings": ["x"]}}],
            "mark": {"type": "bar", "orient": "vertical", "fillOpacity": 0.85,
                     "stroke": "@surface", "strokeWidth": 1},
            "encoding": {
                **place,
                "y": {"field": "voices", "type": "quantitative", "stack": "zero",
                      "axis": {"tickCount": 4, "tickMinStep": 1}},
                "color": colour("kind", [words.kind(kind) for kind in KINDS], KIND_COLOURS)
                | {"legend": None},
                "order": {"field": "order"},
                "tooltip": told,
            },
        },
    ]  # fmt: skip
    if compared:
        layers.append(_time_before(stretches, place, when))
    return chart(200, layer=layers)


def _time_before(stretches: Sequence[Spec], place: Spec, when: Spec) -> Spec:
    """A dashed line over each stretch, as high as what stands there for the time before."""
    told = [when, {"field": "before", "title": gettext("The time before")}]
    height = {"field": "before", "type": "quantitative"}
    return {
        "data": {"values": stretches},
        "mark": {
            "type": "rule",
            "strokeDash": [3, 2],
            "strokeWidth": 1.5,
            "color": "@ink",
            "opacity": 0.55,
        },
        "encoding": {**place, "y": height, "tooltip": told},
    }


def _stretch(bar: Mapping[str, Any]) -> dict[str, Any]:
    """A stretch of time as a chart takes it."""
    moments = {name: bar[name].isoformat() for name in ("start", "end", "first", "last")}
    return {**moments, "when": bar["when"], "before": bar["before"]}


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
    return chart(
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
    return chart(
        34 * max(1, len({channel for channel, _ in totals})),
        data={"values": values},
        mark={"type": "bar", "height": 14, "fillOpacity": 0.85},
        encoding={
            "y": {"field": "channel", "type": "nominal", "axis": {"labelFontSize": 12}},
            "x": {"field": "voices", "type": "quantitative", "stack": "normalize",
                  "axis": {"format": "%", "tickCount": 4}},
            "color": colour("is", [named(label) for label in order], colours),
            "order": {"field": "order"},
            "tooltip": [{"field": "channel", "title": gettext("Channel")}, {"field": "is"},
                        {"field": "voices", "title": gettext("Voices")}],
        },
    )  # fmt: skip
