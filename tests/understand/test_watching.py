"""What grows faster than its habits is told within minutes; quiet days and booms are not."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from sori.understand.habits import APART, HOURS, LEAST_HOURS, Habits, Outlook, learn
from sori.understand.watching import (
    EVERYTHING,
    WINDOWS,
    Alarm,
    Series,
    Watch,
    onset,
    severity,
)

SEOUL = ZoneInfo("Asia/Seoul")
NOW = datetime(2026, 11, 25, 12, 0, tzinfo=SEOUL)
FIRST = NOW - APART - timedelta(hours=HOURS)
HOUR = timedelta(hours=1)
AWAKE = np.array([0.2] * 8 + [1.4] * 16)


def past(*levels: float, seed: int = 1) -> np.ndarray:
    """Voices an hour of some series with quiet nights; the last row is all of them together."""
    dice = np.random.default_rng(seed)
    clock = np.array([(FIRST + number * HOUR).astimezone(SEOUL).hour for number in range(HOURS)])
    rows = [dice.poisson(level / 24 * AWAKE[clock]) for level in levels]
    return np.array([*rows, np.sum(rows, axis=0)])


def habits(counts: np.ndarray, known: np.ndarray | None = None) -> Habits:
    known = np.ones_like(counts, bool) if known is None else known
    return learn(counts, known, FIRST, len(counts) - 1)


def watch(counts: np.ndarray) -> Watch:
    series = [Series("query", str(row)) for row in range(len(counts) - 1)]
    return Watch([*series, EVERYTHING], habits(counts))


def windows(*rows: tuple[int, int, int, int]) -> np.ndarray:
    """How often each series was heard in WINDOWS; all together are added."""
    return np.array([*rows, np.sum(rows, axis=0)], np.int64)


def rows_of(alarms: list[Alarm]) -> list[int]:
    return [alarm.row for alarm in alarms]


def test_it_tells_a_quarter_of_an_hour_that_is_no_chance():
    seen = watch(past(6, 200))

    (first, *_) = seen.alarms(windows((9, 9, 9, 12), (2, 9, 40, 200)), NOW)

    assert (first.row, first.minutes, first.voices) == (0, 15, 9)
    assert first.expected < 0.2
    assert first.beyond > 5


def test_it_says_nothing_of_what_is_usual():
    assert watch(past(6, 200)).alarms(windows((0, 1, 2, 7), (3, 12, 45, 210)), NOW) == []


def test_it_says_nothing_of_a_handful():
    assert watch(past(1, 200)).alarms(windows((4, 4, 4, 4), (3, 12, 45, 210)), NOW) == []


def test_it_finds_what_grows_slowly_by_its_day():
    (found, *_) = watch(past(100, 400)).alarms(windows((3, 14, 55, 260), (5, 20, 80, 410)), NOW)

    assert (found.row, found.minutes) == (0, 1440)


def test_it_raises_at_most_one_alarm_on_sixty_quiet_days():
    dice = np.random.default_rng(3)
    days, levels = 60 + 30, [2.0, 10.0, 60.0, 200.0]
    start = datetime(2026, 8, 3, tzinfo=UTC)
    clock = np.arange(days * 24) % 24
    noise = dice.gamma(12, 1 / 12, (4, days * 24)) * np.repeat(
        dice.gamma(25, 1 / 25, (4, days)), 24, 1
    )
    rows = dice.poisson(np.array(levels)[:, None] / 24 * AWAKE[clock] * noise)
    counts = np.vstack([rows, rows.sum(axis=0)])
    sums = np.concatenate([np.zeros((5, 1), int), np.cumsum(counts, axis=1)], axis=1)
    series = [*(Series("query", str(row)) for row in range(4)), EVERYTHING]
    alarms = 0
    for hour in range(30 * 24, days * 24, 3):
        begin = hour - HOURS - 24
        known = np.ones((5, HOURS), bool)
        seen = learn(counts[:, begin : begin + HOURS], known, start + begin * HOUR, 4)
        found = np.stack([sums[:, hour] - sums[:, hour - w // 60] for w in WINDOWS], axis=1)
        found[:, 0] = 0
        alarms += len(Watch(series, seen).alarms(found, start + hour * HOUR))

    assert alarms <= 1


def test_it_knows_the_night_from_the_day():
    outlook = habits(past(50, 50))
    night = Outlook(outlook, NOW.replace(hour=4)).expected(NOW.replace(hour=3), NOW.replace(hour=4))
    noon = Outlook(outlook, NOW).expected(NOW - HOUR, NOW)

    assert night.voices[0] < 0.4 * noon.voices[0]
    assert noon.voices[0] == pytest.approx(50 / 24 * 1.4, rel=0.25)


def test_it_knows_the_weekend():
    counts = past(200, 200)
    weekday = np.array([(FIRST + n * HOUR).astimezone(SEOUL).weekday() for n in range(HOURS)])
    counts[:, weekday >= 5] = 0
    learned = habits(counts)

    assert learned.weeks[0, 5] < 0.5 < 1 < learned.weeks[0, 1]


def test_it_adds_up_over_hours_and_parts_of_hours():
    outlook = Outlook(habits(past(50, 50)), NOW)
    whole = outlook.expected(NOW - 4 * HOUR, NOW + HOUR / 2).voices
    parts = [
        outlook.expected(NOW - 4 * HOUR, NOW - HOUR / 3).voices,
        outlook.expected(NOW - HOUR / 3, NOW + HOUR / 2).voices,
    ]

    assert whole == pytest.approx(np.sum(parts, axis=0))


def test_it_has_no_habits_before_a_week_has_passed():
    counts = past(6, 200)
    known = np.ones_like(counts, bool)
    known[0, : -LEAST_HOURS + 1] = False

    learned = habits(counts, known)

    assert learned.known.tolist() == [False, True, True]


def test_it_does_not_learn_from_one_bad_day():
    quiet = past(6, 200)
    bad = quiet.copy()
    bad[[0, -1], 300:303] += 80

    assert habits(bad).spread[0, 0] < 2 * habits(quiet).spread[0, 0] + 0.1
    assert habits(bad).level[0] < 1.3 * habits(quiet).level[0]


def test_it_learns_from_what_happens_every_week():
    counts = past(6, 200)
    counts[[0, -1], 10 :: 7 * 24] += 40

    assert habits(counts).spread[0, 0] > 1


def test_it_does_not_take_a_general_boom_for_news_of_every_part():
    seen = watch(past(40, 40, 40, 40))
    boom = [(12, 48, 190, 300)] * 4

    assert rows_of(seen.alarms(windows(*boom), NOW)) == [4]
    news = [(250, 290, 430, 540), *boom[1:]]
    assert rows_of(seen.alarms(windows(*news), NOW)) == [0, 4]


def test_it_leaves_out_windows_that_were_told_already():
    seen = watch(past(6, 200))
    counts = windows((0, 0, 1, 40), (2, 9, 40, 200))
    told = {Series("query", "0"): NOW - 6 * HOUR}

    assert rows_of(seen.alarms(counts, NOW)) == [0]
    assert seen.alarms(counts, NOW, told) == []


def test_it_knows_when_a_surge_has_calmed_down():
    seen = watch(past(40, 200))
    usual = seen.expected(NOW - 4 * HOUR, NOW)
    loud, calm = windows((30,) * 4, (45,) * 4)[:, 0], windows((9,) * 4, (45,) * 4)[:, 0]

    assert seen.lingers(loud, usual, 0, surely=True)
    assert not seen.lingers(calm, usual, 0, surely=False)


def test_it_finds_with_which_voice_it_began():
    ordinary = np.arange(0.0, 20.0, 2.0)
    moments = np.concatenate([ordinary, 20 + np.arange(12) / 10])

    assert moments[onset(moments, 0.5, until=21.5)] == 20.0


@pytest.mark.parametrize(
    ("voices", "usual", "people", "urgent", "level"),
    [(8, 4.0, 8, 0, 1), (30, 3.0, 12, 0, 2), (30, 3.0, 25, 15, 3), (200, 10.0, 150, 0, 3)],
)
def test_it_says_how_bad_it_is(voices: int, usual: float, people: int, urgent: int, level: int):
    assert severity(voices, usual, people, urgent) == level
