"""Drop: every file that is put into a folder or a bucket is read when it comes or changes."""

import io
import os
import tempfile
from collections.abc import Iterator
from typing import ClassVar, Final

from pydantic import BaseModel

from sori import mention
from sori.channels.contract import Broken, Facts, Json, Listener, Page
from sori.channels.drop.bucket import Bucket
from sori.channels.drop.folder import Folder
from sori.channels.drop.seen import Seen
from sori.channels.drop.settings import DropSettings
from sori.channels.drop.shelf import Item, Shelf, readable
from sori.channels.tables import columns
from sori.channels.tables.opening import unpacked
from sori.channels.tables.reading import Sheaf, after, records_of, sheaves, start_of
from sori.channels.tables.record import Record
from sori.errors import ChannelError

LARGEST: Final = 2_000_000_000
UNPACKED: Final = 20_000_000_000
KEPT: Final = 1_000_000


class Drop:
    """Dropped files: exports that others put into a folder or a bucket, each read when it comes.

    A row without a name of its own is known by what it says, as in `files`: a file that is dropped
    again with more rows adds the new ones only.
    """

    name: ClassVar[str] = "drop"
    Settings: ClassVar[type[BaseModel]] = DropSettings
    overlaps: ClassVar[bool] = True
    direct: ClassVar[bool] = False
    facts: ClassVar[Facts] = Facts(
        history="Every file that lies there.",
        limits="Files of up to 2 GB, 100,000 at a time.",
    )

    def fetch(self, settings: DropSettings, cursor: Json, listener: Listener) -> Iterator[Page]:
        """Bring the rows of files that came or changed, the oldest file first.

        A file that cannot be read is put aside once, and the next is read.

        Raises:
            ChannelError: the folder or bucket cannot be read.
        """
        shelf: Shelf = Bucket(settings) if settings.bucket else Folder(settings)
        seen = Seen(cursor, settings.folder)
        for item in sorted(shelf.items()):
            if item not in seen:
                yield from _read(shelf, item, seen, settings, listener)

    def reread(self, settings: DropSettings, raw: bytes, listener: Listener) -> Page:
        """Read a row or a file from quarantine again; of large files nothing was kept."""
        if not raw:
            again = Broken(raw, "nothing was kept of this file; put it there again")
            return Page(mention.heard([]), None, [again])
        maker = columns.Maker(settings, listener, channel=self.name)
        whole = Sheaf()
        with tempfile.TemporaryFile(buffering=0) as file:
            file.write(raw)
            file.seek(0)
            try:
                for sheaf in _sheaves(file, "what was put aside", settings, maker):
                    whole.rows += sheaf.rows
                    whole.broken += sheaf.broken
            except ChannelError as error:
                whole.broken.append(Broken(raw, str(error)))
        return Page(mention.heard(whole.rows), None, whole.broken)


def _read(
    shelf: Shelf, item: Item, seen: Seen, settings: DropSettings, listener: Listener
) -> Iterator[Page]:
    """The pages of one file; nothing where it was taken away meanwhile."""
    if item.size > LARGEST:
        yield _put_aside(item, seen, b"", f"{item.size:,} bytes are too many")
        return
    if settings.format == "auto" and not readable(item.name):
        yield _put_aside(item, seen, b"", "it is no JSON, CSV or spreadsheet by its name")
        return
    try:
        with shelf.opened(item) as file:
            try:
                yield from _pages(file, item, seen, settings, listener)
            except ChannelError as error:
                file.seek(0)
                # half of a large file must not be taken for all of it when it is read again
                raw = file.read() if item.size <= KEPT else b""
                yield _put_aside(item, seen, raw, str(error))
    except FileNotFoundError:
        return
    except ChannelError as error:
        if not error.permanent:
            raise
        yield _put_aside(item, seen, b"", str(error))


def _pages(
    file: io.FileIO, item: Item, seen: Seen, settings: DropSettings, listener: Listener
) -> Iterator[Page]:
    maker = columns.Maker(settings, listener, channel="drop")
    place = seen.place(item)
    end = place["end"]
    for sheaf in _sheaves(file, item.name, settings, maker, start=start_of(place), end=end):
        end = max(end, sheaf.end)
        if sheaf.over:
            seen.note(item)
        else:
            seen.stay(item, end=end, counted=bool(maker.counted))
        yield Page(mention.heard(sheaf.rows), seen.cursor(), sheaf.broken)


def _sheaves(
    file: io.FileIO,
    called: str,
    settings: DropSettings,
    maker: columns.Maker,
    *,
    start: int = 0,
    end: int = 0,
) -> Iterator[Sheaf]:
    """What is written in a file after a place; the file itself stays open."""
    with unpacked(io.FileIO(os.dup(file.fileno())), called) as found:
        records = _within_reason(records_of(found.plain, settings, start))
        yield from sheaves(after(records, end, maker), maker)


def _within_reason(records: Iterator[Record]) -> Iterator[Record]:
    """The records, as long as they come to a size that a file of voices can have."""
    for record in records:
        if record.end > UNPACKED:
            raise ChannelError("the file unpacks to an absurd size", permanent=True)
        yield record


def _put_aside(item: Item, seen: Seen, raw: bytes, reason: str) -> Page:
    seen.note(item)
    broken = Broken(raw, _writable(f"{item.name}: {reason}")[:500], _writable(item.name))
    return Page(mention.heard([]), seen.cursor(), [broken])


def _writable(text: str) -> str:
    """A text as it can be stored: names of files may be in no encoding at all."""
    return text.encode("utf-8", "replace").decode()
