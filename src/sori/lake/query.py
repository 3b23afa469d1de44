"""Ask the lake in SQL, get Arrow back."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from threading import Lock
from types import MappingProxyType
from typing import Any, Final, TypeAlias

import duckdb
import pyarrow as pa

from sori.errors import LakeError
from sori.lake.store import Lake
from sori.lake.tables import TABLE

# `union_by_name` opens every file before it starts, which costs up to ten times the query; it is
# needed only while some files are older than the newest column.
_VIEW: Final = """
    CREATE OR REPLACE TEMP VIEW mentions AS SELECT * FROM read_parquet(
        getvariable('files'),
        hive_partitioning = true, hive_types = {{'day': VARCHAR}}, union_by_name = {union}
    ){without}
"""
_WITHOUT: Final = " AS said WHERE NOT coalesce((channel, author_id) IN (FROM left_out), false)"
_ATTEMPTS: Final = 3
Accounts: TypeAlias = Sequence[tuple[str, str]]
_ACCOUNTS: Final = pa.schema([("channel", pa.string()), ("author_id", pa.string())])
NOTHING: Final[Mapping[str, pa.Table]] = MappingProxyType({})


class Reader:
    """Answers questions about the mentions in a lake.

    The SQL names the view `mentions`: the columns of `mention.SCHEMA`, `sequence`, and `day`
    (YYYY-MM-DD in UTC); a question that compares `day` reads only those days' files. It can read
    nothing else: no other file, no network, no extension.

    Making one costs 30 ms, a question some more; keep it, threads may share it.

    Args:
        lake: what is asked.
        leaving_out: asked before every question for the accounts, (channel, author_id), whose
            mentions it must not see; with none, nothing is slower.
    """

    def __init__(self, lake: Lake, *, leaving_out: Callable[[], Accounts] = list) -> None:
        self._lake = lake
        self._leaving_out = leaving_out
        self._turn = Lock()
        self._connection: Any = None

    def table(
        self, sql: str, *, beside: Mapping[str, pa.Table] = NOTHING, **parameters: Any
    ) -> pa.Table:
        """The answer to a question.

        Args:
            sql: one SELECT; `$name` stands for a parameter.
            beside: tables of ours that the SQL may name besides `mentions`.
            parameters: their values, bound, never written into the SQL.

        Raises:
            LakeError: the lake could not be read, or the question makes no sense.
        """
        failure: duckdb.Error | None = None
        union = False
        for _ in range(_ATTEMPTS):
            try:
                return self._answer(sql, beside, parameters, union=union)
            except (duckdb.IOException, duckdb.HTTPException) as error:
                failure = error  # a file was compacted and swept away meanwhile; look again
            except (duckdb.InvalidInputException, duckdb.BinderException) as error:
                if union:
                    raise LakeError(f"the lake cannot answer: {error}") from error
                failure, union = error, True
            except duckdb.Error as error:
                raise LakeError(f"the lake cannot answer: {error}") from error
        raise LakeError(f"the lake cannot be read: {failure}") from failure

    def sizes(self) -> Mapping[str, int]:
        """How many mentions each partition holds, newest day first: what a question would read."""
        return self._lake.sizes()

    def _answer(
        self, sql: str, beside: Mapping[str, pa.Table], parameters: dict[str, Any], *, union: bool
    ) -> pa.Table:
        files = self._lake.storage.readable(list(self._lake.files()))
        left_out = self._leaving_out()
        with self._connected().cursor() as cursor:
            if files:
                cursor.execute("SET VARIABLE files = ?", [files])
                if left_out:
                    cursor.register("left_out", _table_of(left_out))
                without = _WITHOUT if left_out else ""
                cursor.execute(_VIEW.format(union=str(union).lower(), without=without))
            else:
                cursor.register("mentions", TABLE.empty_table())
            for name, rows in beside.items():
                cursor.register(name, rows)
            # of a relation: the Arrow table of a DB-API result is one more copy of every row
            return cursor.sql(sql, params=parameters or None).to_arrow_table()

    def _connected(self) -> Any:
        with self._turn:
            if self._connection is None:
                self._connection = _connect(self._lake.storage.folder)
            return self._connection


def _table_of(accounts: Accounts) -> pa.Table:
    channels, names = zip(*accounts, strict=True)
    return pa.table([list(channels), list(names)], schema=_ACCOUNTS)


def first_partition(since: datetime) -> str:
    """The earliest partition that can hold what was said since a moment.

    A voice's partition is its day in UTC; one day of slack costs nothing and forgives any zone.
    """
    return (since - timedelta(days=1)).strftime("%Y-%m-%d")


def _connect(folder: str) -> Any:
    connection = duckdb.connect(
        config={
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
            "allow_community_extensions": "false",
            "python_enable_replacements": "false",
        }
    )
    # data files never change, so what their footers say stays true
    connection.execute("SET parquet_metadata_cache = true")
    connection.execute("SET allowed_directories = ?", [[folder]])
    connection.execute("SET enable_external_access = false")
    connection.execute("SET lock_configuration = true")
    return connection
