"""Attachments are named by their content and by nothing a customer wrote."""

from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from pathlib import Path

import pytest

from sori.errors import LakeError
from sori.lake.attachments import Attachments


@pytest.fixture
def attachments(tmp_path: Path) -> Attachments:
    return Attachments(tmp_path / "files")


def test_it_keeps_a_file_by_its_digest(attachments: Attachments) -> None:
    digest = attachments.put("영수증".encode())
    assert digest == sha256("영수증".encode()).hexdigest()
    assert attachments.path(digest).read_text() == "영수증"


def test_it_keeps_the_same_file_once(attachments: Attachments, tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        digests = set(pool.map(attachments.put, [b"same"] * 40))
    assert len(digests) == 1
    assert len([path for path in tmp_path.rglob("*") if path.is_file()]) == 1


@pytest.mark.parametrize("name", ["../../etc/passwd", "A" * 64, "ab", "a" * 63 + "/", ""])
def test_it_takes_nothing_but_a_digest_for_a_path(attachments: Attachments, name: str) -> None:
    with pytest.raises(LakeError):
        attachments.path(name)


def test_it_says_so_when_a_file_is_not_there(attachments: Attachments) -> None:
    with pytest.raises(LakeError, match="no attachment"):
        attachments.path("0" * 64)


def test_it_forgets_files(attachments: Attachments) -> None:
    digest = attachments.put(b"secret")
    attachments.forget([digest, "0" * 64])
    with pytest.raises(LakeError):
        attachments.path(digest)
