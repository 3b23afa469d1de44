"""A surge is told from chance, from weekends and from its own echo."""

import random
from datetime import date, timedelta

import pytest

from sori.understand.surge import surges, tail

START = date(2026, 9, 1)
DAYS = [START + timedelta(days=number) for number in range(60)]


def quiet(seed: int, mean: float = 40) -> dict[date, int]:
    dice = random.Random(seed)
    weekly = [1.2, 1.1, 1.0, 1.0, 1.1, 0.7, 0.6]
    return {
        day: sum(dice.random() < mean * weekly[day.weekday()] / 1000 for _ in range(1000))
        for day in DAYS
    }


def test_it_finds_the_day_on_which_something_broke():
    counts = quiet(1)
    counts[DAYS[40]] = 160

    (found,) = surges("app", counts, DAYS)

    assert found.day == DAYS[40]
    assert found.growth > 2


def test_it_raises_at_most_one_false_alarm_on_sixty_quiet_days():
    alarms = [len(surges(seed, quiet(seed), DAYS)) for seed in range(60)]

    assert max(alarms) <= 1
    assert sum(alarms) <= 2


def test_it_does_not_call_every_monday_a_surge():
    counts = {day: 60 if day.weekday() == 0 else 15 for day in DAYS}

    assert surges("mondays", counts, DAYS[28:]) == []


def test_it_does_not_get_used_to_a_crisis():
    counts = quiet(2)
    for number in range(40, 45):
        counts[DAYS[number]] = 200

    assert [found.day for found in surges("app", counts, DAYS)] == DAYS[40:45]


def test_it_says_nothing_about_a_handful():
    counts = dict.fromkeys(DAYS, 0) | {DAYS[40]: 9}

    assert surges("rare", counts, DAYS) == []


@pytest.mark.parametrize(("mean", "variance"), [(4.0, 4.0), (4.0, 9.0), (30.0, 90.0)])
def test_it_knows_the_tail_of_the_distribution(mean: float, variance: float):
    assert tail(0, mean, variance) == pytest.approx(1.0)
    assert tail(1, mean, variance) > tail(10, mean, variance) > tail(50, mean, variance)
    assert sum(tail(count, mean, variance) for count in range(1, 400)) == pytest.approx(mean)
