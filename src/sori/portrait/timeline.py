"""What a person said and what was done about it, in one list, the newest first."""

from datetime import UTC, datetime
from typing import Any, Final, NamedTuple

from django.db.models import F, Q

from sori.journal.models import Event
from sori.lake.query import Reader
from sori.lake.questions import place_of
from sori.portrait import said
from sori.portrait.said import Whose
from sori.respond.models import Case, Message, Note
from sori.respond.prose import visible
from sori.respond.selectors import cases_of
from sori.understand.themes import shortened

SHOWN: Final = 600
MOST: Final = 200
EVENTS: Final = ("person.merged", "person.parted", "person.told_apart", "person.changed")
_BEGINNING: Final = datetime.min.replace(tzinfo=UTC)
_END: Final = datetime.max.replace(tzinfo=UTC)


class Timeline(NamedTuple):
    """A stretch of somebody's time with us.

    Attributes:
        entries: each has `type` ("voice", "case", "answer", "note" or "event") and `at`; a voice
            has the columns of `said.Stream` and `case`, the rest those of their tables.
        next: hand it back as `after` for what is older; "" at the beginning.
    """

    entries: list[dict[str, Any]]
    next: str


def timeline(reader: Reader, people: list[int], theirs: Whose, *, after: str = "") -> Timeline:
    """A page: some of what they said, and all that was done in the same stretch of time.

    Args:
        reader: the lake.
        people: who are one person.
        theirs: where what they said is found.
        after: `next` of the page before.
    """
    stream = said.stream(reader, theirs, after=after)
    end, _ = place_of(after)
    begin, _ = place_of(stream.next)
    window = Q(at__gte=begin or _BEGINNING, at__lt=end or _END)
    entries = _voices(stream.rows)
    for some in (_answers(people, window), _notes(people, window), _events(people, window)):
        entries += some
    entries += _cases(people, begin or _BEGINNING, end or _END)
    entries.sort(key=lambda one: one["at"], reverse=True)
    return Timeline(entries, stream.next)


def _voices(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    cases = cases_of(row["id"] for row in rows)
    return [
        {
            "type": "voice",
            **row,
            "at": row["said_at"],
            "title": visible(row["title"] or ""),
            "text": shortened(visible(row["text"]), SHOWN),
            "case": cases.get(row["id"]),
        }
        for row in rows
    ]


def _answers(people: list[int], window: Q) -> list[dict[str, Any]]:
    sent = Message.objects.filter(
        window, direction=Message.Direction.OUT, conversation__identity__person__in=people
    ).exclude(state=Message.State.DRAFT)
    rows = sent.order_by("-at").values(
        "at", "body", "state", case=F("conversation__case_id"), by=F("member__name")
    )
    return [
        {"type": "answer", **row, "body": shortened(visible(row["body"]), SHOWN)}
        for row in rows[:MOST]
    ]


def _notes(people: list[int], window: Q) -> list[dict[str, Any]]:
    notes = Note.objects.filter(window, case__person__in=people).order_by("-at")
    rows = notes.values("at", "body", case_number=F("case_id"), by=F("member__name"))[:MOST]
    return [{"type": "note", **row, "body": shortened(visible(row["body"]), SHOWN)} for row in rows]


def _events(people: list[int], window: Q) -> list[dict[str, Any]]:
    subjects = [f"person:{one}" for one in people]
    events = Event.objects.filter(window, about__in=subjects, kind__in=EVENTS).order_by("-at")
    rows = events.values("at", "kind", by=F("member__name"))[:MOST]
    return [{"type": "event", **row} for row in rows]


def _cases(people: list[int], begin: datetime, end: datetime) -> list[dict[str, Any]]:
    cases = Case.objects.filter(person__in=people, opened_at__gte=begin, opened_at__lt=end)
    rows = cases.order_by("-opened_at").values(
        "id", "subject", "status", at=F("opened_at"), owner_name=F("owner__name")
    )
    return [{"type": "case", **row, "subject": visible(row["subject"])} for row in rows[:MOST]]
