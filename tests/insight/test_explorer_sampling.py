"""Where everything would take too long, some days are read, and what they say is close."""

import random
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from explorer import NOW, remember, said
from sori.insight.explore import costs, panels
from sori.insight.explore.look import Look
from sori.insight.explore.sampling import LEAST_DAYS, WEEK, Sample, newest, sample
from sori.insight.explore.selection import Selection
from sori.insight.explore.stream import PAGE, page, place_of
from sori.insight.explore.typical import typical
from sori.insight.explore.volume import volume
from sori.lake.query import Reader
from sori.lake.store import Lake

UNHURRIED = settings(deadline=None)
ALL = Selection(days=None)
SIZES = st.dictionaries(
    st.integers(0, 999).map(lambda back: str(NOW.date() - timedelta(days=back))),
    st.integers(1, 10_000),
).map(lambda days: dict(sorted(days.items(), reverse=True)))


@UNHURRIED
@given(SIZES, st.integers(1, 1_000_000))
def test_it_reads_every_day_or_some_that_lie_evenly(sizes: dict[str, int], budget: int):
    chosen = sample(sizes, 1, 0, budget)

    if chosen.days is None:
        return
    places = [list(sizes).index(day) for day in chosen.days]
    steps = {after - before for before, after in pairwise(places)}
    assert sum(sizes.values()) > budget
    assert len(steps) <= 1
    assert all(step % WEEK for step in steps)
    assert len(chosen.days) >= LEAST_DAYS // 2


@UNHURRIED
@given(SIZES, st.integers(1, 100_000))
def test_it_weighs_what_it_read_so_that_it_stands_for_all(sizes: dict[str, int], budget: int):
    chosen = sample(sizes, 1, 0, budget)
    were_read = sum(sizes[day] for day in chosen.days or sizes)

    assert were_read * chosen.factor() == pytest.approx(sum(sizes.values()))


def test_it_never_stands_a_month_on_two_days():
    few = {f"2026-11-{day:02}": 1_000_000 for day in range(20, 0, -1)}

    assert sample(few, 1, 0, 1_000).whole


def test_it_takes_the_newest_days_that_fit_and_one_at_least():
    sizes = {"2026-11-22": 10, "2026-11-21": 10, "2026-11-20": 10}

    assert newest(sizes, 25) == ["2026-11-22", "2026-11-21"]
    assert newest(sizes, 1) == ["2026-11-22"]


def test_it_knows_that_texts_cost_more_than_marks():
    marks = replace(ALL, kinds=("idea",))

    assert costs.micros("themes", replace(ALL, words=("환불",)), timed=False) > 5 * costs.micros(
        "themes", marks, timed=False
    )


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> Look:
    """A year of voices: some complaints every day, more of them on Mondays."""
    lake, dice = Lake(str(tmp_path_factory.mktemp("year"))), random.Random(5)
    rows: list[dict[str, Any]] = []
    for back in range(364):
        busy = (NOW - timedelta(days=back)).weekday() == 0
        for _ in range(30 if busy else 15):
            kind = dice.choice(["complaint", "complaint", "praise"])
            theme = dice.choice([1, 1, 2, None])
            rows.append(said("환불", back + dice.random() / 10, kind=kind, theme=theme))
    remember(lake, rows)
    return Look(Reader(lake), ALL, NOW, ZoneInfo("Asia/Seoul"))


def test_it_estimates_near_the_truth_and_says_so(year: Look, monkeypatch: pytest.MonkeyPatch):
    exact_volume = volume(year)
    exact_themes = {row.value: row.now for row in panels.top(year, "themes")[0]}
    monkeypatch.setattr("sori.insight.explore.look.FILE", 60_000)

    rough = volume(year)
    themes, read = panels.top(year, "themes")

    assert exact_volume.sample.whole
    assert not rough.sample.whole
    assert len(rough.sample.days or ()) < 30
    assert rough.voices == pytest.approx(exact_volume.voices, rel=0.02)
    assert rough.unit == "month"
    assert all(bar.voices for bar in rough.bars)
    assert not read.whole
    for row in themes:
        assert row.now == pytest.approx(exact_themes[row.value], rel=0.25)


def test_it_looks_for_words_in_other_days_when_the_first_had_few_texts(
    year: Look, monkeypatch: pytest.MonkeyPatch
):
    read = days_read(monkeypatch)
    rare = replace(year, selection=replace(ALL, themes=(2,)))

    monkeypatch.setattr("sori.insight.explore.look.FILE", 0)
    everything = typical(rare)
    monkeypatch.setattr("sori.insight.explore.look.FILE", 60_000)
    some = typical(rare)

    chosen, others, first, more, beside = read
    assert chosen is others is None
    assert first
    assert more
    assert not set(first) & set(more)
    assert beside == first
    assert 0 < some.texts < everything.texts


def days_read(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, ...] | None]:
    """The days of every question asked from now on; None for all days."""
    read: list[tuple[str, ...] | None] = []
    ask = Look.ask

    def noted(look: Look, name: str, stretch: Any, days: Any = None, **more: Any) -> Any:
        read.append(days)
        return ask(look, name, stretch, days, **more)

    monkeypatch.setattr(Look, "ask", noted)
    return read


@pytest.mark.slow
def test_it_lists_everything_in_spite_of_stopping_now_and_then(
    year: Look, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("sori.insight.explore.stream.BUDGET", 4)
    rare = replace(year, selection=replace(ALL, themes=(2,), order="newest"))
    listed, stops, place = [], 0, None
    while True:
        found = page(rare, place)
        listed += [row["id"] for row in found.mentions]
        stops += found.looked_back_to is not None
        if found.next is None:
            break
        assert len(found.mentions) == PAGE or found.looked_back_to
        place = place_of(str(found.next))

    counted = {row.value: row.now for row in panels.top(rare, "themes")[0]}
    assert stops
    assert Counter(listed).most_common(1)[0][1] == 1
    assert len(listed) == counted[2]
    assert listed == sorted(listed, key=lambda name: name[:8], reverse=True)


def test_it_weighs_nothing_when_nothing_was_read():
    assert Sample({}, ()).factor() == 1.0
