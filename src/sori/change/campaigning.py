"""Read the campaigns: those that go on, those that have ended lately, which voices are theirs."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

import pyarrow as pa
from django.db.models import QuerySet
from django.utils import timezone

from sori.change.models import Campaign, Surge
from sori.change.packing import packed_ids, unpacked_ids

_PAST: Final = timedelta(days=30)


def now() -> list[Campaign]:
    """The campaigns that go on, the newest first."""
    return list(_shown().filter(ended_at=None))


def past() -> list[Campaign]:
    """Those that have ended lately, the newest first."""
    return list(_shown().filter(ended_at__isnull=False, last__gte=timezone.now() - _PAST))


def surges_of(campaign: Campaign) -> list[Surge]:
    """The surges it carries, the newest first."""
    return list(Surge.objects.filter(carried_by=campaign).order_by("-since"))


def members_of(campaigns: Iterable[Campaign]) -> pa.Table:
    """The ids of all voices of some campaigns, in column `id`."""
    return pa.concat_tables([unpacked_ids(packed_ids([])), *map(_ids, campaigns)])


def carried_since(since: datetime) -> dict[int, frozenset[str]]:
    """The voices of every campaign that was heard since a moment and is surely one, by number."""
    rows = Campaign.objects.sure().filter(last__gte=since)
    return {row.pk: frozenset(_ids(row).column("id").to_pylist()) for row in rows}


def _ids(campaign: Campaign) -> pa.Table:
    return unpacked_ids(bytes(campaign.members))


def _shown() -> QuerySet[Campaign]:
    return Campaign.objects.defer("members").order_by("-since")
