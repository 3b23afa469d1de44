"""What people want to know about sources: health, runs, the ledger, the quarantine."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, F, Max, Q, Sum
from django.db.models.functions import TruncHour
from django.utils import timezone

from sori.listen.models import Quarantine, Run, Source
from sori.listen.stalls import WEEKS, stalled


@dataclass(frozen=True)
class Ledger:
    """Where everything that was seen has gone; seen is the sum of the others."""

    seen: int
    stored: int
    duplicate: int
    not_matched: int
    quarantined: int
    forgotten: int = 0


@dataclass(frozen=True)
class Health:
    """How a source is.

    Attributes:
        state: one of `Source.State`.
        heard_at: when something new came last, None for never.
        polled_at: when it was visited last.
        due_at: when it will be visited next.
        failures: how many visits in a row have failed.
        error: why the last one did.
        ledger: over all its runs.
        quarantined: how many items wait in quarantine.
        stalled: whether it is silent for longer than is usual.
    """

    id: int
    name: str
    slug: str
    channel: str
    state: str
    keep: str
    interval: int
    department: str
    heard_at: datetime | None
    polled_at: datetime | None
    due_at: datetime | None
    failures: int
    error: str
    ledger: Ledger
    quarantined: int
    stalled: bool


def sources() -> list[Health]:
    """Every source and how it is, by name."""
    totals = {row["source"]: row for row in _totals()}
    waiting = dict(
        Quarantine.objects.filter(settled_at=None).values_list("source").annotate(count=Count("pk"))
    )
    hours = _hours()
    now = timezone.now()
    return [
        _health(row, totals.get(row.pk, {}), waiting.get(row.pk, 0), hours[row.pk], now)
        for row in Source.objects.select_related("department")
    ]


def source(key: int) -> Health | None:
    """One source and how it is; None when there is no such source."""
    return next((health for health in sources() if health.id == key), None)


def runs(key: int, *, limit: int = 50) -> list[dict[str, Any]]:
    """The latest runs of a source, newest first.

    Returns:
        Dictionaries of `sequence`, `state`, `started_at`, `finished_at` and the numbers of the
        ledger.
    """
    rows = (
        Run.objects.filter(source=key)
        .order_by("-sequence")
        .values("sequence", "state", "started_at", "finished_at", *Ledger.__dataclass_fields__)
    )
    return list(rows[:limit])


def quarantine(key: int | None = None, *, limit: int = 100) -> list[dict[str, Any]]:
    """What waits in quarantine, of one source or of all, newest first; never its raw bytes.

    Returns:
        Dictionaries of `id`, `source`, `source_name`, `external_id`, `reason`, `at`, `asked_at` and
        `outcome` (of the last time it was read again).
    """
    rows = Quarantine.objects.filter(settled_at=None)
    if key is not None:
        rows = rows.filter(source=key)
    names = ("id", "source", "external_id", "reason", "at", "asked_at", "outcome")
    return list(rows.order_by("-pk").values(*names, source_name=F("source__name"))[:limit])


def _totals() -> Any:
    done = Q(state=Run.State.DONE)
    sums = {name: Sum(name, filter=done, default=0) for name in Ledger.__dataclass_fields__}
    # in two steps: the sums take the names of the columns they add up
    last = Max("finished_at", filter=done & Q(stored__gt=0))
    return Run.objects.values("source").annotate(heard_at=last).annotate(**sums)


def _hours() -> dict[int, list[datetime]]:
    """The hours of the last weeks in which each source brought something."""
    start = timezone.now() - timedelta(weeks=WEEKS + 1)
    rows = (
        Run.objects.filter(state=Run.State.DONE, stored__gt=0, finished_at__gte=start)
        .annotate(hour=TruncHour("finished_at"))
        .values_list("source", "hour")
        .distinct()
        .order_by()
    )
    found: dict[int, list[datetime]] = defaultdict(list)
    for key, hour in rows:
        found[key].append(hour)
    return found


def _local(moment: datetime | None) -> datetime:
    return (moment or timezone.now()).astimezone(timezone.get_current_timezone())


def _health(
    row: Source, totals: dict[str, Any], waiting: int, hours: list[datetime], now: datetime
) -> Health:
    last: datetime | None = totals.get("heard_at")
    zone = timezone.get_current_timezone()
    silent = (
        row.state == Source.State.ACTIVE
        and last is not None
        and stalled(
            hours, since=row.created_at, last=last.astimezone(zone), now=now.astimezone(zone)
        )
    )
    return Health(
        id=row.pk,
        name=row.name,
        slug=row.slug,
        channel=row.channel,
        state=row.state,
        keep=row.keep,
        interval=row.interval,
        department=row.department.name if row.department else "",
        heard_at=last,
        polled_at=row.polled_at,
        due_at=row.due_at,
        failures=row.failures,
        error=row.error,
        ledger=Ledger(**{name: totals.get(name, 0) for name in Ledger.__dataclass_fields__}),
        quarantined=waiting,
        stalled=silent,
    )
