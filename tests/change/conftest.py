"""What the tests of themes and surges may ask for."""

from collections.abc import Callable

import pytest
from django.utils import timezone

from sori.change import selectors, series
from sori.change.looking import look
from sori.change.models import Theme, ThemeRun
from sori.change.recording import write_run
from sori.database import write_atomic
from sori.lake.query import Reader
from sori.lake.store import Lake
from sori.understand import embedding


@pytest.fixture(autouse=True)
def _fast(monkeypatch: pytest.MonkeyPatch) -> None:
    """Runs of these tests compare by characters; the deep tier has tests of its own."""
    monkeypatch.setattr(embedding, "deep_is_here", lambda: False)


@pytest.fixture(autouse=True)
def _forgetful() -> None:
    """Runs of two tests may have the same number and, where time stands still, the same moment."""
    for kept in (selectors._centres, selectors._members, selectors._tallies, series._past):
        kept.cache_clear()


@pytest.fixture
def weigh(lake: Lake) -> Callable[[], ThemeRun]:
    """Look at the lake now, due or not."""

    def run() -> ThemeRun:
        found = look(Reader(lake), timezone.now())
        with write_atomic():
            return write_run(found, 0.0)

    return run


@pytest.fixture
def named() -> Callable[[str], Theme]:
    """The one theme whose name holds a word."""
    return lambda word: Theme.objects.get(name__contains=word)
