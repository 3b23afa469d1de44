"""Files of voices: exports, surveys and call notes as JSON lines, CSV or a spreadsheet.

A row becomes a mention. Which column is what is told by `map`, or by the columns' own names;
what has no place of its own is kept in `extra`. Reading can stop after any page and go on from its
cursor, which also tells how far it has come (`rows`, and `bytes` of `total`).
"""

import hashlib
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar, Final, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec
from pydantic import BaseModel, ConfigDict, Field, field_validator

from sori import mention
from sori.channels.contract import Broken, Facts, Json, Listener, Page
from sori.channels.tables import columns
from sori.channels.tables.csv_rows import csv_rows, layout_of
from sori.channels.tables.json_rows import json_array, json_lines
from sori.channels.tables.opening import Plain, form_of, opened
from sori.channels.tables.record import Record
from sori.channels.tables.sheet_rows import sheet_rows

PAGE_ROWS: Final = 10_000
HEAD: Final = 4_096
PIECE: Final = 1_000_000


class FileSettings(BaseModel):
    """Which file, and how to read it."""

    model_config = ConfigDict(extra="forbid", title="File")

    path: Path = Field(
        title="File",
        description="JSON lines, CSV or xlsx on this machine; also packed as .gz or .zst.",
        json_schema_extra={"placeholder": "/data/reviews.csv"},
    )
    map: str = Field(
        "",
        title="Columns",
        description="Which column is what, separated by commas: our word, equals sign, the "
        "column's name. Columns with a usual name are found without it.",
        json_schema_extra={"placeholder": "text=내용,author=작성자,created_at=날짜,id=번호"},
    )
    format: Literal["auto", "jsonl", "json", "csv", "xlsx"] = Field(
        "auto",
        title="Format",
        description="Found out by itself unless you choose one.",
        json_schema_extra={"advanced": True},
    )
    zone: str = Field(
        "Asia/Seoul",
        title="Time zone",
        description="Where the clock hangs that dates without a zone were read from.",
        json_schema_extra={"advanced": True},
    )
    encoding: Literal["", "utf-8", "cp949"] = Field(
        "",
        title="Letters",
        description="Of a CSV file; found out line by line if left empty.",
        json_schema_extra={"advanced": True},
    )
    delimiter: str = Field(
        "",
        max_length=1,
        title="Separator",
        description="Of a CSV file; found out if left empty.",
        json_schema_extra={"advanced": True},
    )
    sheet: str = Field(
        "",
        title="Sheet",
        description="Of a spreadsheet; the first one if left empty.",
        json_schema_extra={"advanced": True},
    )
    stars: int = Field(
        5,
        ge=2,
        le=1000,
        title="Best rating",
        description="The highest rating a row can have.",
        json_schema_extra={"advanced": True},
    )
    addressed: bool = Field(
        default=False,
        title="Said to us",
        description="The rows were said to us, such as call notes or a survey, and not in public.",
    )

    @field_validator("zone")
    @classmethod
    def _known_zone(cls, zone: str) -> str:
        try:
            ZoneInfo(zone)
        except (ZoneInfoNotFoundError, ValueError) as error:
            raise ValueError(f"there is no time zone {zone!r}") from error
        return zone

    @field_validator("map")
    @classmethod
    def _readable_map(cls, text: str) -> str:
        columns.mapping(text)
        return text


class Files:
    """Exports, surveys and call notes in a file, read once and where they grow."""

    name: ClassVar[str] = "files"
    Settings: ClassVar[type[BaseModel]] = FileSettings
    overlaps: ClassVar[bool] = True
    direct: ClassVar[bool] = False
    facts: ClassVar[Facts] = Facts(history="The whole file.", limits="Read on when the file grows.")

    def fetch(self, settings: FileSettings, cursor: Json, listener: Listener) -> Iterator[Page]:
        """Bring the rows after the cursor, some thousands a page.

        The cursor tells which file it was (`head`), where reading stopped in the unpacked file
        (`end`), how many rows are done, and how many bytes of how many (`bytes`, `total`). A file
        that begins differently is another file and is read from its first row.

        Raises:
            ChannelError: permanent when the file or a mapped column is not there.
        """
        with opened(settings.path) as file:
            head = _head(settings.path, cursor)
            known = isinstance(cursor, dict) and cursor.get("head") == head
            place: dict[str, Any] = dict(cursor) if known else {"head": head, "end": 0, "rows": 0}  # type: ignore[arg-type]
            if place.get("over") and place["total"] == file.size:
                return
            maker = columns.Maker(settings, listener)
            records = _after(_records(file.plain, settings, _start(place)), place["end"], maker)
            for page in _pages(records, maker):
                place |= {
                    "end": max(place["end"], page.end),
                    "rows": place["rows"] + len(page.rows) + len(page.broken),
                    "bytes": file.size if page.over else min(file.raw.tell(), file.size),
                    "total": file.size,
                    "over": page.over,
                    "counted": bool(maker.counted),
                }
                yield Page(mention.heard(page.rows), dict(place), page.broken)

    def reread(self, settings: FileSettings, raw: bytes, listener: Listener) -> Page:
        """Read one row from quarantine again; a CSV row stands there under its column names."""
        plain: Plain = io.BufferedReader(io.BytesIO(raw))
        maker = columns.Maker(settings, listener)
        rows: list[dict[str, Any]] = []
        broken: list[Broken] = []
        for page in _pages(_records(plain, settings, 0), maker):
            rows += page.rows
            broken += page.broken
        return Page(mention.heard(rows), None, broken)


@dataclass
class _Rows:
    """What goes onto one page."""

    rows: list[dict[str, Any]] = field(default_factory=list)
    broken: list[Broken] = field(default_factory=list)
    end: int = 0
    over: bool = False


def _pages(records: Iterator[Record], maker: columns.Maker) -> Iterator[_Rows]:
    page = _Rows()
    for record in records:
        if len(page.rows) + len(page.broken) >= PAGE_ROWS:
            yield page
            page = _Rows(end=page.end)
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


def _start(place: Mapping[str, Any]) -> int:
    """Where reading begins: at the place itself, unless rows before it have to be counted again."""
    return 0 if place.get("counted") else int(place["end"])


def _after(records: Iterator[Record], end: int, maker: columns.Maker) -> Iterator[Record]:
    """The records after a place; those before it are only counted."""
    for record in records:
        if record.end > end:
            yield record
        elif record.values is not None:
            maker.name(record.values)


def _records(plain: Plain, settings: FileSettings, start: int) -> Iterator[Record]:
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


def _head(path: Path, cursor: Json) -> str:
    """What a file begins with, over as many bytes as the cursor saw of it."""
    seen = cursor.get("head") if isinstance(cursor, dict) else None
    length = int(seen.partition(":")[0]) if isinstance(seen, str) else HEAD
    with path.open("rb") as file:
        start = file.read(min(length, HEAD))
    return f"{len(start)}:{hashlib.sha256(start).hexdigest()[:16]}"
