"""Changes that were shipped, and how often their theme was heard around that day."""

import itertools
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

import numpy as np
import pyarrow as pa
from django.utils import timezone

from sori.change.initiatives.models import Evidence, Initiative
from sori.change.models import Theme, ThemeDay, ThemeRun
from sori.change.packing import packed_members
from sori.lake.store import Lake
from sori.mention import SCHEMA, heard, widen
from sori.staff.models import Member, Role

numbers = itertools.count(1)
DAY = timedelta(days=1)
NOTHING = packed_members(pa.array([], pa.string()), *[np.empty(0, np.int64)] * 2)


def ago(days: int) -> date:
    return timezone.localdate() - days * DAY


def noon(day: date) -> datetime:
    return datetime.combine(day, datetime.min.time(), UTC) + timedelta(hours=3)


def runs(days: int) -> None:
    """The machine looked every day at the fourteen days before, today the last time."""
    for number in range(days, -1, -1):
        at = timezone.now() - number * DAY
        ThemeRun.objects.create(
            at=at, since=noon(timezone.localdate(at) - 13 * DAY), voices=10, read=10, compared=10,
            tier="fast", next_number=99, seconds=0.1, members=NOTHING, centres=b"-",
        )  # fmt: skip


def theme(name: str = "배송 지연", first: int = 80) -> Theme:
    return Theme.objects.create(
        number=next(numbers) + 1000, name=name, first_seen=noon(ago(first)), last_seen=noon(ago(1))
    )


def counted(of: Theme, voices: Iterable[tuple[int, int]], channel: str = "blog") -> None:
    """So many voices so many days ago; a day may be named for several channels."""
    for days, count in voices:
        row, _ = ThemeDay.objects.get_or_create(theme=of, day=ago(days), defaults={"counts": {}})
        kinds = row.counts.setdefault("complaint", {})
        kinds[channel] = kinds.get(channel, 0) + count
        row.save()


def said(lake: Lake, days: Iterable[int], a_day: int, **row: Any) -> None:
    """So many people say something on each of those days."""
    rows = [
        {"source": 1, "channel": "blog", "external_id": f"p{next(numbers)}",
         "author_id": f"a{number}", "text": "안녕하세요", "published_at": noon(ago(day)),
         "heard_at": noon(ago(day))}
        | {name: value for name, value in row.items() if name != "theme"}
        for day in days for number in range(a_day)
    ]  # fmt: skip
    batch = widen(heard(rows))
    if "theme" in row:
        place = batch.schema.get_field_index("theme")
        told = pa.array([row["theme"]] * len(rows), SCHEMA.field("theme").type)
        batch = batch.set_column(place, "theme", told)
    lake.append(batch, source=1, sequence=lake.sequence(1) + 1)


def initiative(
    themes: Sequence[Theme] = (),
    *,
    shipped: int | None = 30,
    title: str = "새 물류 센터",
    **row: Any,
) -> Initiative:
    """An initiative that was shipped so many days ago."""
    boss = row.pop("by", None) or Member.objects.create_user(
        f"boss{next(numbers)}@sori.example", name="박도윤", role=Role.SUPERVISOR
    )
    made = Initiative.objects.create(
        title=title, created_by=boss, created_at=noon(ago(70)),
        stage=Initiative.Stage.HEARD if shipped is None else Initiative.Stage.SHIPPED,
        decision="" if shipped is None else Initiative.Decision.YES,
        shipped_at=None if shipped is None else noon(ago(shipped)), **row,
    )  # fmt: skip
    for one in themes:
        Evidence.objects.create(
            initiative=made, sort=Evidence.Sort.THEME, key=str(one.pk), added_at=timezone.now()
        )
    return made


def shipped(lake: Lake, *, before: int = 12, after: int = 3, days: int = 30) -> Initiative:
    """A change `days` days ago; of 100 voices a day so many were about its theme."""
    about = theme()
    counted(about, [(number, before) for number in range(days, days + 21)])
    counted(about, [(number, after) for number in range(1, days)])
    said(lake, range(1, days + 21), 100)
    runs(days + 7)
    return initiative([about], shipped=days)
