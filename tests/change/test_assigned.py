"""A new voice learns its theme on its way into the lake, on every machine and in every process."""

from collections.abc import Callable

import pyarrow as pa
import pytest

from crowd import ALONE, LOGIN, PARCEL, say_all, voice
from sori import flow
from sori.change.models import Theme, ThemeRun
from sori.lake.store import Lake
from sori.listen.ledger import Arrival
from sori.mention import heard

pytestmark = pytest.mark.django_db
LATER = ["로그인이 또 안 됩니다", "배송 왜 이렇게 늦어요", ALONE[0]]


def themes_of(texts: list[str], engine: str = "local") -> list[int | None]:
    arrival = Arrival(heard(voice(text) for text in texts), cursor=None)
    (done,) = flow.understood(iter([arrival]), engine=engine)
    column: pa.Array = done.mentions.column("theme")
    return list(column.to_pylist())


def test_it_knows_no_theme_before_the_first_run(home: object):
    assert themes_of(LATER) == [None, None, None]


def test_it_tells_the_theme_of_a_new_voice(
    lake: Lake, weigh: Callable[[], ThemeRun], named: Callable[[str], Theme]
):
    say_all(lake, *LOGIN, *PARCEL)
    weigh()

    assert themes_of(LATER) == [named("로그인").pk, named("배송").pk, None]


@pytest.mark.slow
def test_it_tells_it_in_other_processes_too(
    lake: Lake, weigh: Callable[[], ThemeRun], monkeypatch: pytest.MonkeyPatch
):
    say_all(lake, *LOGIN, *PARCEL)
    weigh()
    monkeypatch.setattr(flow, "PIECE", 1)

    assert themes_of(LATER, "processes") == themes_of(LATER)


def test_it_does_not_bring_back_a_theme_that_is_gone(
    lake: Lake, weigh: Callable[[], ThemeRun], named: Callable[[str], Theme]
):
    say_all(lake, *LOGIN, *PARCEL)
    weigh()
    Theme.objects.filter(pk=named("로그인").pk).update(state=Theme.State.GONE)

    assert themes_of(LATER) == [None, named("배송").pk, None]
