"""Rows of a spreadsheet (xlsx), read as a stream."""

import io
import json
import shutil
import struct
import tempfile
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import IO, Any, Final
from xml.etree import ElementTree

from sori.channels.tables.record import Record
from sori.errors import ChannelError

UNPACKED: Final = 2_000_000_000
SHARED_WORDS: Final = 500_000_000
UNREADABLE: Final = (
    *(zipfile.BadZipFile, zlib.error, struct.error, NotImplementedError, RuntimeError),
    *(ElementTree.ParseError, LookupError, ValueError, TypeError, AttributeError, ArithmeticError),
)
"""What the libraries raise over a spreadsheet that is damaged, locked or packed strangely."""


def sheet_rows(plain: IO[bytes], sheet: str = "") -> Iterator[Record]:
    """The rows of a sheet under its first row of names; an empty row does not count.

    Raises:
        ChannelError: when it is no spreadsheet, or one that unpacks to more than 2 GB.
    """
    import openpyxl
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        with _seekable(plain) as file:
            _weigh(file)
            book = openpyxl.load_workbook(file, read_only=True, data_only=True)
            page = book[sheet] if sheet else book.worksheets[0]
            page.reset_dimensions()
            rows = page.iter_rows(values_only=True)
            columns = ["" if cell is None else str(cell).strip() for cell in next(rows, ())]
            for number, cells in enumerate(rows, start=1):
                if any(cell is not None for cell in cells):
                    yield _sheet_record(number, columns, cells)
            book.close()
    except (InvalidFileException, *UNREADABLE) as error:
        raise ChannelError(f"the spreadsheet cannot be read: {error}", permanent=True) from error


@contextmanager
def _seekable(plain: IO[bytes]) -> Iterator[IO[bytes]]:
    if isinstance(plain, io.BufferedReader) and plain.seekable() and hasattr(plain, "name"):
        yield plain
        return
    with tempfile.TemporaryFile() as spool:
        shutil.copyfileobj(plain, spool)
        spool.seek(0)
        yield spool


def _weigh(file: IO[bytes]) -> None:
    """Refuse what unpacks to more than a spreadsheet can be: 42 KB may claim to be 4 GB."""
    with zipfile.ZipFile(file) as parts:
        sizes = {part.filename: part.file_size for part in parts.infolist()}
    if sum(sizes.values()) > UNPACKED or sizes.get("xl/sharedStrings.xml", 0) > SHARED_WORDS:
        raise ChannelError("the spreadsheet unpacks to an absurd size", permanent=True)


def _sheet_record(number: int, columns: Sequence[str], cells: Sequence[Any]) -> Record:
    if any(cell is not None for cell in cells[len(columns) :]):
        raw = json.dumps([columns, list(cells)], ensure_ascii=False, default=str).encode()
        return Record(number, None, raw, f"{len(cells)} cells under {len(columns)} column names")
    values = dict(zip(columns, cells, strict=False))
    return Record(number, values)
