"""What the tests of closing the loop may ask for."""

import pytest

import loops_of as loops
from sori.lake.query import Reader
from sori.lake.store import Lake
from sori.listen.models import Source


@pytest.fixture
def channels(monkeypatch: pytest.MonkeyPatch, lake: Lake) -> None:
    """Channels that answer, and a reader that sees what the lake has learned a moment ago."""
    loops.install(monkeypatch, *loops.CHANNELS)
    monkeypatch.setattr("sori.listen.memory.reader", lambda: Reader(lake))


@pytest.fixture
def chat(channels: None) -> Source:
    """Where people write to us."""
    return loops.place("chat")
