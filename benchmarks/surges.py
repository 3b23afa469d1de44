"""False alarms and delays of the watch for surges: `python benchmarks/surges.py`.

A company of invented series is watched minute by minute: quiet days to count false alarms, then
bursts to time. `--seeds 24 --every 1` is what docs/reference/themes.md publishes; it takes long.
"""

import argparse
import json
import os
import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

# one thread: more spend CPU on waiting for one another
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np

from sori.understand.habits import APART, HOURS, learn
from sori.understand.watching import CALM, EVERYTHING, WINDOWS, Series, Watch

START = datetime(2026, 8, 3, tzinfo=UTC)  # a Monday
WARM = 29
THEMES, QUERIES, TOPICS, SOURCES = 60, 10, 8, 5
CLOCK = np.array(
    [9, 6, 4, 3, 3, 5, 10, 22, 40, 56, 62, 60, 66, 58, 54, 52, 50, 54, 62, 66, 64, 56, 40, 22]
)
WEEK = np.array([1.12, 1.06, 1.0, 1.0, 1.08, 0.86, 0.8])
OFFICE = np.array([0.2] * 8 + [1.6] * 11 + [0.4] * 5)
MINUTE, DAY = 1 / 60, 24.0
BURST_HOURS = 3.0
QUARTERS = (5, 10, 20)
LEVELS = {"quiet": 2.0, "middling": 20.0, "busy": 100.0}


class Company(NamedTuple):
    """When each series was heard, in hours since the start, in order."""

    series: list[Series]
    heard: list[np.ndarray]


def voices(dice: np.random.Generator, level: float, days: int, clock: np.ndarray) -> np.ndarray:
    """Times at which one theme is heard: rhythm, a level that drifts, days and hours that differ
    for reasons nobody sees, and posts that bring the next."""
    level = level * np.exp(np.cumsum(dice.normal(0, 0.03, (days, 1)), axis=0))
    rate = level / 24 * (clock / clock.mean())[None, :] * WEEK[np.arange(days) % 7][:, None]
    rate = rate * dice.gamma(25, 1 / 25, (days, 1)) * dice.gamma(12, 1 / 12, (days, 24))
    counts = dice.poisson(rate / 1.15).ravel()
    first = np.repeat(np.arange(days * 24), counts) + dice.random(counts.sum())
    brought = dice.poisson(0.15, len(first))
    echoes = np.repeat(first, brought) + dice.exponential(0.5, brought.sum())
    return np.sort(np.concatenate([first, echoes[echoes < days * 24]]))


def company(dice: np.random.Generator, days: int, bursts: dict[int, np.ndarray] | None = None):
    """All series of a company; bursts are extra times of single themes."""
    levels = np.concatenate([list(LEVELS.values()), 10 ** dice.uniform(-0.3, 1.8, THEMES - 3)])
    themes = [
        voices(dice, level, days, OFFICE if number % 5 == 4 else CLOCK)
        for number, level in enumerate(levels)
    ]
    for number, extra in (bursts or {}).items():
        themes[number] = np.sort(np.concatenate([themes[number], extra]))
    chatter = voices(dice, 120, days, CLOCK)
    every = [*themes, chatter]
    series = [Series("theme", str(number)) for number in range(THEMES)]
    heard = list(themes)
    for sort, count, width in (("query", QUERIES, 8), ("topic", TOPICS, 7)):
        for number in range(count):
            part = dice.choice(THEMES, width, replace=False)
            series.append(Series(sort, str(number)))
            heard.append(np.sort(np.concatenate([themes[one] for one in part])))
    places = [dice.choice(SOURCES, len(times), p=[0.5, 0.3, 0.15, 0.03, 0.02]) for times in every]
    for number in range(SOURCES):
        series.append(Series("source", str(number)))
        heard.append(
            np.sort(np.concatenate([t[p == number] for t, p in zip(every, places, strict=True)]))
        )
    series.append(EVERYTHING)
    heard.append(np.sort(np.concatenate(every)))
    return Company(series, heard)


def told(
    made: Company, days: int, every: int, since: float = WARM * DAY, until: float | None = None
) -> list[tuple[int, float]]:
    """Every surge that is told: the row and the hour; one that goes on is told once.

    Args:
        made: the company.
        days: how many of its days there are.
        every: minutes between two looks.
        since: the hour of the first look.
        until: the hour of the last; the end of the days if not given.
    """
    hours = np.stack([np.bincount(h.astype(int), minlength=days * 24) for h in made.heard])
    quiet = np.ones_like(hours, bool)
    # how often each series was heard before every minute
    minutes = [np.bincount((h * 60).astype(int), minlength=days * 1440) for h in made.heard]
    before = np.zeros((len(made.heard), days * 1440 + 1), np.int32)
    np.cumsum(np.stack(minutes), axis=1, out=before[:, 1:])
    last: dict[int, float] = {}
    found = []
    watch = None
    for minute in range(int(since * 60), int((until or days * DAY) * 60), every):
        at, hour = minute / 60, minute // 60
        if watch is None or minute % 60 < every:
            start = hour - HOURS - APART // timedelta(hours=1)
            past = slice(start, start + HOURS)
            first = START + timedelta(hours=start)
            habits = learn(hours[:, past], quiet[:, past], first, len(made.series) - 1)
            watch = Watch(made.series, habits)
        starts = [minute - window for window in WINDOWS]
        counts = before[:, [minute]] - before[:, starts]
        for alarm in watch.alarms(counts, START + timedelta(minutes=minute)):
            if at - last.get(alarm.row, -1e9) > CALM / timedelta(hours=1):
                found.append((alarm.row, at))
            last[alarm.row] = at
            quiet[alarm.row, max(0, hour - 1) : hour + 1] = False
    return found


def false_alarms(seed: int, every: int) -> Counter[str]:
    """By sort, in 60 quiet days."""
    days = WARM + 60
    made = company(np.random.default_rng(seed), days)
    return Counter(made.series[row].sort for row, _ in told(made, days, every))


def delays(seed: int) -> dict[str, list[float | None]]:
    """Minutes from the beginning of a burst until its theme is told; None for never."""
    dice = np.random.default_rng([seed, 1])
    found: dict[str, list[float | None]] = {}
    for quarter in QUARTERS:
        for row, name in enumerate(LEVELS):
            begin = (WARM + 7) * DAY + dice.uniform(8, 22) + DAY * dice.integers(0, 7)
            extra = begin + np.cumsum(dice.exponential(0.25 / quarter, int(quarter * 4 * 9)))
            extra = extra[extra < begin + BURST_HOURS]
            days = int(begin / DAY) + 2
            made = company(np.random.default_rng([seed, quarter, row]), days, {row: extra})
            end = begin + BURST_HOURS + 1
            alarms = told(made, days, 1, since=np.floor(begin * 60) / 60, until=end)
            first = [at for one, at in alarms if one == row]
            found[f"{name} +{quarter}"] = [round((first[0] - begin) * 60, 1) if first else None]
    return found


def main() -> None:
    reader = argparse.ArgumentParser()
    reader.add_argument("--seeds", type=int, default=1)
    reader.add_argument("--delay-seeds", type=int, default=1)
    reader.add_argument("--every", type=int, default=5, help="minutes between two looks")
    asked = reader.parse_args()
    started = time.process_time()
    alarms: list[int] = []
    sorts: Counter[str] = Counter()
    for seed in range(asked.seeds):
        found = false_alarms(seed, asked.every)
        alarms.append(found.total())
        sorts.update(found)
        print(f"seed {seed}: {found.total()} false alarms in 60 days {dict(found)}", flush=True)
    quiet_seconds = time.process_time() - started
    late: dict[str, list[float | None]] = {}
    for seed in range(asked.delay_seeds):
        for name, minutes in delays(seed).items():
            late.setdefault(name, []).extend(minutes)
    for name, minutes in late.items():
        known = sorted(one for one in minutes if one is not None)
        middle = f"{np.median(known):5.0f} min" if known else "  never"
        print(f"{name:14} a quarter hour: {middle}, told {len(known)} of {len(minutes)}")
    print(
        json.dumps(
            {
                "series": THEMES + QUERIES + TOPICS + SOURCES + 1,
                "quiet_days": 60,
                "every_minutes": asked.every,
                "false_alarms": alarms,
                "false_alarms_by_sort": dict(sorts),
                "delay_minutes": {
                    name: [one if one is None else round(one) for one in minutes]
                    for name, minutes in late.items()
                },
                "cpu_seconds_quiet": round(quiet_seconds, 1),
            }
        )
    )


if __name__ == "__main__":
    main()
