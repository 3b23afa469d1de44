"""Read rows out of a file somebody has lying about: JSON lines, CSV or xlsx, packed or not.

Every row comes out, in order. One that cannot be read comes out as an error with its line number
and what stood there, so that nothing is lost and the rows still count as in the file.
"""

import csv
import gzip
import io
import json
import zipfile
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time
from pathlib import Path
from typing import Any, BinaryIO, Final, NamedTuple, cast

import openpyxl
import zstandard
from openpyxl.utils.exceptions import InvalidFileException

from sori.errors import ConfigurationError

_PEEK: Final = 1 << 18
_LONGEST_LINE: Final = 1 << 24
_SEPARATORS: Final = ",\t;|"


class Row(NamedTuple):
    """One row of a file.

    Attributes:
        line: where it stands, counted from 1.
        fields: what it says; empty when it could not be read.
        error: why it could not be read.
    """

    line: int
    fields: dict[str, Any]
    error: str | None = None


class Source(NamedTuple):
    """An open file and the rows in it.

    Attributes:
        rows: to be read once.
        read: bytes of the file read so far; asked while rows are being read.
        size: bytes in the file.
    """

    rows: Iterator[Row]
    stream: BinaryIO
    size: int

    def share(self) -> float:
        """How much of the file has been read, 0 to 1."""
        return min(1.0, self.stream.tell() / self.size) if self.size else 1.0


def open_rows(path: Path) -> Source:
    """Open a file by its name: .jsonl, .csv, .tsv or .xlsx, all but the last also .gz or .zst.

    Raises:
        ConfigurationError: when the name tells no format we read, or there is no such file.
    """
    packing = path.suffix.lower() if path.suffix.lower() in (".gz", ".zst") else ""
    kind = Path(path.stem).suffix.lower() if packing else path.suffix.lower()
    try:
        stream = path.open("rb")
    except OSError as error:
        raise ConfigurationError(f"{path} cannot be read: {error.strerror}") from error
    size = path.stat().st_size
    if kind in (".jsonl", ".ndjson", ".json"):
        rows = _json_rows(_unpacked(stream, packing))
    elif kind in (".csv", ".tsv", ".txt"):
        rows = _csv_rows(_unpacked(stream, packing))
    elif kind == ".xlsx" and not packing:
        rows = _sheet_rows(stream)
    else:
        stream.close()
        raise ConfigurationError(
            f"{path.name}: cannot tell what is in it; name it .jsonl, .csv, .tsv or .xlsx"
        )
    return Source(rows, cast(BinaryIO, stream), size)


def _unpacked(stream: Any, packing: str) -> io.BufferedReader:
    if packing == ".gz":
        return io.BufferedReader(cast(Any, gzip.GzipFile(fileobj=stream)))
    if packing == ".zst":
        packed = zstandard.ZstdDecompressor().stream_reader(stream, read_across_frames=True)
        return io.BufferedReader(packed)
    return cast(io.BufferedReader, stream)


def _json_rows(stream: io.BufferedReader) -> Iterator[Row]:
    number = 0
    while line := stream.readline(_LONGEST_LINE):
        number += 1
        if line.startswith(b"\xef\xbb\xbf") and number == 1:
            line = line[3:]
        if line.strip():
            yield _json_row(number, line)


def _json_row(number: int, line: bytes) -> Row:
    try:
        found = json.loads(line.decode("utf-8"))
    except ValueError as error:
        shown = line.decode("utf-8", "replace").rstrip("\r\n")
        return Row(number, {"line": shown}, f"line {number}: no JSON: {error}")
    except RecursionError:
        shown = line.decode("utf-8", "replace").rstrip("\r\n")
        return Row(number, {"line": shown}, f"line {number}: nested too deeply")
    if not isinstance(found, dict):
        return Row(number, {"line": found}, f"line {number}: not an object with fields")
    return Row(number, found)


def _csv_rows(stream: io.BufferedReader) -> Iterator[Row]:
    sample = stream.peek(_PEEK)[:_PEEK]
    encoding = _encoding(sample)
    head = sample.decode(encoding, "replace").split("\n", 1)[0]
    separator = max(_SEPARATORS, key=head.count)
    csv.field_size_limit(_LONGEST_LINE)
    text = io.TextIOWrapper(stream, encoding=encoding, errors="replace", newline="")
    try:
        yield from _records(csv.reader(text, delimiter=separator))
    finally:
        text.detach()


def _records(reader: Any) -> Iterator[Row]:
    names: list[str] = []
    while True:
        try:
            values = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield Row(reader.line_num, {}, f"line {reader.line_num}: {error}")
            continue
        if not names:
            names = _distinct(values)
        elif values:
            yield _named(reader.line_num, names, values)


def _encoding(sample: bytes) -> str:
    """UTF-8 unless that is impossible; then the code page of Korean Windows."""
    try:
        # the sample may end inside a character
        sample[: max(0, len(sample) - 4)].decode("utf-8", "strict")
    except UnicodeDecodeError as error:
        if error.start < len(sample) - 8:
            return "cp949"
    return "utf-8-sig"


def _distinct(values: Iterable[Any]) -> list[str]:
    """Names of columns: every one has one, and no two the same."""
    names: list[str] = []
    for number, value in enumerate(values, start=1):
        name = str(value).strip() if value is not None else ""
        name = name or f"column_{number}"
        while name in names:
            name += "_"
        names.append(name)
    return names


def _named(line: int, names: list[str], values: list[Any]) -> Row:
    fields: dict[str, Any] = dict.fromkeys(names) | dict(zip(names, values, strict=False))
    if len(values) > len(names):
        fields["more"] = values[len(names) :]
        return Row(line, fields, f"line {line}: {len(values)} values for {len(names)} columns")
    return Row(line, fields)


def _sheet_rows(stream: Any) -> Iterator[Row]:
    try:
        book = openpyxl.load_workbook(stream, read_only=True, data_only=True)
    except (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError) as error:
        raise ConfigurationError(f"this is no xlsx file: {error}") from error
    sheet = book.worksheets[0]
    names: list[str] = []
    for line, cells in enumerate(sheet.iter_rows(values_only=True), start=1):
        if all(cell is None for cell in cells):
            continue
        if names:
            yield _named(line, names, [_plain(cell) for cell in cells[: len(names)]])
        else:
            filled = max(at for at, cell in enumerate(cells, start=1) if cell is not None)
            names = _distinct(cells[:filled])


def _plain(cell: Any) -> Any:
    return cell.isoformat() if isinstance(cell, datetime | date | time) else cell
