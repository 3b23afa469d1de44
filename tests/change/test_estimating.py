"""An estimate of an effect keeps what its interval promises, and takes no busy weekend for one."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest

from sori.change.outcomes.estimating import Days, Floats, estimate, student
from sori.change.outcomes.judging import (
    LEAST,
    LONGEST,
    SETTLED,
    Judged,
    Verdict,
    Why,
    came_back,
    judge,
)

CASES = 2000
VOLUME = (300.0, 80.0, 40.0)
MIX = (1.0, 3.0, 0.5)


def days(
    chance: np.random.Generator,
    *,
    before: int = 56,
    after: int = 28,
    rate: float = 0.01,
    ratio: float = 1.0,
    bursts: Floats | None = None,
    volume_after: Sequence[float] = VOLUME,
) -> Days:
    """Invented days: half the volume and twice the rate at weekends, three unlike channels."""
    later = np.arange(before + after) >= before
    weekday = (np.arange(before + after) + int(chance.integers(7))) % 7
    weekend = (weekday >= 5)[:, None]
    volume = np.where(later[:, None], volume_after, VOLUME) * np.where(weekend, 0.5, 1.0)
    every = chance.poisson(volume)
    mean = every * (np.array(MIX) * rate) * np.where(weekend, 2.0, 1.0)
    mean = mean * np.where(later, ratio, 1.0)[:, None]
    if bursts is not None:
        mean = mean * bursts[:, None]
    return Days(chance.poisson(mean), every, weekday, later)


def alike(chance: np.random.Generator, number: int, alike: float) -> Floats:
    """Bursts that last: each day resembles the one before it."""
    steps = chance.normal(size=number)
    for place in range(1, number):
        steps[place] = alike * steps[place - 1] + np.sqrt(1 - alike**2) * steps[place]
    return np.exp(0.5 * steps - 0.125)


COVERED: dict[str, dict[str, Any]] = {
    "by chance alone": {"ratio": 0.4},
    "days that differ": {"ratio": 0.4, "shape": 3.0},
    "days that differ and no effect": {"shape": 3.0},
    "days that differ much": {"ratio": 0.4, "rate": 0.02, "shape": 1.0},
    "bursts that last": {"ratio": 0.5, "alike": 0.3},
    "two weeks": {"ratio": 0.5, "before": 28, "after": 14, "shape": 3.0},
    "channels that swap places": {"volume_after": (150, 240, 40), "shape": 5.0},
}


@pytest.mark.parametrize("case", COVERED.values(), ids=COVERED)
def test_it_covers_the_truth_as_often_as_it_says(case: dict[str, Any]):
    chance, covered = np.random.default_rng(7), 0
    case = dict(case)
    shape, lasting = case.pop("shape", 0.0), case.pop("alike", 0.0)
    number = case.get("before", 56) + case.get("after", 28)
    truth = case.get("ratio", 1.0)
    for _ in range(CASES):
        bursts = chance.gamma(shape, 1 / shape, number) if shape else None
        bursts = alike(chance, number, lasting) if lasting else bursts
        found = estimate(days(chance, bursts=bursts, **case))
        covered += found.high is not None and found.low <= truth <= found.high
    assert 0.93 <= covered / CASES <= 0.97


def test_it_takes_neither_weekends_nor_louder_channels_for_an_effect():
    chance = np.random.default_rng(1)
    many = days(chance, before=56, after=56, rate=0.02, volume_after=(100, 400, 40))
    found = estimate(many)
    raw = [many.theme[rows].sum() / many.every[rows].sum() for rows in (many.after, ~many.after)]

    assert raw[0] / raw[1] > 1.5  # what somebody who only divides would see
    assert found.low < 1 < (found.high or 0)
    assert found.after / found.before == pytest.approx(found.ratio)


def test_it_ignores_that_one_side_has_more_weekends():
    chance = np.random.default_rng(2)
    whole = days(chance, before=56, after=56, rate=0.02)
    rows = np.flatnonzero(~whole.after | (whole.weekday >= 4))
    some = Days(whole.theme[rows], whole.every[rows], whole.weekday[rows], whole.after[rows])
    found = estimate(some)

    assert found.low < 1 < (found.high or 0)


def test_it_gives_an_upper_end_when_nothing_was_heard_afterwards():
    found = estimate(days(np.random.default_rng(3), ratio=0.0))

    assert found.ratio == 0
    assert found.low == 0
    assert found.high is not None
    assert 0 < found.high < 0.1


def test_it_has_no_ratio_when_nothing_was_heard_before():
    quiet = days(np.random.default_rng(4))
    quiet.theme[~quiet.after] = 0
    found = estimate(quiet)

    assert (found.ratio, found.high) == (None, None)
    assert found.low > 1


def test_it_knows_the_days_before_when_there_are_none_after():
    some = days(np.random.default_rng(4), before=56, after=0)
    found = estimate(some)

    assert found.before == pytest.approx(1000 * some.theme.sum() / some.every.sum())
    assert (found.after, found.of_after) == (0, 0)


def test_it_survives_silence():
    quiet = days(np.random.default_rng(5), rate=0.0)
    found = estimate(quiet)

    assert (found.ratio, found.low, found.high, found.after) == (None, 0, None, 0)


@pytest.mark.parametrize(("freedom", "quantile"), [(6, 2.4469), (20, 2.0860), (76, 1.9917)])
def test_it_knows_student(freedom: int, quantile: float):
    assert student(1.959964, freedom) == pytest.approx(quantile, abs=0.002)


def judged(
    ratio: float, *, before: int = 56, after: int = 28, rate: float = 0.01, seed: int = 10
) -> Judged:
    found = days(np.random.default_rng(seed), before=before, after=after, rate=rate, ratio=ratio)
    return judge(estimate(found), days_before=before, days_after=after)


def test_it_says_fewer_no_change_and_more():
    assert judged(0.4) == Judged(Verdict.FEWER, settled=True)
    assert judged(1.0) == Judged(Verdict.SAME, settled=True)
    assert judged(2.0) == Judged(Verdict.MORE, settled=True)


def test_it_says_how_it_looks_before_four_weeks_without_settling():
    assert judged(0.3, after=21) == Judged(Verdict.FEWER, settled=False)
    assert SETTLED == 28


def test_it_is_too_early_before_two_weeks_and_says_for_how_long():
    assert judged(0.1, after=9) == Judged(Verdict.EARLY, Why.DAYS, LEAST - 9)


def test_it_is_too_early_with_few_voices_and_says_for_about_how_long():
    found = judged(1.0, rate=0.0006)

    assert (found.verdict, found.why) == (Verdict.EARLY, Why.VOICES)
    assert 1 < found.more_days <= LONGEST - 28


def test_it_does_not_wait_for_ever():
    assert judged(1.0, rate=0.0003, after=LONGEST).verdict == Verdict.SAME


def test_it_says_nothing_without_two_weeks_before():
    assert judged(0.1, before=13) == Judged(Verdict.UNKNOWN, Why.BEFORE)


def test_it_sees_what_comes_back_and_only_that():
    chance = np.random.default_rng(8)
    calm = days(chance, after=70, ratio=0.3)
    assert came_back(calm, 28) is None

    again = days(chance, after=70, ratio=0.3)
    again.theme[-7:] = chance.poisson(again.every[-7:] * np.array(MIX) * 0.015)
    found = came_back(again, 28)
    assert found is not None
    assert (found.ratio or 0) >= 1


def test_it_hardly_ever_says_that_it_came_back_when_it_did_not():
    chance = np.random.default_rng(9)
    said = sum(
        came_back(days(chance, after=42, ratio=0.4, bursts=chance.gamma(3, 1 / 3, 98)), 28)
        is not None
        for _ in range(1000)
    )
    assert said <= 2


def test_it_seldom_praises_a_change_that_changed_nothing():
    praised = sum(
        judged(1.0, rate=0.002, seed=seed).verdict == Verdict.FEWER for seed in range(1000)
    )

    assert praised <= 40
