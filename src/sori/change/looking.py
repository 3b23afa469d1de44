"""Read what was said lately, and find the themes in it: everything of a run but the writing."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
from django.conf import settings

from sori.change import campaigning, counting, selectors
from sori.change.counting import Counted
from sori.change.models import Correction, Theme
from sori.change.weighing import Before, Corrections, Known, Weighed, weigh
from sori.lake import questions
from sori.lake.query import Reader
from sori.understand.assigning import Centres
from sori.understand.embedding import embedder

WINDOW: Final = 14
"""Days a run looks at, the last of them not yet over."""
READ: Final = 100_000


@dataclass(frozen=True)
class Look:
    """What a run has read and what it found in it.

    Attributes:
        since: the beginning of the days it has read.
        at: the moment of reading.
        voices: how many there were.
        rows: those that were read.
        weighed: the themes.
        counted: how much each was heard.
    """

    since: datetime
    at: datetime
    voices: int
    rows: pa.Table
    weighed: Weighed
    counted: Counted


def look(reader: Reader, now: datetime, told: Callable[[], None] = lambda: None) -> Look:
    """Look at the last WINDOW days.

    Args:
        reader: the lake.
        now: the moment of looking.
        told: called now and then while it works.
    """
    since = window(now)
    rows = questions.answer(reader, "change", "window", since=since, until=now, most=READ)
    weighed = weigh(rows, _before(), _corrections(), embedder("auto"), told=told)
    zone = ZoneInfo(settings.TIME_ZONE)
    carried = frozenset().union(*campaigning.carried_since(since).values())
    count = counting.counted(rows, weighed.numbers, selectors.roots(), zone, carried)
    voices = max(volume(reader, now, last=now)["voices"], rows.num_rows)
    return Look(since, now, voices, rows, weighed, count)


def window(now: datetime) -> datetime:
    """The beginning of the days a run looks at, in the company's time zone."""
    zone = ZoneInfo(settings.TIME_ZONE)
    first = now.astimezone(zone).date() - timedelta(days=WINDOW - 1)
    return datetime.combine(first, datetime.min.time(), zone)


def volume(reader: Reader, now: datetime, *, last: datetime) -> dict[str, int]:
    """How many `voices` a look would find, and how many of them are `fresh` since the last."""
    asked = {"since": window(now), "until": now, "last": last}
    (row,) = questions.ask(reader, "change", "fresh", **asked)
    return row


def _before() -> Before:
    """What the database knows of themes."""
    run = selectors.newest_run()
    centres = selectors.every_centre()
    known = {
        one.pk: Known(one.pk, one.name, one.named, tuple(one.phrases), one.state == one.State.GONE)
        for one in Theme.objects.filter(pk__in=centres.numbers.tolist())
    }
    # of a theme that people took every voice out of before it was written there is but a centre
    here = np.isin(centres.numbers, np.array(list(known), np.int64))
    kept = Centres(centres.tier, centres.numbers[here], centres.vectors[here])
    members = selectors.members().drop_null()
    return Before(
        themes=tuple(known[number] for number in kept.numbers.tolist()),
        members=dict(
            zip(members.column("id").to_pylist(), members.column("theme").to_pylist(), strict=True)
        ),
        centres=kept,
        next_number=run.next_number if run else 1,
    )


def _corrections() -> Corrections:
    """What people said about single voices and have not taken back."""
    standing = Correction.objects.filter(undone_at=None)
    rows = list(standing.values_list("mention", "theme", "belongs"))
    return Corrections(
        away=frozenset((mention, theme) for mention, theme, belongs in rows if not belongs),
        home={mention: theme for mention, theme, belongs in rows if belongs},
    )
