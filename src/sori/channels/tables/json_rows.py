"""Rows of a file of JSON: one object a line, or one array of objects."""

import codecs
import io
from collections.abc import Iterator
from typing import IO, Any, Final

import msgspec

from sori.channels.tables.opening import LONGEST_LINE, lines
from sori.channels.tables.record import Record
from sori.errors import ChannelError

LARGEST_ARRAY: Final = 200_000_000


def json_lines(plain: IO[bytes], start: int = 0) -> Iterator[Record]:
    """One JSON object a line; empty lines do not count."""
    decode = msgspec.json.Decoder(dict[str, Any]).decode
    end = start
    for line, size in lines(plain):
        end += size
        if size > LONGEST_LINE:
            yield Record(end, None, line, f"a line of {size:,} bytes")
            continue
        bare = line.removeprefix(codecs.BOM_UTF8).strip()
        if not bare:
            continue
        try:
            yield Record(end, decode(bare), line)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
            yield Record(end, None, line, f"no JSON object: {error}")


def json_array(plain: IO[bytes]) -> Iterator[Record]:
    """One JSON array of objects, read whole."""
    whole = plain.read(LARGEST_ARRAY + 1)
    if len(whole) > LARGEST_ARRAY:
        raise ChannelError("the array is too large; write one JSON object a line", permanent=True)
    try:
        rows = msgspec.json.decode(whole, type=list[msgspec.Raw])
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise ChannelError(f"the file is no JSON array: {error}", permanent=True) from error
    yield from json_lines(io.BytesIO(b"\n".join(bytes(row).replace(b"\n", b" ") for row in rows)))
