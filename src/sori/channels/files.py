"""Files of voices: exports, surveys and call notes as JSON lines, CSV or a spreadsheet.

A row becomes a mention. Which column is what is told by `map`, or by the columns' own names;
what has no place of its own is kept in `extra`. Reading can stop after any page and go on from its
cursor, which also tells how far it has come (`rows`, and `bytes` of `total`).
"""

import hashlib
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any, ClassVar, Final

from pydantic import BaseModel, ConfigDict, Field

from sori import mention
from sori.channels.contract import Facts, Json, Listener, Page
from sori.channels.tables import columns
from sori.channels.tables.opening import opened
from sori.channels.tables.reading import after, read_alone, records_of, sheaves, start_of
from sori.channels.tables.settings import TableSettings

HEAD: Final = 4_096


class Where(BaseModel):
    """Which file."""

    path: Path = Field(
        title="File",
        description="JSON lines, CSV or xlsx on this machine; also packed as .gz or .zst.",
        json_schema_extra={"placeholder": "/data/reviews.csv"},
    )


class FileSettings(TableSettings, Where):
    """Which file, and how to read it."""

    model_config = ConfigDict(extra="forbid", title="File")


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
            records = after(records_of(file.plain, settings, start_of(place)), place["end"], maker)
            for page in sheaves(records, maker):
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
        whole = read_alone(io.BytesIO(raw), settings, columns.Maker(settings, listener))
        return Page(mention.heard(whole.rows), None, whole.broken)


def _head(path: Path, cursor: Json) -> str:
    """What a file begins with, over as many bytes as the cursor saw of it."""
    seen = cursor.get("head") if isinstance(cursor, dict) else None
    length = int(seen.partition(":")[0]) if isinstance(seen, str) else HEAD
    with path.open("rb") as file:
        start = file.read(min(length, HEAD))
    return f"{len(start)}:{hashlib.sha256(start).hexdigest()[:16]}"
