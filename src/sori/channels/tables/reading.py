"""Reading a file of rows from any place in it, some thousands of mentions at a time."""

import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import msgspec

from sori.channels.contract import Broken
from sori.channels.tables import columns
from sori.channels.tables.csv_rows import csv_rows, layout_of
from sori.channels.tables.json_rows import json_array, json_lines
from sori.channels.tables.opening import Plain, form_of
from sori.channels.tables.record import Record
from sori.channels.tables.settings import TableSettings
from sori.channels.tables.sheet_rows import sheet_rows

PAGE_ROWS: Final = 10_000
PIECE: Final = 1_000_000


@dataclass
class Sheaf:
    """What goes onto one page.

    Attributes:
        rows: of mentions.
        broken: what could not be read.
        end: where its last record ends.
        over: whether nothing comes after it.
    """

    rows: list[dict[str, Any]] = field(default_factory=list)
    broken: list[Broken] = field(default_factory=list)
    end: int = 0
    over: bool = False


def sheaves(records: Iterator[Record], maker: columns.Maker) -> Iterator[Sheaf]:
    """Make mentions of records, some thousands at a time; the last sheaf may be empty."""
    page = Sheaf()
    for record in records:
        if len(page.rows) + len(page.broken) >= PAGE_ROWS:
            yield page
            page = Sheaf(end=page.end)
        page.end = record.end
        if record.values is None:
            page.broken.append(Broken(record.raw, record.fault))
            continue
        name = maker.name(record.values)
        row = maker.row(name, record.values)
        if row is None:
            raw = record.raw or msgspec.json.encode(record.values, enc_hook=str)
            page.broken.append(Broken(raw, "the row has neither a text nor a title", name))
        else:
            page.rows.append(row)
    page.over = True
    yield page


def start_of(place: Mapping[str, Any]) -> int:
    """Where reading begins: at the place itself, unless rows before it have to be counted again."""
    return 0 if place.get("counted") else int(place["end"])


def read_alone(raw: io.BytesIO, settings: TableSettings, maker: columns.Maker) -> Sheaf:
    """Everything that a few rows say, which were put aside and are read again."""
    whole = Sheaf(over=True)
    plain: Plain = io.BufferedReader(raw)
    for page in sheaves(records_of(plain, settings, 0), maker):
        whole.rows += page.rows
        whole.broken += page.broken
    return whole


def after(records: Iterator[Record], end: int, maker: columns.Maker) -> Iterator[Record]:
    """The records after a place; those before it are only counted."""
    for record in records:
        if record.end > end:
            yield record
        elif record.values is not None:
            maker.name(record.values)


def records_of(plain: Plain, settings: TableSettings, start: int) -> Iterator[Record]:
    """The rows of an opened file, in whatever form it is written.

    Args:
        plain: at its beginning, unpacked.
        settings: which form, or "auto".
        start: where to begin, in bytes; forms that cannot begin there begin at their beginning.

    Raises:
        ChannelError: permanent, now or while they are read, when it is not written in that form.
    """
    form = form_of(plain) if settings.format == "auto" else settings.format
    if form == "xlsx":
        return sheet_rows(plain, settings.sheet)
    if form == "json":
        return json_array(plain)
    if form == "jsonl":
        _skip(plain, start)
        return json_lines(plain, start)
    layout = layout_of(plain, settings.encoding, settings.delimiter)
    begin = max(start, layout.start)
    _skip(plain, begin - layout.start)
    return csv_rows(plain, layout, begin)


def _skip(plain: Plain, size: int) -> None:
    while size > 0 and (piece := plain.read(min(size, PIECE))):
        size -= len(piece)
