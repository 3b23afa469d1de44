"""What the tests of closing the loop may ask for."""

from collections.abc import Iterator

import pytest
from django.utils import translation

import loops_of as loops
from sori.lake.query import Reader
from sori.lake.store import Lake
from sori.listen.models import Source


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    """What is refused is refused in English."""
    with translation.override("en"):
        yield


@pytest.fixture
def channels(monkeypatch: pytest.MonkeyPatch, lake: Lake) -> None:
    """Channels that answer, and a reader that sees what the lake has learned a moment ago."""
    loops.install(monkeypatch, *loops.CHANNELS)
    monkeypatch.setattr("sori.listen.memory.reader", lambda: Reader(lake))


@pytest.fixture
def chat(channels: None) -> Source:
    """Where people write to us."""
    return loops.place("chat")
