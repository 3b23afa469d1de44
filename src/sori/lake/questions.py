"""Ask the lake a question that stands in a `.sql` file of some room."""

from datetime import datetime
from typing import Any

import pyarrow as pa

from sori.lake.query import Reader, first_partition
from sori.mention import is_id
from sori.sql import read_sql


def about(room: str, named: str, name: str) -> str:
    """One question about the rows that another one, also of the room, finds; they are `said`."""
    return f"with said as (\n{read_sql(room, named)})\n{read_sql(room, name)}"


def answer(reader: Reader, room: str, name: str, *, since: datetime, **parameters: Any) -> pa.Table:
    """The rows that answer `queries/NAME.sql` of a room, as a table.

    Args:
        reader: the lake.
        room: where the question stands, "insight".
        name: which question.
        since: the beginning of the period; also tells which partitions need not be read.
        parameters: what else the question names with a $, and `beside` (see `Reader.table`).
    """
    earliest = min(since, parameters.get("before", since))
    partition = first_partition(earliest)
    return reader.table(read_sql(room, name), since=since, partition=partition, **parameters)


def ask(
    reader: Reader, room: str, name: str, *, since: datetime, **parameters: Any
) -> list[dict[str, Any]]:
    """The same as dictionaries."""
    table = answer(reader, room, name, since=since, **parameters)
    rows: list[dict[str, Any]] = table.to_pylist()
    return rows


def place_of(after: str) -> tuple[datetime | None, str]:
    """Read a place in a stream of mentions, "MOMENT~ID"; whoever made one up starts at the top."""
    at, _, mention = after.partition("~")
    try:
        moment = datetime.fromisoformat(at)
    except ValueError:
        return None, ""
    if moment.tzinfo is None or not is_id(mention):
        return None, ""
    return moment, mention
