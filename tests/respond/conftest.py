"""Desks with a channel that can answer."""

from pathlib import Path

import pytest

from desk import source
from oracle import install
from sori.listen.models import Source


@pytest.fixture
def oracle(monkeypatch, tmp_path: Path) -> Source:
    """A source whose channel accepts every answer and keeps a book of them."""
    install(monkeypatch)
    return source("oracle", settings={"book": str(tmp_path / "book")})
