"""Name the state of the static files, so that a changed file gets a new address."""

import hashlib
from importlib.metadata import version
from pathlib import Path

_ELSEWHERE = ("django-htmx", "django-allauth", "sori-voc", "vl-convert-python")


def version_of(folder: Path) -> str:
    """Twelve characters that change with any file in `folder` or any package that brings files."""
    digest = hashlib.blake2b(digest_size=6)
    for package in _ELSEWHERE:
        digest.update(f"{package}={version(package)};".encode())
    for file in sorted(path for path in folder.rglob("*") if path.is_file()):
        digest.update(file.relative_to(folder).as_posix().encode() + b"\0")
        digest.update(hashlib.blake2b(file.read_bytes(), digest_size=16).digest())
    return digest.hexdigest()
