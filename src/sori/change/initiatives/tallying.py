"""Count the voices and the accounts behind an initiative: soon after its evidence has changed, and
again every hour while it is open, so that every page shows the same figure."""

from datetime import timedelta
from typing import Final

import structlog
from django.db.models import F
from django.utils import timezone

from sori.change.initiatives import evidence, stages
from sori.change.initiatives.models import Initiative, Tally
from sori.database import claim, hold
from sori.errors import Stale
from sori.lake.query import Reader
from sori.mention import day_of
from sori.sql import read_sql

LEASE: Final = timedelta(minutes=5)
AGAIN: Final = timedelta(hours=1)
_ROOM: Final = "change.initiatives"
_OVER: Final = (stages.Stage.TOLD, stages.Stage.CHECKED)

log = structlog.get_logger(__name__)


def again(initiative: Initiative) -> None:
    """Have it counted as soon as a worker is free; whoever counts now has counted too early."""
    now = timezone.now()
    _row, new = Tally.objects.get_or_create(initiative=initiative, defaults={"due_at": now})
    if not new:
        sooner = {"due_at": now, "lease_until": None, "fence": F("fence") + 1}
        Tally.objects.filter(initiative=initiative).update(**sooner)


def keep(initiative: Initiative) -> None:
    """Have an initiative that was taken up again counted again."""
    if initiative.stage not in _OVER:
        Tally.objects.filter(initiative=initiative, due_at=None).update(due_at=timezone.now())


def count_due(reader: Reader, limit: int = 10) -> int:
    """Count what is due; returns how many initiatives that were.

    Raises:
        LakeError: the lake could not be read.
    """
    rows = claim(Tally.objects.all(), lease=LEASE, limit=limit)
    for row in rows:
        initiative = Initiative.objects.get(pk=row.initiative_id)
        voices, people = counted(reader, initiative)
        now = timezone.now()
        due_at = None if initiative.stage in _OVER else now + AGAIN
        found = {"voices": voices, "people": people, "counted_at": now}
        try:
            hold(row, **found, due_at=due_at, lease_until=None)
        except Stale:
            log.info("tally_counted_too_early", initiative=initiative.pk)
    return len(rows)


def counted(reader: Reader, initiative: Initiative) -> tuple[int, int]:
    """How many voices speak for it, and of how many different accounts; read from the lake."""
    said = evidence.mentions(reader, initiative)
    if not said:
        return 0, 0
    table = reader.table(read_sql(_ROOM, "people"), partition=day_of(min(said)), ids=said)
    row = table.to_pylist()[0]
    return int(row["voices"]), int(row["people"])
