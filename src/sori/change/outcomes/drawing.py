"""The picture of an outcome: how often it was heard in each week, and when it was shipped."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext as _in

from sori import charts
from sori.charts import Spec

_START: Final[Spec] = {"field": "start", "type": "temporal"}
_RATE: Final[Spec] = {"field": "rate", "type": "quantitative"}
_SIDE: Final[Spec] = {
    "condition": {"test": "datum.after", "value": "@praise"},
    "value": "@complaint",
}


def weekly(weeks: Sequence[dict[str, Any]], shipped_at: datetime) -> Spec:
    """Rates by week with their bands, and a rule where the change was shipped.

    Args:
        weeks: as in `models.Outcome`.
        shipped_at: when it was shipped.
    """
    data = {"values": list(weeks)}
    return charts.chart(280, layer=[*_rates(data, len(weeks)), *_shipping(shipped_at)])


def _rates(data: Spec, weeks: int) -> list[Spec]:
    """The bands, a line through each side, and the points."""
    axis = {"format": "%-m/%-d", "grid": False, "tickCount": weeks, "labelOverlap": True}
    low = {"field": "low", "type": "quantitative", "axis": {"tickCount": 4}}
    tooltip = [
        {**_START, "format": "%Y-%m-%d", "title": _("Week of")},
        {**_RATE, "format": ".1f", "title": _("Per 1,000 voices")},
        {"field": "heard", "title": _("Voices")},
        {"field": "of", "title": _("Of all voices")},
    ]
    return [
        {
            "data": data,
            "mark": {"type": "rule", "strokeWidth": 10, "opacity": 0.22, "strokeCap": "round"},
            "encoding": {
                "x": {**_START, "axis": axis}, "y": low, "y2": {"field": "high"}, "color": _SIDE,
            },
        },
        {
            "data": data,
            "mark": {"type": "line", "strokeWidth": 1.5, "color": "@ink-3", "opacity": 0.6},
            "encoding": {"x": _START, "y": _RATE, "detail": {"field": "after"}},
        },
        {
            "data": data,
            "mark": {"type": "point", "filled": True, "size": 64, "opacity": 1},
            "encoding": {"x": _START, "y": _RATE, "color": _SIDE, "tooltip": tooltip},
        },
    ]  # fmt: skip


def _shipping(at: datetime) -> list[Spec]:
    """A rule on the day of shipping, and its word."""
    label = _in("initiative", "Shipped")
    data = {"values": [{"day": timezone.localdate(at).isoformat(), "label": label}]}
    day: Spec = {"field": "day", "type": "temporal"}
    return [
        {
            "data": data,
            "mark": {"type": "rule", "strokeDash": [4, 3], "color": "@ink", "opacity": 0.6},
            "encoding": {"x": day},
        },
        {
            "data": data,
            "mark": {"type": "text", "align": "left", "dx": 6, "baseline": "top",
                     "fontSize": 12, "fontWeight": 600, "color": "@ink"},
            "encoding": {"x": day, "y": {"value": 2}, "text": {"field": "label"}},
        },
    ]  # fmt: skip
