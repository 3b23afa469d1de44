"""A selection as a file for a spreadsheet (CSV) or a notebook (Parquet), without authors' names.

What customers wrote is hostile: a cell of a CSV file that begins like a formula gets an apostrophe
in front, so that a spreadsheet shows it instead of computing it. Personal numbers were blotted out
before the lake ever saw them, and an author is only a code that is the same for all they say.
"""

import csv
import io
from collections.abc import Iterator
from typing import Final, NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq

from sori.insight.explore.look import Look
from sori.insight.explore.selection import Selection, pairs
from sori.sheets import BOM, cell

MOST: Final = 100_000
"""More mentions than these a file does not hold; the newest come first."""

_BATCH: Final = 2_000


class Exported(NamedTuple):
    """Mentions that are about to leave the house.

    Attributes:
        rows: the columns of `export.sql`.
        capped: whether there were more than a file holds.
    """

    rows: pa.Table
    capped: bool


def exported(look: Look, salt: str) -> Exported:
    """The mentions of a selection, the newest first.

    Args:
        look: through which selection.
        salt: makes the codes of authors this company's own, so that nobody can guess them.
    """
    rows = look.table("export", look.present, salt=salt, limit=MOST + 1)
    return Exported(rows.slice(0, MOST), rows.num_rows > MOST)


def csv_lines(rows: pa.Table) -> Iterator[str]:
    """The rows as CSV, some thousands at a time; with a mark that makes Excel read Korean."""
    sink = io.StringIO()
    write = csv.writer(sink)
    sink.write(BOM)
    write.writerow(rows.column_names)
    for batch in rows.to_batches(max_chunksize=_BATCH):
        columns = [map(cell, batch.column(name).to_pylist()) for name in rows.column_names]
        write.writerows(zip(*columns, strict=True))
        yield sink.getvalue()
        sink.seek(0)
        sink.truncate()
    if not rows.num_rows:
        yield sink.getvalue()


def parquet(rows: pa.Table) -> bytes:
    """The rows as one Parquet file, texts as they are."""
    sink = io.BytesIO()
    pq.write_table(rows, sink, compression="zstd")
    return sink.getvalue()


def for_the_journal(selection: Selection) -> list[str]:
    """What was asked for, as the journal may keep it for ever: without who was asked for."""
    return [f"{name}={'…' if name == 'author' else value}" for name, value in pairs(selection)]
