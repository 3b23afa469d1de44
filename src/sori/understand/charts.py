"""Draw the charts of the report as plain SVG: bars that need no script, no library, no network."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Final, NamedTuple

from markupsafe import Markup

_WIDTH: Final = 960
_HEIGHT: Final = 220
_LEFT: Final = 44
_BOTTOM: Final = 24
_TOP: Final = 10
_MANY_DAYS: Final = 92
_MANY_WEEKS: Final = 2 * 366


class Span(NamedTuple):
    """How long one bar of a chart over time is: its name, and the first day of a day's bar."""

    name: str
    days: int

    def first(self, day: date) -> date:
        """The first day of the bar a day belongs to."""
        if self.name == "week":
            return day - timedelta(days=day.weekday())
        return day.replace(day=1) if self.name == "month" else day

    def next(self, first: date) -> date:
        """The first day of the next bar."""
        return self.first(first + timedelta(days=self.days))


DAY, WEEK, MONTH = Span("day", 1), Span("week", 7), Span("month", 31)


def span_of(days: Sequence[date]) -> Span:
    """Bars that leave a chart readable: days, weeks or months."""
    length = (max(days) - min(days)).days
    return DAY if length <= _MANY_DAYS else WEEK if length <= _MANY_WEEKS else MONTH


def over_time(
    counts: Mapping[date, Mapping[str, int]], groups: Sequence[str], title: str
) -> Markup:
    """Stacked bars over time.

    Args:
        counts: by day and group.
        groups: in the order they are stacked, from below; each has the class `fill-GROUP`.
        title: what the chart shows, for people who cannot see it.
    """
    span = span_of(list(counts))
    bars: dict[date, dict[str, int]] = {}
    first, last = span.first(min(counts)), span.first(max(counts))
    while first <= last:
        bars[first] = dict.fromkeys(groups, 0)
        first = span.next(first)
    for day, by_group in counts.items():
        bar = bars[span.first(day)]
        for group, count in by_group.items():
            bar[group] += count
    highest = max(sum(bar.values()) for bar in bars.values())
    step = nice_step(highest)
    ceiling = step * -(-highest // step)
    parts = [*_grid(ceiling, step), *_bars(bars, groups, ceiling), *_days(list(bars), span)]
    whole = Markup('<svg viewBox="0 0 %s %s" role="img" class="time"><title>%s</title>%s</svg>')
    return whole % (_WIDTH, _HEIGHT, title, Markup("").join(parts))


def nice_step(highest: int) -> int:
    """The distance of grid lines: 1, 2 or 5 times a power of ten, three to six of them."""
    step = 1
    while True:
        for factor in (1, 2, 5):
            if highest / (step * factor) <= 5:
                return step * factor
        step *= 10


def _y(value: float, ceiling: int) -> float:
    return round(_HEIGHT - _BOTTOM - value / ceiling * (_HEIGHT - _BOTTOM - _TOP), 1)


def _grid(ceiling: int, step: int) -> list[Markup]:
    lines = []
    for value in range(0, ceiling + 1, step):
        y = _y(value, ceiling)
        lines.append(
            Markup('<line class="grid" x1="%s" x2="%s" y1="%s" y2="%s"/>') % (_LEFT, _WIDTH, y, y)
            + Markup('<text class="axis" x="%s" y="%s" text-anchor="end">%s</text>')
            % (_LEFT - 8, y + 4, f"{value:,}")
        )
    return lines


def _bars(
    bars: Mapping[date, Mapping[str, int]], groups: Sequence[str], ceiling: int
) -> list[Markup]:
    slot = (_WIDTH - _LEFT) / len(bars)
    width = round(min(slot * 0.76, 36), 2)
    drawn = []
    for number, (first, bar) in enumerate(bars.items()):
        x = round(_LEFT + slot * number + (slot - width) / 2, 2)
        below = 0
        for group in groups:
            if not bar[group]:
                continue
            top, bottom = _y(below + bar[group], ceiling), _y(below, ceiling)
            below += bar[group]
            drawn.append(
                Markup(
                    '<rect class="fill-%s" x="%s" y="%s" width="%s" height="%s">'
                    "<title>%s</title></rect>"
                )
                % (group, x, top, width, round(bottom - top, 1), f"{first}: {bar[group]:,}")
            )
    return drawn


def _days(firsts: Sequence[date], span: Span) -> list[Markup]:
    slot = (_WIDTH - _LEFT) / len(firsts)
    every = max(1, -(-len(firsts) // 8))
    labels = []
    for number in range(0, len(firsts), every):
        day = firsts[number]
        words = day.strftime("%Y.%m") if span is MONTH else f"{day.month}.{day.day}"
        x = round(_LEFT + slot * (number + 0.5), 1)
        labels.append(
            Markup('<text class="axis" x="%s" y="%s" text-anchor="middle">%s</text>')
            % (x, _HEIGHT - 6, words)
        )
    return labels
