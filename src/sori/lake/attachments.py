"""Files that came with mentions, stored by what they contain."""

import hashlib
import os
import re
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from sori.errors import LakeError

_DIGEST: Final = re.compile(r"[0-9a-f]{64}")


class Attachments:
    """A folder of files, each named by the SHA-256 of its content.

    The same file sent a thousand times is kept once. Nothing that a customer wrote becomes a part
    of a path: the name they gave is a column of the mention.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put(self, content: bytes) -> str:
        """Store a file for good and return its digest; storing it again changes nothing."""
        digest = hashlib.sha256(content).hexdigest()
        path = self._path(digest)
        if path.exists():
            return digest
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle, draft = tempfile.mkstemp(dir=path.parent)
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        # a rename is whole or not at all; two who store the same bytes may both do it
        Path(draft).replace(path)
        for folder in (path.parent, self._folder):
            _fsync(folder)
        return digest

    def path(self, digest: str) -> Path:
        """Where a file lies.

        Raises:
            LakeError: there is no such file.
        """
        path = self._path(digest)
        if not path.is_file():
            raise LakeError(f"there is no attachment {digest[:12]}")
        return path

    def has(self, digest: str) -> bool:
        """Whether there is such a file."""
        return self._path(digest).is_file()

    def forget(self, digests: Iterable[str]) -> None:
        """Delete files; those that are gone already are no error."""
        for digest in digests:
            self._path(digest).unlink(missing_ok=True)

    def _path(self, digest: str) -> Path:
        if not _DIGEST.fullmatch(digest):
            raise LakeError("that is no digest of an attachment")
        return self._folder / digest[:2] / digest


def _fsync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
