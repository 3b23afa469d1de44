"""Find campaigns, every ten minutes: what comes from one hand, and when it has fallen silent.

Each is told once, however often it is seen again: one that shares a voice with a known one is that
one. Whoever looks has claimed the round, and writes all that a look has brought in one transaction.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

import pyarrow as pa
import structlog
from django.db.models import QuerySet
from django.utils import timezone

from sori.change import campaigning, rounds, runs, series
from sori.change.models import Campaign
from sori.change.packing import packed_ids
from sori.change.services import FOLLOWS
from sori.database import write_atomic
from sori.journal.services import record
from sori.lake import questions
from sori.lake.query import Reader
from sori.understand.campaigns import PAUSE, campaigns
from sori.understand.campaigns import Campaign as Found

ROUND: Final = "campaigns"
EVERY: Final = timedelta(minutes=10)
WINDOW: Final = timedelta(days=28)
MOST: Final = 100_000
FIRST: Final = 3

log = structlog.get_logger(__name__)


def find(reader: Reader) -> int:
    """Look once, if it is time to; returns how many campaigns began or ended."""
    with rounds.turn(ROUND, again=EVERY) as turn:
        if turn is None:
            return 0
        now = timezone.now()
        rows = _said(reader, now)
        found = campaigns(rows)
        with write_atomic():
            turn.end(now + EVERY)
            return _write(found, rows, now)


def _said(reader: Reader, now: datetime) -> pa.Table:
    """What was said lately; its days are those of the company."""
    since = now - WINDOW
    rows = questions.answer(reader, "change", "prints", since=since, until=now, most=MOST)
    place = rows.schema.get_field_index("published_at")
    days = rows.column(place).cast(pa.timestamp("us", series.zone().key))
    return rows.set_column(place, "published_at", days)


def _write(found: Sequence[Found], rows: pa.Table, now: datetime) -> int:
    """Save what a look has brought; returns how many campaigns began or ended."""
    known = _Known(Campaign.objects.filter(last__gte=now - WINDOW - PAUSE))
    began = 0
    for one in found:
        row = known.same(one) or Campaign(why=one.why, since=one.since, found_at=now)
        new = row.pk is None
        _told(row, one, known.members(row), rows)
        row.save()
        if new:
            began += 1
            why, voices, people = row.why, row.voices, row.people
            record("campaign.found", f"campaign:{row.pk}", why=why, voices=voices, people=people)
            log.info("campaign_found", campaign=row.pk, why=why, voices=voices)
    if began:
        # the themes count the voices of campaigns apart
        rounds.ask(runs.ROUND, within=FOLLOWS)
    return began + _end(now)


class _Known:
    """The campaigns of earlier looks, and which voices are theirs."""

    def __init__(self, rows: QuerySet[Campaign]) -> None:
        self._rows = list(rows)
        self._members: dict[int, list[str]] = {
            row.pk: campaigning.members_of([row]).column("id").to_pylist() for row in self._rows
        }
        self._owner = {
            (row.why, mention): row for row in self._rows for mention in self._members[row.pk]
        }

    def same(self, found: Found) -> Campaign | None:
        """The campaign that was found again; None for a new one."""
        owners = (self._owner.get((found.why, mention)) for mention in found.members)
        return next(filter(None, owners), None)

    def members(self, row: Campaign) -> list[str]:
        """The ids of what is known to be of a campaign, the oldest first."""
        return self._members.get(row.pk, [])


def _told(row: Campaign, found: Found, before: Sequence[str], rows: pa.Table) -> None:
    """Let a campaign say what was found; what has left the window or the lake stays counted."""
    members = list(dict.fromkeys([*before, *found.members]))
    if not before:
        first = rows.column("id").to_pylist().index(found.members[0])
        row.channel = rows.column("channel")[first].as_py()
        row.source = rows.column("source")[first].as_py()
        row.first_voices = members[:FIRST]
    row.last = found.until
    row.voices, row.members = len(members), packed_ids(members)
    row.people = max(row.people or 0, len(found.carriers))
    row.places = max(row.places or 0, found.places)
    row.stars, row.expected = found.stars, found.expected


def _end(now: datetime) -> int:
    """End the campaigns that have fallen silent; returns how many."""
    silent = list(Campaign.objects.filter(ended_at=None, last__lte=now - PAUSE))
    for row in silent:
        row.ended_at = now
        row.save(update_fields=["ended_at"])
        record("campaign.ended", f"campaign:{row.pk}", voices=row.voices)
    return len(silent)
