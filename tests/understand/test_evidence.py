"""Intervals, the test of before against after, and drift say what their sources say."""

import math
import random

import pytest

from sori.understand.evidence import Share, chance_index, drifted, stability_index


def test_the_interval_is_wilsons():
    low, high = Share(8, 10).interval
    assert (round(low, 4), round(high, 4)) == (0.4902, 0.9433)
    assert Share(0, 0).interval == (0.0, 1.0)
    assert Share(0, 0).share is None
    assert Share(0, 20).interval[0] == 0.0
    assert Share(20, 20).interval[1] == pytest.approx(1.0)


def test_the_index_is_the_symmetric_divergence():
    # a published example: shares 0.2/0.8 against 0.5/0.5
    exact = (0.2 - 0.5) * math.log(0.2 / 0.5) + (0.8 - 0.5) * math.log(0.8 / 0.5)
    assert stability_index([20_000, 80_000], [50_000, 50_000]) == pytest.approx(exact, rel=1e-3)
    assert stability_index([10, 20, 30], [10, 20, 30]) == 0.0
    assert stability_index([1, 2], [2, 1]) == pytest.approx(stability_index([2, 1], [1, 2]))


def test_an_empty_bin_is_rare_and_not_impossible():
    assert 0 < stability_index([0, 100], [5, 95]) < 1


def test_chance_alone_stays_below_in_nineteen_of_twenty():
    dice = random.Random(7)
    weights = [0.5, 0.2, 0.2, 0.1]

    def drawn(count: int) -> list[int]:
        found = dice.choices(range(4), weights, k=count)
        return [found.count(value) for value in range(4)]

    trials = [(drawn(300), drawn(900)) for _ in range(600)]
    above = sum(stability_index(now, then) > chance_index(now, then) for now, then in trials)

    assert 0.02 < above / len(trials) < 0.09


def test_few_voices_are_no_drift():
    assert stability_index([3, 0], [30, 20]) > 0.2
    assert not drifted([3, 0], [30, 20])
    assert drifted([300, 100], [100, 300])
    assert not drifted([], [])
