"""A small language for tests of the explorer: voices with marks, and what each is picked by."""

import itertools
import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

import pyarrow as pa

from sori import mention
from sori.insight.explore.selection import UNKNOWN, Selection
from sori.insight.explore.span import Span
from sori.lake.store import Lake

NOW = datetime(2026, 11, 23, 3, tzinfo=UTC)
_numbers = itertools.count(1)


def said(text: str = "배송이 늦어요", days_ago: float = 1, **fields: Any) -> dict[str, Any]:
    """One voice; HEARD columns and meanings alike by their names."""
    at = NOW - timedelta(days=days_ago)
    return {
        "source": 1,
        "channel": "rss",
        "external_id": f"post-{next(_numbers)}",
        "author_id": "kim",
        "text": text,
        "published_at": at,
        "heard_at": at + timedelta(minutes=1),
    } | fields


def remember(lake: Lake, rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Put voices into the lake; they come back with all their columns."""
    listed = list(rows)
    names = set(mention.HEARD_SCHEMA.names)
    heard = mention.heard({k: v for k, v in row.items() if k in names} for row in listed)
    batch = mention.widen(heard)
    for place, field in enumerate(mention.SCHEMA):
        if field.name not in names and any(field.name in row for row in listed):
            column = pa.array([row.get(field.name) for row in listed], field.type)
            batch = batch.set_column(place, field, column)
    lake.append(batch, source=1, sequence=lake.sequence(1) + 1)
    return list(batch.to_pylist())


def moment(row: dict[str, Any]) -> datetime:
    """When it was said."""
    at: datetime = row["published_at"] or row["heard_at"]
    return at


def picked(row: dict[str, Any], selection: Selection, span: Span) -> bool:
    """Whether a selection picks a voice: the definition, one voice after the other."""
    at = moment(row)
    if (span.begin and at < span.begin) or (span.end and at >= span.end):
        return False
    chosen = [
        (selection.rules, row["queries"] or []),
        (selection.channels, [row["channel"]]),
        (selection.sources, [row["source"]]),
        (selection.kinds, [row["kind"] or UNKNOWN]),
        (selection.sentiments, [row["sentiment"] or UNKNOWN]),
        (selection.urgencies, [UNKNOWN if row["urgency"] is None else str(row["urgency"])]),
        (selection.topics, row["topics"] or []),
        (selection.themes, [row["theme"]]),
        (selection.languages, [row["lang"] or UNKNOWN]),
        (selection.authors, [row["author_id"], row["author_name"]]),
    ]
    if any(wanted and not set(wanted) & set(there) for wanted, there in chosen):
        return False
    for name in ("answer", "abuse", "irony", "spam"):
        wanted = getattr(selection, name)
        if wanted is not None and bool(row[name]) is not wanted:
            return False
    reach = -1 if row["followers"] is None else row["followers"]
    if selection.followers is not None and reach < selection.followers:
        return False
    if selection.doubt is not None and row["kind"] is not None:
        sure = row["kind_confidence"]
        if sure is None or sure >= selection.doubt:
            return False
    return all(_has(row, word) for word in selection.words)


def _has(row: dict[str, Any], word: str) -> bool:
    found = re.compile(re.escape(word), re.IGNORECASE)
    return bool(found.search(row["text"]) or found.search(row["title"] or ""))
