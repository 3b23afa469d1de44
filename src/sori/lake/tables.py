"""How mentions lie in the lake: columns, partitions and Parquet files."""

from collections.abc import Iterator
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from sori import mention
from sori.errors import LakeError

SEQUENCE: Final = pa.field("sequence", pa.int64(), nullable=False)
"""Which append of its source brought the row: with `source` it names the commit, for ever."""

STORED: Final = pa.schema([*mention.SCHEMA, SEQUENCE])
TABLE: Final = pa.schema([*STORED, mention.DAY])

ID_LENGTH: Final = 28
ROW_GROUP: Final = 50_000

# Columns with few different values; trying a dictionary on the others only costs time.
_WORDS: Final = [
    *("channel", "reply_mode", "lang", "kind", "sentiment", "urgency_reason", "model"),
    *("thread_id", "author_id", "author_name", "title", "reply_address", "extra"),
    *("also.list.element", "masked.list.element", "queries.list.element"),
]
# 1% false positives for a full row group; a look-up by id then reads one group instead of all
_BLOOM: Final = {name: {"ndv": ROW_GROUP, "fpp": 0.01} for name in ("id", "author_id")}


def days_of(ids: pa.Array) -> pa.Array:
    """The partition each mention's id points to, as `mention.day_of` for one."""
    parts = [pc.utf8_slice_codeunits(ids, start, stop) for start, stop in ((0, 4), (4, 6), (6, 8))]
    return pc.binary_join_element_wise(*parts, "-")


def conform(rows: pa.Table, schema: pa.Schema = mention.SCHEMA) -> pa.Table:
    """The rows with exactly these columns; those they lack are null."""
    names = set(rows.schema.names)
    columns = [
        rows.column(field.name).cast(field.type)
        if field.name in names
        else pa.nulls(rows.num_rows, field.type)
        for field in schema
    ]
    return pa.Table.from_arrays(columns, schema=schema)


def by_day(rows: pa.Table, sequence: int) -> Iterator[tuple[str, pa.Table]]:
    """Split rows into partitions, earliest day first, and write the sequence on each.

    Raises:
        LakeError: when an id was not made by `mention.mention_id`.
    """
    if not rows.num_rows:
        return
    ids = rows.column("id").combine_chunks()
    if not pc.all(pc.match_substring_regex(ids, r"^\d{8}[0-9a-f]{20}$")).as_py():
        raise LakeError("a mention has an id that does not begin with its day")
    mark = pa.array(np.full(rows.num_rows, sequence))
    stored = conform(rows.append_column(SEQUENCE, mark), STORED)
    days = days_of(ids)
    order = pc.sort_indices(days)
    bounds = pc.run_end_encode(days.take(order))
    stored = stored.take(order)
    start = 0
    for end, day in zip(bounds.run_ends.to_pylist(), bounds.values.to_pylist(), strict=True):
        yield day, stored.slice(start, end - start)
        start = end


def write(rows: pa.Table, sink: Any, *, settled: bool = False) -> None:
    """Write one Parquet file.

    Args:
        rows: columns of STORED.
        sink: an open file.
        settled: whether to spend time on finding single rows fast later: sort by author, and add
            bloom filters on id and author.
    """
    if settled:
        rows = rows.sort_by([("author_id", "ascending"), ("id", "ascending")])
    pq.write_table(
        rows,
        sink,
        compression="zstd",
        compression_level=1,
        use_dictionary=_WORDS,
        row_group_size=ROW_GROUP,
        bloom_filter_options=_BLOOM if settled else None,
    )
