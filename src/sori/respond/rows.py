"""The rows of the list, read in one question and made into dictionaries.

The one list everybody looks at all day is worth a question of its own: it costs a quarter of what
the same rows cost through Django's models, and the statuses stand in it as literals, so that both
databases may use the partial indexes of `Case`.
"""

import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, Final

from django.db import connection
from django.utils import timezone

from sori.respond import sla
from sori.respond.models import Clock
from sori.sql import read_sql

SNOOZED: Final = "snoozed_until IS NOT NULL"
AWAKE: Final = "snoozed_until IS NULL"
UNSETTLED: Final = "status IN ('new', 'open', 'pending', 'on_hold')"
# asked plainly, the index of what was joined would be taken, and all that is settled sorted
SETTLED: Final = "status IN ('resolved', 'closed') AND COALESCE(joined_into_id, 0) = 0"
UNCLEAR: Final = """id IN (
    SELECT conversation.case_id FROM respond_message AS message
    JOIN respond_conversation AS conversation ON conversation.id = message.conversation_id
    WHERE message.state = 'unknown')"""
FILTERS: Final[Mapping[str, str]] = {
    "department": "department_id = %(department)s",
    "team": "team_id = %(team)s",
    "owner": "owner_id = %(owner)s",
    "kind": "kind = %(kind)s",
    "channel": "channel = %(channel)s",
    "urgency": "urgency = %(urgency)s",
    "sentiment": "sentiment = %(sentiment)s",
    "tag": "id IN (SELECT case_id FROM respond_casetag WHERE tag_id = %(tag)s)",
}
"""What a list can be narrowed to, each by a value of its name."""

NEWEST: Final = ("updated_at", "id")
URGENT: Final = ("priority", "updated_at", "id")
"""Orders, each from the largest down; the id makes every place in a list one of its own."""

_JOINED: Final = {"sqlite": "group_concat"}
_MOMENTS: Final = ("started_at", "soon_at", "due_at", "limit_at", "paused_at", "stopped_at")
_CLOCK: Final = (*_MOMENTS, "outcome", "silence")


def one_of(ids: Iterable[int]) -> str:
    """The condition that a case is one of these."""
    return f"id IN ({','.join(str(int(one)) for one in ids) or 'NULL'})"


def rows(
    *which: str,
    member: int,
    limit: int,
    order: tuple[str, ...] = NEWEST,
    after: tuple[Any, ...] | None = None,
    **named: object,
) -> list[dict[str, Any]]:
    """Read some cases.

    Args:
        which: conditions of this module, all of which must hold.
        member: whose marks of having read.
        limit: how many at most.
        order: NEWEST change first, or most URGENT.
        after: only what comes behind this place in the list: the values of its order.
        named: other values that conditions speak of.

    Returns:
        See `selectors.Page`.
    """
    values: dict[str, Any] = {"member": member, "limit": limit, **named}
    if after is not None:
        place = dict(zip(order, after, strict=True))
        values |= {f"after_{name}": _plain(value) for name, value in place.items()}
        named_places = ", ".join(f"%(after_{name})s" for name in order)
        which = (*which, f"({', '.join(order)}) < ({named_places})")
    conditions = "".join(f" AND {one}" for one in which)
    question = (
        read_sql("respond", "rows")
        .replace("/* which */", conditions)
        .replace("/* joined */", _JOINED.get(connection.vendor, "string_agg"))
        .replace("/* order */", _downwards(order))
        .replace("/* order of items */", _downwards(f"item.{name}" for name in order))
    )
    with connection.cursor() as cursor:
        cursor.execute(question, values)
        names = [column[0] for column in cursor.description]
        found = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    now = timezone.now()
    for row in found:
        _finish(row, now)
    return found


def running(case: int) -> list[dict[str, Any]]:
    """The clocks of a case that have not ended, the first to run out on top; see `selectors`."""
    clocks = Clock.objects.filter(case=case, outcome=Clock.Outcome.RUNNING).order_by("due_at", "pk")
    now = timezone.now()
    return [one | standing(one, now) for one in clocks.values("kind", *_CLOCK)]


def adapted(at: datetime) -> Any:
    """A moment as this database writes it in SQL of our own."""
    return connection.ops.adapt_datetimefield_value(at)


def standing(clock: dict[str, Any], now: datetime) -> dict[str, Any]:
    """How a clock stands now: state, seconds and share of `sla.Standing`."""
    names = ("started_at", "soon_at", "due_at", "limit_at")
    return sla.standing(
        sla.Span(*(clock[name] for name in names)),
        now,
        outcome=clock["outcome"],
        stopped_at=clock["stopped_at"],
        paused_at=clock["paused_at"],
    )._asdict()


def _downwards(columns: Iterable[str]) -> str:
    return ", ".join(f"{column} DESC" for column in columns)


def _plain(value: Any) -> Any:
    moment = isinstance(value, datetime)
    return adapted(value) if moment else value


def _finish(row: dict[str, Any], now: datetime) -> None:
    """Make what the database returned into what the list shows."""
    clock = {name: row.pop(name) for name in _CLOCK}
    kind = row.pop("clock_kind")
    for name in ("opened_at", "updated_at", "snoozed_until"):
        row[name] = _moment(row[name])
    reasons = row["priority_reasons"]
    row["priority_reasons"] = json.loads(reasons) if isinstance(reasons, str) else reasons
    row["unread"] = row["newest_message"] > (row.pop("read_up_to") or 0)
    row["unsettled"] = bool(row["unsettled"])
    row["owner_name"] = row["owner_name"] or ""
    row["department_name"] = row["department_name"] or ""
    row["team_name"] = row["team_name"] or ""
    row["escalated"] = row.pop("escalated_at") is not None
    row["review"] = False
    row["tags"] = _tags(row["tags"])
    row["clock"] = None
    if kind is not None:
        clock |= {name: _moment(clock[name]) for name in _MOMENTS}
        clock["silence"] = bool(clock["silence"])
        row["clock"] = {"kind": kind, **clock, **standing(clock, now)}


def _tags(joined: str | None) -> list[dict[str, Any]]:
    """What the database joined, "3:red:VIP,7:grey:refund", by name."""
    parts = (one.split(":", 2) for one in joined.split(",")) if joined else ()
    tags = [{"id": int(tag), "colour": colour, "name": name} for tag, colour, name in parts]
    return sorted(tags, key=lambda tag: str(tag["name"]))


def _moment(value: datetime | None) -> datetime | None:
    # SQLite knows no time zone; what Django writes there is UTC
    return value.replace(tzinfo=UTC) if value and value.tzinfo is None else value
