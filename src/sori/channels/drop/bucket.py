"""A bucket of S3, or of a store that speaks like it, as a shelf.

What lies there is whole as soon as it is there. It is fetched into a file without a name, because
tables are read in places. The address of a store of one's own is checked before it is called.
"""

import io
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final
from urllib.parse import urlsplit

from sori.channels.drop.settings import DropSettings
from sori.channels.drop.shelf import Item, few, finished
from sori.channels.fetching import checked
from sori.errors import ChannelError

CONNECT: Final = 10.0
REQUEST: Final = 60.0
PIECE: Final = 4_000_000
REFUSALS: Final = (
    "ACCESS_DENIED",
    "INVALID_ACCESS_KEY_ID",
    "SIGNATURE_DOES_NOT_MATCH",
    "NO_SUCH_BUCKET",
    "INVALID_BUCKET_NAME",
)


class Bucket:
    """What lies in a bucket below a prefix.

    Without keys only buckets are read that are open to everybody: what this machine itself may
    read at its provider is not lent to whoever may connect sources.

    Args:
        settings: which bucket, and its keys.

    Raises:
        ChannelError: its store may not be called.
    """

    def __init__(self, settings: DropSettings) -> None:
        from pyarrow import fs

        assert settings.bucket is not None
        self._bucket, prefix = settings.bucket
        self._base = f"{self._bucket}/{prefix}".rstrip("/")
        options: dict[str, Any] = {"region": settings.region}
        if settings.endpoint:
            parts = urlsplit(settings.endpoint)
            port = parts.port or (443 if parts.scheme == "https" else 80)
            checked(str(parts.hostname), port, allow_private=settings.allow_private)
            options |= {"endpoint_override": parts.netloc, "scheme": parts.scheme}
        if settings.access_key:
            secret = settings.secret_key.get_secret_value()
            options |= {"access_key": settings.access_key, "secret_key": secret}
        else:
            options["anonymous"] = True
        self._store = fs.S3FileSystem(connect_timeout=CONNECT, request_timeout=REQUEST, **options)

    def items(self) -> Iterator[Item]:
        """The objects that are there; none where nothing was dropped yet.

        Raises:
            ChannelError: permanent when the keys are refused or there is no such bucket.
        """
        from pyarrow import fs

        chosen = fs.FileSelector(self._base, recursive=True, allow_not_found=True)
        try:
            found = self._store.get_file_info(chosen)
        except OSError as error:
            raise _refused(error, self._bucket) from error
        if not found and self._missing():
            raise ChannelError(f"there is no bucket {self._bucket}", permanent=True)
        told = ((info, info.path.removeprefix(self._base).lstrip("/")) for info in found)
        return few(
            Item(info.mtime_ns or 0, name, info.size or 0, "")
            for info, name in told
            if info.type == fs.FileType.File and finished(name)
        )

    def _missing(self) -> bool:
        """Whether there is no such bucket; keys for a part of it may not be told."""
        from pyarrow import fs

        try:
            return bool(self._store.get_file_info(self._bucket).type == fs.FileType.NotFound)
        except OSError:
            return False

    @contextmanager
    def opened(self, item: Item) -> Iterator[io.FileIO]:
        """An object, fetched.

        Raises:
            FileNotFoundError: it is gone, or is being replaced.
            ChannelError: permanent when it is refused.
        """
        with tempfile.TemporaryFile(buffering=0) as spool:
            try:
                with self._store.open_input_stream(f"{self._base}/{item.name}") as stream:
                    while spool.tell() <= item.size and (piece := stream.read(PIECE)):
                        spool.write(piece)
            except FileNotFoundError:
                raise
            except OSError as error:
                raise _refused(error, self._bucket) from error
            if spool.tell() != item.size:
                raise FileNotFoundError(item.name)
            spool.seek(0)
            yield spool


def _refused(error: OSError, bucket: str) -> ChannelError:
    words = str(error)
    permanent = any(word in words for word in REFUSALS)
    return ChannelError(
        f"the bucket {bucket} could not be read: {words[:300]}", permanent=permanent
    )
