"""Kill workers and senders, again and again, then let one finish the work.

A warm process forks its victims, so a kill costs milliseconds instead of the seconds of a start; it
never touches the database or the lake itself, for what a fork inherits of them is of no use.

Run by test_kills.py: python campaign.py HOME KILLS SEED
"""

import json
import os
import random
import signal
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import django

django.setup()

import victims  # noqa: E402 (Django must be set up first)

LONGEST_LIFE = 0.4
PATIENCE = 1.5
POSTS_A_ROUND = 4


def fork(act: Callable[[], None]) -> int:
    """Run `act` in a child; returns its process id."""
    child = os.fork()
    if child:
        return child
    code = 1
    try:
        act()
        code = 0
    finally:
        # no tidying up in the child: it shares everything that would be tidied with its parent
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def start_victim(home: Path, dice: random.Random) -> tuple[int, victims.Place | None, float]:
    """One of three workers, or a sender; half of them with a place to die at.

    Returns:
        Its process id, the place, and when it is killed at the latest.
    """
    sends = dice.random() < 0.25
    place = None if sends or dice.random() < 0.33 else victims.some_place(dice)
    life = PATIENCE if place else dice.uniform(0.005, LONGEST_LIFE)

    def act() -> None:
        if place:
            victims.die_at(place)
        if sends:
            victims.send_until_killed(home)
        else:
            victims.work_until_killed(random.Random(os.getpid()))

    return fork(act), place, time.monotonic() + life


def end_of(child: int, place: victims.Place | None, latest: float) -> str:
    """Wait for a child to kill itself, kill it if it is late, and say where it ended."""
    while time.monotonic() < latest:
        known, status = os.waitpid(child, os.WNOHANG)
        if known:
            return str(place) if os.WIFSIGNALED(status) else f"exit {os.WEXITSTATUS(status)}"
        time.sleep(0.002)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return "anywhere"


def finish(home: Path) -> None:
    """Bring everything home without being killed."""
    dice = random.Random(0)
    idle = 0
    while idle < 3:
        idle = 0 if victims.work(dice) else idle + 1
        time.sleep(victims.LEASE.total_seconds())


def main(home: Path, kills: int, seed: int) -> None:
    """Kill `kills` processes, two at a time, then finish; prints one line of JSON."""
    victims.prepare(home)
    dice = random.Random(seed)
    ends: Counter[str] = Counter()
    started, number = time.monotonic(), 0
    while ends.total() < kills:
        (home / "published").write_text(str(number * POSTS_A_ROUND))
        pair = [start_victim(home, dice) for _ in range(2)]
        number += 1
        ends.update(end_of(*one) for one in sorted(pair, key=lambda one: one[2]))
    last = fork(lambda: finish(home))
    _, status = os.waitpid(last, 0)
    seconds = time.monotonic() - started
    print(json.dumps({"ends": ends, "finished": status == 0, "seconds": round(seconds, 1)}))  # noqa: T201


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
