"""Ask the lake a question that stands in a `.sql` file."""

from datetime import datetime
from functools import cache
from importlib.resources import files
from typing import Any

from sori.lake.query import Reader, first_partition


@cache
def _sql(name: str) -> str:
    return files("sori.insight").joinpath("queries", f"{name}.sql").read_text(encoding="utf-8")


def ask(reader: Reader, name: str, *, since: datetime, **parameters: Any) -> list[dict[str, Any]]:
    """The rows that answer `queries/NAME.sql`.

    Args:
        reader: the lake.
        name: which question.
        since: the beginning of the period; also tells which partitions need not be read.
        parameters: what else the question names with a $.
    """
    earliest = min(since, parameters.get("before", since))
    partition = first_partition(earliest)
    table = reader.table(_sql(name), since=since, partition=partition, **parameters)
    rows: list[dict[str, Any]] = table.to_pylist()
    return rows
