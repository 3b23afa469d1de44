"""A chat, and a window on a page of the shop."""

import io

import pytest
from PIL import Image

from chat_windows import Window, chat
from sori.listen.models import Source


@pytest.fixture(autouse=True)
def _afresh(fresh_counts: None) -> None:
    """Tries are counted here."""


@pytest.fixture
def source(db: None) -> Source:
    return chat()


@pytest.fixture
def window(source: Source) -> Window:
    return Window(source).start()


@pytest.fixture
def jpeg() -> io.BytesIO:
    """A picture somebody might upload."""
    out = io.BytesIO()
    Image.new("RGB", (200, 200), "teal").save(out, "JPEG")
    out.seek(0)
    return out
