"""What was said for an initiative: by the lake, with its message at the desk if there is one."""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple

import pyarrow as pa
from django.db.models import F

from sori.change.initiatives import evidence
from sori.change.initiatives.models import Initiative
from sori.change.loops.deciding import Said
from sori.database import chunks
from sori.lake.query import Reader
from sori.listen.models import Source
from sori.mention import day_of
from sori.people.services import handle_of, nobody
from sori.respond.models import Message
from sori.respond.routing import extra
from sori.sql import read_sql

ROOM: Final = "change.loops"


class Raised(NamedTuple):
    """One thing that was said, and what its notice is made of.

    Attributes:
        said: the thing, as it is decided about.
        name: what its author calls themselves; may be empty.
        words: the beginning of it.
        sends: the channel an answer goes out by.
        opening: what that channel writes before every answer to it.
    """

    said: Said
    name: str
    words: str
    sends: str
    opening: str = ""

    @property
    def at(self) -> datetime:
        """When it was said."""
        return self.said.at


def raised(reader: Reader, initiative: Initiative) -> list[Raised]:
    """Everything that speaks for an initiative and that somebody said, the oldest first.

    What we said ourselves, what a machine wrote, and advertising is left out.
    """
    ids = evidence.mentions(reader, initiative)
    if not ids:
        return []
    rows = reader.table(
        read_sql(ROOM, "raised"),
        beside={"wanted": pa.table({"id": ids})},
        partition=day_of(min(ids)),
    ).to_pylist()
    people = [row for row in rows if not row["spam"] and not _by_machine(row)]
    messages, sources = _messages(ids), _sources()
    return [_raised(row, messages.get(row["id"]), sources) for row in people]


def whole(reader: Reader, mention: str) -> dict[str, Any] | None:
    """One mention with every column; None when it is gone."""
    table = reader.table(read_sql(ROOM, "whole"), partition=day_of(mention), id=mention)
    rows: Sequence[dict[str, Any]] = table.to_pylist()
    return rows[0] if rows else None


class _Sources(NamedTuple):
    """The sources there are, by id and by slug."""

    channels: Mapping[int, str]
    slugs: Mapping[str, int]


def _sources() -> _Sources:
    rows = list(Source.objects.values_list("pk", "slug", "channel"))
    return _Sources({pk: channel for pk, _, channel in rows}, {slug: pk for pk, slug, _ in rows})


def _by_machine(row: Mapping[str, Any]) -> bool:
    known = extra(row)
    return bool(known.get("own") or known.get("automatic") or known.get("spam"))


def _messages(ids: Iterable[str]) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for some in chunks(ids):
        rows = Message.objects.filter(mention__in=some).values(
            "pk",
            "mention",
            "reply_mode",
            "reply_until",
            "reply_address",
            channel=F("conversation__identity__channel"),
            handle=F("conversation__identity__external_id"),
        )
        found |= {str(row["mention"]): dict(row) for row in rows}
    return found


def _raised(row: Mapping[str, Any], message: Mapping[str, Any] | None, sources: _Sources) -> Raised:
    author = row["author_id"]
    handle = handle_of(author) if author else nobody(row["id"])
    key = (row["channel"], handle)
    reach = message or row
    to = _address(reach["reply_address"])
    if message:
        key = (message["channel"], message["handle"])
    source = sources.slugs.get(str(to.get("source") or ""), row["source"])
    said = Said(
        mention=row["id"],
        key=key,
        source=source,
        channel=row["channel"],
        at=row["said_at"],
        mode=reach["reply_mode"] if to else "none",
        until=reach["reply_until"],
        language=row["lang"] or "",
        message=message["pk"] if message else None,
    )
    sends = sources.channels.get(source, row["channel"])
    return Raised(said, row["author_name"] or "", row["words"], sends, str(to.get("opening") or ""))


def _address(found: object) -> Mapping[str, Any]:
    """The address of an answer, from the desk's JSON column or the lake's text."""
    if isinstance(found, str):
        try:
            found = json.loads(found)
        except ValueError:
            return {}
    return found if isinstance(found, dict) else {}
