"""Business time against one look at the wall clock for every minute, in every zone there is.

The million belongs to `make test-all`; a fiftieth of it runs every time.
"""

import random

import pytest

from minute_oracle import SUMMER_TIME_OF_SEOUL, ZONES, mismatches

CASES = 1_000


@pytest.mark.parametrize("seed", range(10))
def test_it_counts_every_minute_right(seed):
    chance = random.Random(seed)
    zones = ["Asia/Seoul", *chance.sample(ZONES, 9)]

    assert [wrong for zone in zones for wrong in mismatches(chance, zone, CASES // 5)] == []


def test_it_knows_the_summer_time_of_seoul():
    chance = random.Random(88)
    first_days = SUMMER_TIME_OF_SEOUL

    wrong = [mismatches(chance, "Asia/Seoul", CASES // 5, day) for day in first_days]
    assert wrong == [[]] * len(first_days)


@pytest.mark.slow
def test_it_counts_a_million_right():
    chance = random.Random(20261128)
    rounds = [("Asia/Seoul", day) for day in SUMMER_TIME_OF_SEOUL]
    more = chance.choices(ZONES, k=CASES - len(rounds) - len(ZONES))
    rounds += [(zone, None) for zone in [*ZONES, *more]]

    assert len(rounds) == CASES
    assert [one for zone, day in rounds for one in mismatches(chance, zone, CASES, day)] == []
