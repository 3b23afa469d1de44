"""What a person said, as the lake remembers it: a page of it, how much, and in what mood."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final, NamedTuple

import pyarrow as pa
from django.conf import settings

from sori.lake.query import Reader
from sori.lake.questions import about, place_of
from sori.lessons.selectors import corrections
from sori.mention import is_id
from sori.people import selectors
from sori.people.services import NOBODY
from sori.respond.models import Message

ROOM: Final = "portrait"
PAGE: Final = 30
_ACCOUNTS: Final = pa.schema([("channel", pa.string()), ("author_id", pa.string())])
_KNOWN: Final = pa.schema([("id", pa.string())])


class Whose(NamedTuple):
    """Where what somebody said is found.

    Attributes:
        accounts: their accounts: channel and author.
        known: mentions that the desk knows to be theirs, whatever account they came from.
    """

    accounts: list[tuple[str, str]]
    known: list[str]

    def asked(self, reader: Reader, name: str, **parameters: Any) -> pa.Table:
        """The rows that answer `queries/NAME.sql`, asked of what they said."""
        accounts = [{"channel": one, "author_id": name_} for one, name_ in self.accounts]
        beside = {
            "accounts": pa.Table.from_pylist(accounts, schema=_ACCOUNTS),
            "known": pa.Table.from_pydict({"id": self.known}, schema=_KNOWN),
        }
        return reader.table(about(ROOM, "of_person", name), beside=beside, **parameters)


class Stream(NamedTuple):
    """Some of what somebody said, the newest first.

    Attributes:
        rows: id, source, channel, title, text, url, public, addressed, kind, sentiment, urgency
            and said_at; a label that a person corrected reads as they said.
        next: hand it back as `after` for what is older; "" at the end.
    """

    rows: list[dict[str, Any]]
    next: str


def whose(people: Iterable[int], *, more: Iterable[str] = ()) -> Whose:
    """Where what these people (who are one) said is found.

    Args:
        people: their ids.
        more: mentions that are known to be theirs from elsewhere.
    """
    everybody = list(people)
    accounts = selectors.identities(everybody)
    messages = Message.objects.filter(conversation__identity__person__in=everybody)
    known = {*messages.exclude(mention=None).values_list("mention", flat=True), *more}
    known |= {name for one in accounts if is_id(name := _mention_of(one["external_id"]))}
    named = [one for one in accounts if not one["external_id"].startswith(NOBODY)]
    return Whose([(one["channel"], one["external_id"]) for one in named], sorted(map(str, known)))


def stream(reader: Reader, theirs: Whose, *, after: str = "") -> Stream:
    """A page of what somebody said."""
    before, before_id = place_of(after)
    table = theirs.asked(reader, "newest", before=before, before_id=before_id, most=PAGE + 1)
    found = table.to_pylist()
    rows = found[:PAGE]
    people = corrections(row["id"] for row in rows)
    for row in rows:
        for label, one in people.get(row["id"], {}).items():
            if label in row:
                row[label] = one["value"]
    last = rows[-1] if len(found) > PAGE else None
    return Stream(rows, f"{last['said_at'].isoformat()}~{last['id']}" if last else "")


def figures(reader: Reader, theirs: Whose) -> dict[str, Any]:
    """How much somebody said: voices, public_voices, reach (or None), first and last (or None)."""
    found: dict[str, Any] = theirs.asked(reader, "figures").to_pylist()[0]
    return found


def moods(reader: Reader, theirs: Whose, *, since: datetime) -> list[dict[str, Any]]:
    """In what mood somebody spoke: month ("2026-11"), sentiment ("" for unclear) and voices."""
    table = theirs.asked(reader, "moods", since=since, zone=settings.TIME_ZONE)
    rows: list[dict[str, Any]] = table.to_pylist()
    return rows


def _mention_of(account: str) -> str:
    """The mention by which alone somebody is known; see `people.services.nobody`."""
    return account.removeprefix(NOBODY) if account.startswith(NOBODY) else ""
