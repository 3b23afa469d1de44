"""Read what was said lately, and find the themes in it: everything of a run but the writing."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
from django.conf import settings

from sori.change import campaigning, counting, selectors
from sori.change.counting import Counted
from sori.change.discovering import Before, Corrections, Discovered, Known, discovered
from sori.change.models import Correction, Split, Theme
from sori.change.splitting import Part
from sori.lake import questions
from sori.lake.query import Reader
from sori.people.selectors import somebody_is_valued, speakers, values
from sori.understand.assigning import Centres
from sori.understand.embedding import embedder

WINDOW: Final = 14
"""Days a run looks at, the last of them not yet over."""
READ: Final = 100_000


class Worth(NamedTuple):
    """What people are worth in a year, together, in whole units, and of how many it is known."""

    total: int
    people: int


NOTHING: Final = Worth(0, 0)


@dataclass(frozen=True)
class Look:
    """What a run has read and what it found in it.

    Attributes:
        since: the beginning of the days it has read.
        at: the moment of reading.
        voices: how many there were.
        rows: those that were read.
        discovered: the themes.
        counted: how much each was heard.
        worth: of the people who said it, by theme; of mergers see `counting.Counted`.
        next_number: no theme had this number or a higher one when the look began.
    """

    since: datetime
    at: datetime
    voices: int
    rows: pa.Table
    discovered: Discovered
    counted: Counted
    worth: Mapping[int, Worth]
    next_number: int


def look(reader: Reader, now: datetime, told: Callable[[], None] = lambda: None) -> Look:
    """Look at the last WINDOW days.

    Args:
        reader: the lake.
        now: the moment of looking.
        told: called now and then while it works.
    """
    since = window(now)
    rows = questions.answer(reader, "change", "window", since=since, until=now, most=READ)
    before = _before()
    found = discovered(
        rows, before, _corrections(), embedder("auto"), parts=standing_parts(), told=told
    )
    zone = ZoneInfo(settings.TIME_ZONE)
    carried = frozenset().union(*campaigning.carried_since(since).values())
    count = counting.counted(rows, found.numbers, selectors.roots(), zone, carried)
    voices = rows.num_rows
    if voices == READ:  # while this was worked out more may have come of what was said before
        voices = max(volume(reader, now, last=now)["voices"], voices)
    return Look(since, now, voices, rows, found, count, _worth(count), before.next_number)


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
    next_number = selectors.next_number()
    centres = selectors.every_centre()
    known = {
        one.pk: Known(one.pk, one.name, one.named, tuple(one.phrases), one.state == one.State.GONE)
        for one in Theme.objects.filter(pk__in=centres.numbers.tolist())
    }
    # of a theme that people took every voice out of before it was written there is but a centre
    here = np.isin(centres.numbers, np.array(list(known), np.int64))
    kept = Centres(centres.tier, centres.numbers[here], centres.vectors[here])
    # what people split off is told from its theme anew each time, as if it had never been
    members = selectors.members().select(["id", "found"]).drop_null()
    return Before(
        themes=tuple(known[number] for number in kept.numbers.tolist()),
        members=dict(
            zip(members.column("id").to_pylist(), members.column("found").to_pylist(), strict=True)
        ),
        centres=kept,
        next_number=next_number,
    )


def _corrections() -> Corrections:
    """What people said about single voices and have not taken back."""
    standing = Correction.objects.filter(undone_at=None)
    rows = list(standing.values_list("mention", "theme", "belongs"))
    return Corrections(
        away=frozenset((mention, theme) for mention, theme, belongs in rows if not belongs),
        home={mention: theme for mention, theme, belongs in rows if belongs},
    )


def standing_parts() -> list[Part]:
    """What people split off themes and have not put back, in the order in which they did."""
    return [
        Part(
            of=frozenset(selectors.counted_with(one.theme_id)),
            number=one.part_id,
            words=tuple(one.words),
            voices=frozenset(one.voices),
        )
        for one in Split.objects.filter(undone_at=None).order_by("pk")
    ]


def _worth(counted: Counted) -> dict[int, Worth]:
    """What those who speak of each theme are worth, as far as anybody wrote it down."""
    if not somebody_is_valued():
        return {}
    accounts = {one for gauge in counted.gauges.values() for one in gauge.followers}
    people = speakers(accounts)
    known = values(set(people.values()))
    found = {}
    for number, gauge in counted.gauges.items():
        theirs = {people[one] for one in gauge.followers if one in people}
        worth = [known[person] for person in theirs if person in known]
        found[number] = Worth(int(sum(worth, Decimal(0))), len(worth))
    return found
