"""A study as a file: a table for spreadsheets, or JSON; only sentences that everybody may read."""

import csv
import io
import json
from dataclasses import asdict
from typing import Any, Final

from sori.change.studies.models import Study
from sori.change.studies.reading import Need, Report, Side
from sori.sheets import BOM, cell

FORMATS: Final = {"csv": "text/csv", "json": "application/json"}
_COLUMNS: Final = (
    "of", "topic", "people", "share", "complaint", "question", "idea", "praise", "asked",
    "answered", "quote_1", "quote_2", "quote_3",
)  # fmt: skip
_QUOTES: Final = 3


def as_csv(report: Report) -> str:
    """Needs by topic, a row each."""
    sink = io.StringIO()
    sink.write(BOM)
    write = csv.writer(sink)
    write.writerow(_COLUMNS)
    for side in report.sides:
        for need in side.needs:
            write.writerow(map(cell, _row(side, need)))
    return sink.getvalue()


def as_json(study: Study, report: Report) -> str:
    """All that was found."""
    told = {
        "name": study.name,
        "question": study.question,
        "since": str(study.since),
        "until": str(study.until),
        "computed_at": study.computed_at.isoformat() if study.computed_at else None,
        "rules": [rule for rule in (study.rule, study.rival) if rule],
        "looked_at": report.looked_at,
        "sides": [_side(side) for side in report.sides],
        "gaps": [{"name": name} | asdict(gap) for name, gap in report.gaps],
        "differences": [{"name": name} | asdict(row) for name, row in report.differences],
    }
    return json.dumps(told, ensure_ascii=False, indent=1)


def _side(side: Side) -> dict[str, Any]:
    return {
        "name": side.name,
        "voices": side.voices,
        "people": side.people,
        "kinds": side.kinds,
        "channels": dict(side.channels),
        "days": [day for day in side.days if day["voices"]],
        "needs": [_need(need) for need in side.needs],
    }


def _need(need: Need) -> dict[str, Any]:
    return {
        "topic": need.topic,
        "name": need.name,
        "people": need.people,
        "kinds": need.kinds,
        "asking": need.asking,
        "asked": need.asked,
        "answered": need.answered,
        "quotes": [quote.words for quote in need.quotes],
    }


def _row(side: Side, need: Need) -> list[Any]:
    quotes = [quote.words for quote in need.quotes]
    kinds = [need.kinds.get(kind, 0) for kind in ("complaint", "question", "idea", "praise")]
    return [
        side.name, need.name, need.people, need.share, *kinds, need.asked, need.answered,
        *(quotes + [""] * _QUOTES)[:_QUOTES],
    ]  # fmt: skip
