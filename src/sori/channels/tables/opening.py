"""Opening a file: unpacked if it is packed, in UTF-8 if it is in UTF-16, line by line."""

import codecs
import gzip
import io
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, BinaryIO, Final, NamedTuple, TypeAlias

from sori.errors import ChannelError

LONGEST_LINE: Final = 16_000_000
KEPT_OF_A_LINE: Final = 1_000_000
PIECE: Final = 1_024  # one KB of zstd can stand for 32 MB
GZIP: Final = b"\x1f\x8b"
ZSTD: Final = b"\x28\xb5\x2f\xfd"
ZIP: Final = b"PK\x03\x04"
WIDE: Final = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


Plain: TypeAlias = "io.BufferedReader[Any]"


class Opened(NamedTuple):
    """A file being read.

    Attributes:
        raw: the file itself; its position tells the progress.
        plain: the same, unpacked.
        size: of the file itself in bytes.
    """

    raw: BinaryIO
    plain: Plain
    size: int


@contextmanager
def opened(path: Path) -> Iterator[Opened]:
    """Open a file, unpacked if it is packed.

    Raises:
        ChannelError: when it is not there, may not be read, is no ordinary file, or its packing
            turns out to be broken while it is read.
    """
    try:
        if not path.is_file():
            raise ChannelError(f"there is no file {path}", permanent=True)
        file = io.FileIO(path)
    except OSError as error:
        raise ChannelError(f"{path.name} cannot be read: {error}", permanent=True) from error
    with unpacked(file, path.name) as found:
        yield found


@contextmanager
def unpacked(file: io.FileIO, called: str) -> Iterator[Opened]:
    """The same of a file that is open already; it is closed in the end.

    Args:
        file: at its beginning.
        called: its name in words for people.

    Raises:
        ChannelError: permanent, when its packing turns out to be broken while it is read.
    """
    try:
        size = os.fstat(file.fileno()).st_size
        buffered = io.BufferedReader(file, 1 << 20)
        with buffered as raw, _unpacked(raw) as plain, _narrow(plain) as narrow:
            yield Opened(raw, narrow, size)
    except (OSError, EOFError) as error:
        raise ChannelError(f"{called} cannot be read: {error}", permanent=True) from error


@contextmanager
def _unpacked(raw: Plain) -> Iterator[Plain]:
    magic = raw.peek(4)[:4]
    if magic.startswith(GZIP):
        with gzip.open(raw) as packed:
            yield io.BufferedReader(packed)
    elif magic == ZSTD:
        yield io.BufferedReader(_Zstd(raw), 1 << 20)
    else:
        yield raw


@contextmanager
def _narrow(plain: Plain) -> Iterator[Plain]:
    """A file in UTF-16 (Excel's "Unicode text") as UTF-8; any other as it is."""
    if not plain.peek(2).startswith(WIDE):
        yield plain
        return
    with tempfile.TemporaryFile() as spool:
        decoder = codecs.getincrementaldecoder("utf-16")("replace")
        while piece := plain.read(KEPT_OF_A_LINE):
            spool.write(decoder.decode(piece).encode("utf-8"))
        spool.seek(0)
        yield io.BufferedReader(spool)


class _Zstd(io.RawIOBase):
    """Unpacks zstd and, unlike the library's own reader, notices when the end is missing."""

    def __init__(self, raw: BinaryIO) -> None:
        self._raw = raw
        self._waiting = memoryview(b"")
        self._frame: Any = None

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        while not self._waiting:
            if not self._more():
                return 0
        size = min(len(buffer), len(self._waiting))
        buffer[:size] = self._waiting[:size]
        self._waiting = self._waiting[size:]
        return size

    def _more(self) -> bool:
        import zstandard

        packed = self._frame.unused_data if self._frame and self._frame.eof else b""
        packed = packed or self._raw.read(PIECE)
        if not packed:
            if self._frame and not self._frame.eof:
                raise EOFError("the packed file ends in the middle")
            return False
        if self._frame is None or self._frame.eof:
            self._frame = zstandard.ZstdDecompressor().decompressobj()
        try:
            self._waiting = memoryview(self._frame.decompress(packed))
        except zstandard.ZstdError as error:
            raise OSError(f"it is not really packed with zstd: {error}") from error
        return True


def form_of(plain: Plain) -> str:
    """What a file holds, by its first bytes: "jsonl", "json", "xlsx" or "csv"."""
    sample = plain.peek(64)[:64]
    if sample.startswith(ZIP):
        return "xlsx"
    start = sample.removeprefix(codecs.BOM_UTF8).lstrip()[:1]
    return {b"{": "jsonl", b"[": "json"}.get(start, "csv")


def lines(plain: IO[bytes]) -> Iterator[tuple[bytes, int]]:
    """Lines and their sizes; of one longer than LONGEST_LINE only the beginning is kept."""
    while line := plain.readline(LONGEST_LINE + 1):
        size = len(line)
        while size > LONGEST_LINE and not line.endswith(b"\n"):
            rest = plain.readline(LONGEST_LINE)
            if not rest:
                break
            size += len(rest)
            if rest.endswith(b"\n"):
                break
        yield (line if size <= LONGEST_LINE else line[:KEPT_OF_A_LINE]), size
