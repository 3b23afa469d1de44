"""Save listening rules, and try one on what was said in the last days."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

import pyarrow as pa
import pyarrow.compute as pc
from django.conf import settings
from django.utils import timezone

from sori.database import write_atomic
from sori.journal.services import record
from sori.lake.query import Reader, first_partition
from sori.listen.language import parse
from sori.listen.matching import Matcher, explain
from sori.listen.models import Query
from sori.sql import read_sql
from sori.staff.models import Department, Member

DAYS: Final = 7
MOST: Final = 200_000
EXAMPLES: Final = 6
EXCERPT: Final = 160

Piece = tuple[str, bool]


@dataclass(frozen=True)
class Example:
    """One voice that a rule would have heard.

    Attributes:
        channel: where.
        author: who.
        at: when.
        pieces: the words, cut where the rule's words begin and end, as (text, marked).
    """

    channel: str
    author: str
    at: datetime
    pieces: list[Piece]


@dataclass(frozen=True)
class Preview:
    """What a rule would have heard in the last seven days.

    Attributes:
        hits: how many voices.
        looked_at: among how many.
        by_day: hits by day, the oldest first, every day there.
        examples: the newest.
    """

    hits: int
    looked_at: int
    by_day: list[tuple[date, int]]
    examples: list[Example]


def save_query(
    *,
    name: str,
    expression: str,
    query: int | None = None,
    department: Department | None = None,
    active: bool = True,
    member: Member | None = None,
) -> Query:
    """Save a listening rule.

    Args:
        name: what it is called; a rule of this name is replaced.
        expression: the rule.
        query: the id of the rule to change; None goes by the name.
        department: who answers for what it hears.
        active: whether it listens.
        member: who saves it.

    Raises:
        LanguageError: when the rule cannot be read; nothing is saved.
    """
    parse(expression)
    known = {"pk": query} if query else {"name": name}
    values = {
        "name": name,
        "expression": expression,
        "department": department,
        "active": active,
    }
    with write_atomic():
        row, new = Query.objects.update_or_create(**known, defaults=values)
        kind = "query.added" if new else "query.changed"
        record(kind, f"query:{row.pk}", member=member, active=active)
        return row


def delete_query(*, query: Query, member: Member | None = None) -> None:
    """Forget a listening rule; what it heard stays heard."""
    with write_atomic():
        record("query.deleted", f"query:{query.pk}", member=member, name=query.name)
        query.delete()


def preview(expression: str, *, reader: Reader, now: datetime | None = None) -> Preview:
    """Try a rule on the newest voices of the last seven days, 200,000 at most.

    Raises:
        LanguageError: when the rule cannot be read.
    """
    rule = parse(expression)
    now = now or timezone.now()
    words = _newest(reader, now - timedelta(days=DAYS))
    batch = words.combine_chunks().to_batches()
    hits = [Matcher({1: expression}).match(part) for part in batch]
    found = [row for part in hits for row in _hit_rows(part)]
    return Preview(
        hits=len(found),
        looked_at=words.num_rows,
        by_day=_by_day([row["said_at"] for row in found], now),
        examples=[_example(row, explain(rule, row["text"])) for row in found[:EXAMPLES]],
    )


def _newest(reader: Reader, since: datetime) -> pa.Table:
    sql = read_sql("lake", "newest_words")
    return reader.table(sql, since=since, partition=first_partition(since), limit=MOST)


def _hit_rows(batch: pa.RecordBatch) -> list[dict[str, Any]]:
    mask = pc.greater(pc.list_value_length(batch["queries"]), 0)
    rows: list[dict[str, Any]] = batch.filter(mask).to_pylist()
    return rows


def _by_day(moments: list[datetime], now: datetime) -> list[tuple[date, int]]:
    zone = ZoneInfo(settings.TIME_ZONE)
    counted = Counter(moment.astimezone(zone).date() for moment in moments)
    today = now.astimezone(zone).date()
    days = [today - timedelta(days=back) for back in range(DAYS - 1, -1, -1)]
    return [(day, counted[day]) for day in days]


def _example(row: dict[str, Any], spans: list[tuple[int, int]]) -> Example:
    text = row["text"]
    start = max(0, spans[0][0] - 40) if spans else 0
    end = min(len(text), start + EXCERPT)
    pieces: list[Piece] = [("… ", False)] if start else []
    place = start
    for first, last in spans:
        if first >= end:
            break
        pieces += [(text[place:first], False), (text[first : min(last, end)], True)]
        place = last
    pieces.append((text[place:end] + (" …" if end < len(text) else ""), False))
    return Example(
        channel=row["channel"],
        author=row["author_name"] or row["author_id"] or "",
        at=row["said_at"],
        pieces=[piece for piece in pieces if piece[0]],
    )
