"""Take up what the lake has heard since we last looked: people, conversations, cases, clocks.

The lake's log is the queue. Whoever receives locks one row, the bookmark, and writes everything
that a version brought in the same transaction that moves it: after a crash the version is read
again from the start, and however many workers receive at once, each voice is taken up once.
"""

from typing import Final

import pyarrow as pa
from django.utils import timezone

from sori.database import write_atomic
from sori.lake.store import Lake
from sori.lessons.selectors import corrected
from sori.listen.models import Query, Source
from sori.people.tombstones import buried
from sori.respond import opening, routing, spoken
from sori.respond.models import Bookmark
from sori.respond.prioritising import weights
from sori.respond.signals import heard
from sori.respond.voices import Voice
from sori.staff.colleagues import marks

COLUMNS: Final = (
    "id",
    "source",
    "channel",
    "external_id",
    "parent_id",
    "thread_id",
    "url",
    "author_id",
    "author_name",
    "followers",
    "title",
    "text",
    "published_at",
    "heard_at",
    "addressed",
    "public",
    "rating",
    "reply_mode",
    "reply_until",
    "reply_address",
    "attachments",
    "extra",
    "queries",
    "kind",
    "sentiment",
    "urgency",
    "answer",
    "abuse",
    "irony",
    "spam",
)
"""What responding reads of a mention."""

IMPORTS: Final = ("files", "drop")
"""Channels whose sources are files somebody loaded: nobody waits for an answer by the clock."""


def receive(lake: Lake) -> int:
    """Take up what is new in the lake.

    A voice of a source that is a loaded file, and one older than seven days, starts no clock; and
    a public voice opens a case only when it is recent (`routing.Rules`).

    Args:
        lake: the lake to read.

    Returns:
        How many voices were written into the desk.
    """
    taken = 0
    while (newest := lake.version()) > (place := _place()):
        for version, table in lake.since(place):
            written = _take_up(table, place, version)
            if written is None:
                break  # another worker has moved the bookmark: go on from where it stands
            taken, place = taken + written, version
        else:
            _skip_to(newest, place)
            break
    return taken


def rules() -> routing.Rules:
    """The company's rules for routing, as they stand."""
    sources = Source.objects.values_list("id", "channel", "department")
    queries = Query.objects.exclude(department=None).values_list("id", "department")
    return routing.Rules(
        departments={source: place for source, _, place in sources if place},
        query_departments={query: place for query, place in queries if place},
        imports=frozenset(source for source, channel, _ in sources if channel in IMPORTS),
        weights=weights(),
        colleagues=marks(),
    )


def _take_up(table: pa.Table, place: int, version: int) -> int | None:
    """Write one version's voices; None when the bookmark is not where we thought."""
    now = timezone.now()
    deciding = rules()
    rows = table.select(COLUMNS).to_pylist()
    people = corrected(min(row["id"] for row in rows), max(row["id"] for row in rows))
    for row in rows:
        row |= people.get(row["id"], {})
    voices = [Voice(row, routing.decide(row, deciding, now)) for row in rows]
    with write_atomic():
        mark = bookmark()
        if mark.version != place:
            return None
        # what was read before somebody was forgotten must not come after it
        gone = buried(voice.account.key for voice in voices)
        written = opening.write([voice for voice in voices if voice.account.key not in gone])
        spoken.remember(voice for voice in voices if voice.account.key not in gone)
        heard.send(sender=None, rows=[one.row for one in voices if one.account.key not in gone])
        mark.version = version
        mark.save(update_fields=["version"])
    return written


def _skip_to(newest: int, place: int) -> None:
    """Move past versions that only rewrote what was there, so that they are not read again."""
    if newest <= place:
        return
    with write_atomic():
        mark = bookmark()
        if mark.version == place:
            mark.version = newest
            mark.save(update_fields=["version"])


def _place() -> int:
    version = Bookmark.objects.filter(pk=1).values_list("version", flat=True).first()
    return -1 if version is None else version


def bookmark() -> Bookmark:
    """How far the lake was read; nobody receives until the transaction ends."""
    Bookmark.objects.bulk_create([Bookmark(pk=1)], ignore_conflicts=True)
    return Bookmark.objects.select_for_update().get(pk=1)
