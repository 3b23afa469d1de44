"""Files that an administrator hands in through a settings form.

A channel on this machine reads them by path; the path is ours, never the browser's.
"""

import hashlib
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile

_ENDINGS: Final = frozenset({".jsonl", ".json", ".csv", ".tsv", ".txt", ".xlsx", ".gz", ".zst"})


def with_uploads(values: dict[str, Any]) -> dict[str, Any]:
    """The values, with every uploaded file stored and replaced by its path; none is left out."""
    return {
        name: _stored(value) if isinstance(value, UploadedFile) else value
        for name, value in values.items()
        if value is not None
    }


def _stored(upload: "UploadedFile[Any]") -> str:
    folder: Path = settings.HOME / "uploads"
    folder.mkdir(parents=True, exist_ok=True)
    endings = [ending for ending in Path(upload.name or "").suffixes[-2:] if ending in _ENDINGS]
    digest = hashlib.sha256()
    for chunk in upload.chunks():
        digest.update(chunk)
    path = folder / f"{digest.hexdigest()[:24]}{''.join(endings)}"
    upload.seek(0)
    with path.open("wb") as file:
        for chunk in upload.chunks():
            file.write(chunk)
    return str(path)
