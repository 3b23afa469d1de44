"""The picture of an outcome: how often it was heard in each week, and when it was shipped."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext as _in

from sori import charts
from sori.charts import Spec


def weekly(weeks: Sequence[dict[str, Any]], shipped_at: datetime) -> Spec:
    """Rates by week with their bands, and a rule where the change was shipped.

    Args:
        weeks: as in `models.Outcome`.
        shipped_at: when it was shipped.
    """
    start: Spec = {"field": "start", "type": "temporal"}
    axis = {"format": "%-m/%-d", "grid": False, "tickCount": len(weeks), "labelOverlap": True}
    rate: Spec = {"field": "rate", "type": "quantitative"}
    shipped = {
        "day": timezone.localdate(shipped_at).isoformat(),
        "label": _in("initiative", "Shipped"),
    }
    side: Spec = {"condition": {"test": "datum.after", "value": "@praise"}, "value": "@complaint"}
    return charts.chart(
        280,
        layer=[
            {
                "data": {"values": list(weeks)},
                "mark": {"type": "rule", "strokeWidth": 10, "opacity": 0.22, "strokeCap": "round"},
                "encoding": {
                    "x": {**start, "axis": axis},
                    "y": {"field": "low", "type": "quantitative", "axis": {"tickCount": 4}},
                    "y2": {"field": "high"},
                    "color": side,
                },
            },
            {
                "data": {"values": list(weeks)},
                "mark": {"type": "line", "strokeWidth": 1.5, "color": "@ink-3", "opacity": 0.6},
                "encoding": {"x": start, "y": rate, "detail": {"field": "after"}},
            },
            {
                "data": {"values": list(weeks)},
                "mark": {"type": "point", "filled": True, "size": 64, "opacity": 1},
                "encoding": {
                    "x": start,
                    "y": rate,
                    "color": side,
                    "tooltip": [
                        {**start, "format": "%Y-%m-%d", "title": _("Week of")},
                        {**rate, "format": ".1f", "title": _("Per 1,000 voices")},
                        {"field": "heard", "title": _("Voices")},
                        {"field": "of", "title": _("Of all voices")},
                    ],
                },
            },
            {
                "data": {"values": [shipped]},
                "mark": {"type": "rule", "strokeDash": [4, 3], "color": "@ink", "opacity": 0.6},
                "encoding": {"x": {"field": "day", "type": "temporal"}},
            },
            {
                "data": {"values": [shipped]},
                "mark": {"type": "text", "align": "left", "dx": 6, "baseline": "top",
                         "fontSize": 12, "fontWeight": 600, "color": "@ink"},
                "encoding": {"x": {"field": "day", "type": "temporal"}, "y": {"value": 2},
                             "text": {"field": "label"}},
            },
        ],
    )  # fmt: skip
