"""Work off studies: read the days one after the other, match, add up, and keep what was found."""

import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from datetime import time as clock
from typing import Any, Final
from zoneinfo import ZoneInfo

import pyarrow as pa
import structlog
from django.conf import settings
from django.db.models.functions import Now
from django.utils import timezone

from sori import database
from sori.change import selectors
from sori.change.studies.gathering import Gathering
from sori.change.studies.models import Study
from sori.database import chunks, write_atomic
from sori.errors import LanguageError, SoriError, Stale
from sori.journal.services import record
from sori.lake.query import Reader
from sori.listen import memory
from sori.listen.matching import Matcher
from sori.respond.models import Message
from sori.respond.sending import State
from sori.sql import read_sql

ROOM: Final = "change.studies"
LEASE: Final = timedelta(minutes=5)
"""Renewed after every piece of days."""

PIECE: Final = timedelta(days=7)
_OURS, _RIVAL = 1, 2

log = structlog.get_logger(__name__)


def study_due() -> int:
    """Work off a study that somebody asked for; returns how many there were: 1 or 0."""
    rows = Study.objects.filter(state=Study.State.WAITING)
    claimed = database.claim(rows, lease=LEASE)
    for study in claimed:
        try:
            run(memory.counting_reader(), study)
        except Stale:
            log.info("studies.lost_to_another", study=study.pk)
    return len(claimed)


def run(reader: Reader, study: Study) -> None:
    """Gather what a claimed study asks for, and keep it.

    Raises:
        Stale: somebody deleted it or asked anew meanwhile, or the lease ended.
    """
    began = time.monotonic()
    try:
        result = _gathered(reader, study)
    except (LanguageError, SoriError) as error:
        if isinstance(error, Stale):
            raise
        # said on the page, and not tried again by itself: it would fail again
        _end(study, "study.failed", state=Study.State.FAILED, problem=str(error)[:300])
        return
    told = {"voices": result["sides"][0]["voices"], "seconds": round(time.monotonic() - began, 1)}
    now = timezone.now()
    _end(
        study, "study.finished", told,
        state=Study.State.DONE, result=result, computed_at=now, done=1.0, problem="",
    )  # fmt: skip


def _gathered(reader: Reader, study: Study) -> dict[str, Any]:
    rules = {_OURS: study.rule} | ({_RIVAL: study.rival} if study.rival else {})
    matcher = Matcher(rules)
    sides = {number: Gathering() for number in rules}
    roots = selectors.roots()
    pieces = list(_pieces(study.since, study.until))
    looked_at = 0
    for place, (first, last) in enumerate(pieces, 1):
        voices = _voices(reader, first, last)
        looked_at += voices.num_rows
        for batch in voices.combine_chunks().to_batches():
            rows = _hits(matcher, batch, roots)
            for number, side in sides.items():
                side.add(row for row in rows if number in row["queries"])
        share = round(place / len(pieces), 3)
        database.hold(study, done=share, lease_until=Now() + LEASE)
    answered = _answered(set().union(*(side.asked() for side in sides.values())))
    return {
        "looked_at": looked_at,
        "sides": [sides[number].found(answered) for number in sorted(sides)],
    }


def _hits(matcher: Matcher, batch: pa.RecordBatch, roots: dict[int, int]) -> list[dict[str, Any]]:
    """What one of the rules found, with themes where merged ones went."""
    matched = matcher.match(batch)
    lengths = matched.column("queries").value_lengths().to_numpy()
    rows: list[dict[str, Any]] = matched.filter(pa.array(lengths > 0)).to_pylist()
    for row in rows:
        row["theme"] = roots.get(row["theme"], row["theme"])
    return rows


def _pieces(since: date, until: date) -> Iterator[tuple[date, date]]:
    """The days in pieces, as (first, last)."""
    first = since
    while first <= until:
        last = min(first + PIECE - timedelta(days=1), until)
        yield first, last
        first = last + timedelta(days=1)


def _voices(reader: Reader, first: date, last: date) -> pa.Table:
    zone = ZoneInfo(settings.TIME_ZONE)
    begin = datetime.combine(first, clock.min, zone)
    end = datetime.combine(last + timedelta(days=1), clock.min, zone)
    return reader.table(
        read_sql(ROOM, "voices"),
        beside={"known": selectors.members()},
        begin=begin,
        end=end,
        first_day=f"{begin.astimezone(UTC):%Y-%m-%d}",
        last_day=f"{end.astimezone(UTC):%Y-%m-%d}",
        zone=settings.TIME_ZONE,
    )


def _answered(mentions: set[str]) -> set[str]:
    """Those of some mentions that we answered."""
    ids = sorted(mentions)
    found: set[str] = set()
    for piece in chunks(ids):
        rows = Message.objects.filter(mention__in=piece, answered_by__state=State.SENT)
        found |= {str(one) for one in rows.values_list("mention", flat=True)}
    return found


def _end(study: Study, kind: str, told: dict[str, Any] | None = None, **changes: object) -> None:
    with write_atomic():
        database.hold(study, due_at=None, lease_until=None, **changes)
        record(kind, f"study:{study.pk}", **(told or {}))
