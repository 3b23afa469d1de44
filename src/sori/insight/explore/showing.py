"""What the templates of the explorer show: panels and mentions as plain dictionaries."""

import re
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import pgettext

from sori.charts import KINDS, Spec
from sori.insight import charts
from sori.insight.explore.chips import value_word
from sori.insight.explore.names import Names
from sori.insight.explore.panels import Author, Row
from sori.insight.explore.selection import Selection, narrowed, query_string
from sori.insight.explore.volume import Bar, Volume
from sori.lessons import selectors as lessons
from sori.respond.prose import Piece, host_of, prose, visible
from sori.respond.selectors import cases_of
from sori.understand.reasons import Span


def timeline(volume: Volume) -> Spec:
    """The volume as a chart."""
    bars = [
        {
            "start": bar.start,
            "end": bar.end,
            "first": bar.start.date(),
            "last": (bar.end - timedelta(microseconds=1)).date(),
            "when": when(bar, volume.unit),
            "kinds": bar.kinds,
            "before": bar.before,
        }
        for bar in volume.bars
    ]
    return charts.timeline(bars, unit=volume.unit, compared=volume.before is not None)


def kinds(volume: Volume, selection: Selection) -> list[tuple[str, int, str]]:
    """How many mentions of each kind there are, and where narrowing by it leads."""
    counted = {kind: sum(bar.kinds.get(kind, 0) for bar in volume.bars) for kind in KINDS}
    return [
        (kind, count, query_string(narrowed(selection, "kinds", kind)))
        for kind, count in counted.items()
        if count
    ]


def when(bar: Bar, unit: str) -> str:
    """A stretch of time in words."""
    if unit == "hour":
        return f"{_day(bar.start)} {date_format(bar.start, pgettext('time of day', 'g:i A'))}"
    if unit == "day":
        return f"{_day(bar.start)} ({date_format(bar.start, 'D')})"
    if unit == "month":
        return date_format(bar.start, "YEAR_MONTH_FORMAT")
    return f"{_day(bar.start)} – {_day(bar.end - timedelta(microseconds=1))}"


def lines(field: str, rows: Iterable[Row], selection: Selection, names: Names) -> list[Any]:
    """The lines of a list of values: name, counts, growth, and where narrowing by each leads."""
    listed = list(rows)
    most = max((row.now for row in listed), default=1)
    return [
        {
            "name": value_word(field, row.value, names),
            "now": row.now,
            "before": row.before,
            "growth": row.growth,
            "share": row.now / most,
            "query": query_string(narrowed(selection, field, row.value)),
            "on": row.value in getattr(selection, field),
        }
        for row in listed
    ]


def speakers(rows: Iterable[Author], selection: Selection) -> list[Any]:
    """The lines of the list of authors."""
    return [
        {
            "name": visible(row.name),
            "channel": row.channel,
            "now": row.now,
            "complaints": row.complaints / row.now if row.now else 0,
            "followers": row.followers,
            "query": query_string(
                narrowed(narrowed(selection, "authors", row.value), "channels", row.channel)
            ),
        }
        for row in rows
    ]


def voices(rows: list[dict[str, Any]], selection: Selection, names: Names) -> list[dict[str, Any]]:
    """Mentions as they are listed, with their cases and safe links."""
    cases = cases_of(row["id"] for row in rows)
    people = lessons.corrections(row["id"] for row in rows)
    sought = _sought(selection)
    return [
        voice(row, cases.get(row["id"]), sought, names)
        | {"labels": lessons.shown(row["id"], row, people.get(row["id"], {}))}
        for row in rows
    ]


def voice(
    row: Mapping[str, Any], case: int | None, sought: re.Pattern[str] | None, names: Names
) -> dict[str, Any]:
    """One mention as it is listed."""
    said = prose(row["text"])
    link = row["url"] if row["url"] and host_of(row["url"]) else ""
    return {
        **row,
        "title": visible(row["title"] or ""),
        "author": visible(row["author_name"] or row["author_id"] or ""),
        "head": marked(said.head, sought),
        "rest": marked(said.rest, sought),
        "length": said.length,
        "link": link,
        "host": host_of(link) if link else "",
        "case": case,
        "source_name": names.sources.get(row["source"], ""),
        "topic_words": [(value_word("topics", one, names), one) for one in row["topics"] or ()],
        "theme_word": value_word("themes", row["theme"], names) if row["theme"] else "",
        "rule_words": [names.rules[one] for one in row["queries"] or () if one in names.rules],
    }


def marked(pieces: Iterable[Piece], sought: re.Pattern[str] | None) -> list[Piece]:
    """The pieces of a text with the words that were sought cut out as pieces of sort "hit"."""
    if sought is None:
        return list(pieces)
    cut: list[Piece] = []
    for piece in pieces:
        if piece.sort != "words":
            cut.append(piece)
            continue
        # the odd parts of a split are what the group caught
        for number, part in enumerate(sought.split(piece.text)):
            if part:
                cut.append(Piece("hit" if number % 2 else "words", part))
    return cut


def highlighted(text: str, spans: Iterable[Span]) -> list[tuple[str, int]]:
    """A text cut where its telling stretches begin and end: (text, 0 for none to 3 for most)."""
    pieces: list[tuple[str, int]] = []
    place = 0
    for span in spans:
        pieces.append((text[place : span.begin], 0))
        pieces.append((text[span.begin : span.end], 1 + round(span.weight * 2)))
        place = span.end
    pieces.append((text[place:], 0))
    return [(visible(words), strength) for words, strength in pieces if words]


def _sought(selection: Selection) -> re.Pattern[str] | None:
    if not selection.words:
        return None
    return re.compile(f"({'|'.join(map(re.escape, selection.words))})", re.IGNORECASE)


def _day(at: datetime) -> str:
    return date_format(at, "MONTH_DAY_FORMAT" if at.year == datetime.now().year else "DATE_FORMAT")  # noqa: DTZ005
