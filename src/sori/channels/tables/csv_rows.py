"""Rows of a CSV file, whatever its delimiter, in UTF-8 or in the code page of Korean Windows."""

import codecs
import csv
from collections import deque
from collections.abc import Iterator, Sequence
from typing import IO, Final, NamedTuple

from sori.channels.tables.opening import LONGEST_LINE, Plain, lines
from sori.channels.tables.record import Record
from sori.errors import ChannelError

SAMPLE: Final = 1_000_000
LONGEST_CELL: Final = 1_000_000
DELIMITERS: Final = (",", "\t", ";", "|")
ENCODINGS: Final = ("utf-8", "cp949")

csv.field_size_limit(LONGEST_CELL)


class Layout(NamedTuple):
    """How a CSV file is written.

    Attributes:
        encodings: tried in this order, line by line.
        delimiter: between the cells.
        columns: the words of its first row.
        header: that row's bytes.
        start: where the rows begin.
    """

    encodings: Sequence[str]
    delimiter: str
    columns: Sequence[str]
    header: bytes
    start: int


def layout_of(plain: Plain, encoding: str = "", delimiter: str = "") -> Layout:
    """Find out how a CSV file is written, reading its first row.

    Args:
        plain: at its beginning.
        encoding: empty to find out.
        delimiter: empty to find out.
    """
    sample = plain.peek(SAMPLE)[:SAMPLE]
    encodings = (encoding,) if encoding else _encodings(sample)
    header, start = b"", 0
    while not header.strip() or header.lower().startswith((b"sep=", b'"sep=')):
        header = plain.readline(LONGEST_LINE)
        start += len(header)
        if not header:
            raise ChannelError("the file is empty: there is no row of column names")
    words, _ = _decoded(header.removeprefix(codecs.BOM_UTF8), encodings)
    delimiter = delimiter or max(DELIMITERS, key=words.count)
    columns = [word.strip() for word in next(csv.reader([words], delimiter=delimiter))]
    return Layout(encodings, delimiter, columns, header, start)


def _encodings(sample: bytes) -> Sequence[str]:
    try:
        codecs.getincrementaldecoder("utf-8")().decode(sample, final=False)
    except UnicodeDecodeError:
        return ENCODINGS[::-1]
    return ENCODINGS


def _decoded(line: bytes, encodings: Sequence[str]) -> tuple[str, bool]:
    """A line in the first encoding that fits, and whether one did."""
    for encoding in encodings:
        try:
            return line.decode(encoding), True
        except UnicodeDecodeError:
            continue
    return line.decode(encodings[0], "replace"), False


class _Feed:
    """Hands lines to the CSV parser and remembers which ones the current row is made of."""

    def __init__(self, plain: IO[bytes], encodings: Sequence[str]) -> None:
        self._lines = lines(plain)
        self._encodings = encodings
        self._again: deque[tuple[bytes, int]] = deque()
        self.row: list[tuple[bytes, int]] = []
        self.readable = True
        self.over = False

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        if self._again:
            line = self._again.popleft()
        elif (fresh := next(self._lines, None)) is not None:
            line = fresh
        else:
            self.over = True
            raise StopIteration
        self.row.append(line)
        words, fits = _decoded(line[0], self._encodings)
        self.readable = self.readable and fits and line[1] <= LONGEST_LINE
        return words

    def begin(self) -> None:
        """A new row begins."""
        self.row = []
        self.readable = True

    def give_up(self) -> None:
        """The row is hopeless: keep its first line as the broken one, read the others again."""
        self._again.extendleft(reversed(self.row[1:]))
        self.row = self.row[:1]
        self.over = False

    @property
    def raw(self) -> bytes:
        return b"".join(line for line, _ in self.row)

    @property
    def size(self) -> int:
        return sum(size for _, size in self.row)


def csv_rows(plain: IO[bytes], layout: Layout, start: int) -> Iterator[Record]:
    """The rows of a CSV file from a byte on; a row may go over several lines.

    A quote that is opened and never closed would swallow the rest of the file: its line alone is
    broken, and reading goes on at the next.
    """
    feed = _Feed(plain, layout.encodings)
    rows = csv.reader(feed, delimiter=layout.delimiter)
    width, end = len(layout.columns), start
    while True:
        feed.begin()
        fault = ""
        try:
            cells = next(rows)
        except StopIteration:
            return
        except csv.Error as error:
            cells, fault = [], str(error)
        if fault or (feed.over and len(feed.row) > 1 and feed.raw.count(b'"') % 2):
            fault = fault or "a quote is opened and never closed"
            feed.give_up()
            rows = csv.reader(feed, delimiter=layout.delimiter)
        end += feed.size
        if not (fault or any(cells)):
            continue
        fault = fault or _fault(feed, len(cells), width)
        if fault:
            yield Record(end, None, layout.header.rstrip(b"\r\n") + b"\n" + feed.raw, fault)
        else:
            yield Record(end, dict(zip(layout.columns, cells, strict=False)))


def _fault(feed: _Feed, cells: int, width: int) -> str:
    if not feed.readable:
        return "letters that are neither UTF-8 nor CP949, or a line without end"
    return f"{cells} cells under {width} column names" if cells > width else ""
