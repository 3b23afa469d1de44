"""What each panel of the explorer costs: `python benchmarks/explorer.py`.

Makes a lake of synthetic mentions once (a year of them, kept in the temporary folder) and asks it
everything the page asks, for several selections. Wall and CPU milliseconds are medians of warm
runs; two threads read, so on two idle cores the wall is about half the CPU. The yardstick, one
column of all mentions, tells how busy the machine is. With 200,000 mentions it ends within
a minute; `--mentions 10000000` is what docs/reference/performance.md publishes. The last line is
JSON.
"""

import argparse
import json
import statistics
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from synthetic_lake import END, RARE, build

from sori.insight.explore import panels, stream
from sori.insight.explore.look import Look
from sori.insight.explore.selection import Selection
from sori.insight.explore.typical import typical
from sori.insight.explore.volume import volume
from sori.lake.query import Reader
from sori.lake.store import Lake

GOAL_MS = 500
YARDSTICK = "select kind, count(*) from mentions group by kind"
ALL = Selection(days=None)
SELECTIONS = {
    "30 days": Selection(),
    "30 days, a word": Selection(words=("환불이",)),
    "all time": ALL,
    "all time, abuse in mails": replace(ALL, abuse=True, channels=("email",)),
    "all time, a topic": replace(ALL, topics=("topic-30",)),
    "all time, a word": replace(ALL, words=("환불이",)),
    "all time, a rare word": replace(ALL, words=(RARE,)),
}


def questions(look: Look) -> dict[str, Callable[[], object]]:
    """Everything the page asks of one selection."""
    by_reach = replace(look, selection=replace(look.selection, order="reach"))
    asked: dict[str, Callable[[], object]] = {
        "volume": lambda: volume(look),
        "authors": lambda: panels.authors(look),
        "words": lambda: typical(look),
        "newest": lambda: stream.page(look, None),
        "reach": lambda: stream.page(by_reach, None),
    }
    for name in ("themes", "topics", "channels", "rules"):
        asked[name] = lambda name=name: panels.top(look, name)  # type: ignore[misc]
    return asked


def cost(ask: Callable[[], object], rounds: int) -> tuple[float, float]:
    """Wall and CPU milliseconds of one call, the medians of some after the first."""
    walls, cpus = [], []
    for number in range(rounds + 1):
        wall, cpu = time.perf_counter(), time.process_time()
        ask()
        if number:
            walls.append(time.perf_counter() - wall)
            cpus.append(time.process_time() - cpu)
    return tuple(round(statistics.median(some) * 1000) for some in (walls, cpus))  # type: ignore[return-value]


def measure(reader: Reader, mentions: int, rounds: int) -> dict[str, Any]:
    """Ask everything, print a table, and say what was slowest."""
    wall, cpu = cost(lambda: reader.table(YARDSTICK), rounds)
    figures: dict[str, Any] = {"benchmark": "explorer", "mentions": mentions}
    figures["yardstick"] = {"wall_ms": wall, "cpu_ms": cpu}
    print(f"{'all time, kinds alone':34} {'yardstick':10} wall {wall:6} ms   CPU {cpu:6} ms")
    slowest = (0.0, "")
    for name, selection in SELECTIONS.items():
        look = Look(reader, selection, END, ZoneInfo("Asia/Seoul"))
        figures[name] = {}
        for panel, ask in questions(look).items():
            wall, cpu = cost(ask, rounds)
            figures[name][panel] = {"wall_ms": wall, "cpu_ms": cpu}
            slowest = max(slowest, (wall, f"{panel}, {name}"))
            print(f"{name:34} {panel:10} wall {wall:6} ms   CPU {cpu:6} ms", flush=True)
    figures["slowest"], figures["slowest_wall_ms"] = slowest[1], slowest[0]
    figures["over_goal"] = [
        f"{panel}, {name}"
        for name in SELECTIONS
        for panel, spent in figures[name].items()
        if spent["wall_ms"] > GOAL_MS
    ]
    return figures


def main() -> None:
    """Make the lake, measure, print one line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--mentions", type=int, default=200_000)
    parser.add_argument("--rounds", type=int, default=2)
    asked = parser.parse_args()
    folder = Path(tempfile.gettempdir()) / f"sori-bench-explorer-{asked.mentions}"
    build(folder, asked.mentions)
    reader = Reader(Lake(str(folder / "lake")))
    print(json.dumps(measure(reader, asked.mentions, asked.rounds), ensure_ascii=False))


if __name__ == "__main__":
    main()
