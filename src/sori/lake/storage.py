"""Where the lake's files lie: a folder of this machine, or a bucket somewhere else."""

import fcntl
import hashlib
import os
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import Any, Protocol

import pyarrow.fs as pafs
from deltalake.fs import DeltaStorageHandler


class Storage(Protocol):
    """Files by their path inside the lake.

    Attributes:
        uri: what deltalake opens.
        files: the same as a pyarrow file system.
        folder: the only folder that `readable` names files in.
        grace_hours: how old an uncommitted file must be before nobody can be writing it any more.
    """

    uri: str
    files: Any
    folder: str
    grace_hours: int

    def make_durable(self, paths: Iterable[str]) -> None:
        """Return only when these files and the names of their folders survive a power cut."""
        ...

    def lock(self, *, alone: bool) -> AbstractContextManager[None]:
        """Hold the lake together with others who write, or alone."""
        ...

    def readable(self, paths: Sequence[str]) -> list[str]:
        """Names of local files with the content of these, in the same order."""
        ...


def storage(uri: str) -> Storage:
    """The storage for a folder or for an address such as s3://bucket/lake."""
    if uri.startswith("file://"):
        return Folder(Path(uri.removeprefix("file://")))
    return Bucket(uri) if "://" in uri else Folder(Path(uri))


class Folder:
    """A folder of this machine."""

    grace_hours = 0

    def __init__(self, root: Path) -> None:
        self.root = root.absolute()
        self.uri = self.folder = str(self.root)
        self.files = pafs.SubTreeFileSystem(self.uri, pafs.LocalFileSystem())

    def make_durable(self, paths: Iterable[str]) -> None:
        """Call fsync on each file, then on every folder from theirs up to the lake's parent."""
        folders: set[Path] = set()
        for path in paths:
            file = self.root / path
            _fsync(file)
            folders.update((file.parent, *file.parent.parents))
        for folder in folders:
            if folder.is_relative_to(self.root) or folder == self.root.parent:
                _fsync(folder)

    @contextmanager
    def lock(self, *, alone: bool) -> Iterator[None]:
        """A shared or exclusive lock of the operating system, gone when its holder dies."""
        self.root.mkdir(parents=True, exist_ok=True)
        # names that begin with _ are invisible to Delta, so a vacuum leaves it
        handle = os.open(self.root / "_lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX if alone else fcntl.LOCK_SH)
            yield
        finally:
            os.close(handle)

    def readable(self, paths: Sequence[str]) -> list[str]:
        """The files themselves."""
        return [f"{self.uri}/{path}" for path in paths]


class Bucket:
    """Object storage: what is written there is durable, and nobody can lock it.

    It is read through a folder of copies. Data files never change, so a copy is never out of date;
    those that left the lake leave the folder at the next look.
    """

    grace_hours = 1

    def __init__(self, uri: str, copies: Path | None = None) -> None:
        self.uri = uri.rstrip("/")
        self.files = pafs.PyFileSystem(DeltaStorageHandler(self.uri))
        name = hashlib.sha256(self.uri.encode()).hexdigest()[:16]
        self.copies = copies or Path(tempfile.gettempdir()) / f"sori-{os.getuid()}" / name
        self.folder = str(self.copies)

    def make_durable(self, paths: Iterable[str]) -> None:
        """Nothing to do."""

    def lock(self, *, alone: bool) -> AbstractContextManager[None]:  # noqa: ARG002 (one face)
        """Nobody is kept out; that is why a vacuum waits `grace_hours` here."""
        return nullcontext()

    def readable(self, paths: Sequence[str]) -> list[str]:
        """Fetch what is missing and drop what is no longer wanted."""
        self.copies.mkdir(parents=True, exist_ok=True, mode=0o700)
        wanted = {path: self.copies / path for path in paths}
        for path, copy in wanted.items():
            if not copy.exists():
                self._fetch(path, copy)
        keep = set(wanted.values())
        for copy in self.copies.glob("*/*.parquet"):
            if copy not in keep:
                copy.unlink(missing_ok=True)
        return [str(copy) for copy in wanted.values()]

    def _fetch(self, path: str, copy: Path) -> None:
        copy.parent.mkdir(exist_ok=True)
        with (
            self.files.open_input_file(path) as source,
            tempfile.NamedTemporaryFile(dir=self.copies, delete=False) as draft,
        ):
            draft.write(source.read())
        Path(draft.name).rename(copy)


def _fsync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
