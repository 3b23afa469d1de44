"""Write rows as JSON lines, packed where the file's ending asks for it."""

import gzip
import json
from pathlib import Path
from typing import Any, BinaryIO, cast

import zstandard


def packed(path: Path, suffix: str) -> BinaryIO:
    """The file, open for writing; `.zst` and `.gz` pack what is written."""
    if suffix == ".zst":
        return cast("BinaryIO", zstandard.open(path, "wb"))
    return cast("BinaryIO", gzip.open(path, "wb")) if suffix == ".gz" else path.open("wb")


def line_of(fields: dict[str, Any]) -> bytes:
    """One row; halves of characters, which UTF-8 cannot hold, are written as escapes."""
    try:
        return json.dumps(fields, ensure_ascii=False).encode("utf-8") + b"\n"
    except UnicodeEncodeError:
        return json.dumps(fields).encode("ascii") + b"\n"
