"""One row of a file, whatever the file is."""

from collections.abc import Mapping
from typing import Any, NamedTuple


class Record(NamedTuple):
    """One row.

    Attributes:
        end: where it ends, in bytes of the unpacked file (rows, in a spreadsheet).
        values: by column; None when it cannot be read.
        raw: enough to read the row again alone; empty where `values` are enough.
        fault: why it cannot be read.
    """

    end: int
    values: Mapping[str, Any] | None
    raw: bytes = b""
    fault: str = ""
