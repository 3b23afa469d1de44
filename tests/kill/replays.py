"""Kill replays while others append and compact, again and again, then let one finish.

Run by test_replays.py: python replays.py HOME KILLS SEED
"""

import json
import os
import random
import sys
import time
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any, Final

import django
import pyarrow as pa

django.setup()

import campaign  # noqa: E402 (Django must be set up first)
import victims  # noqa: E402
from django.db.transaction import Atomic  # noqa: E402

import sori.replaying as replaying  # noqa: E402
from sori import mention  # noqa: E402
from sori.lake.delta import Delta  # noqa: E402
from sori.lake.storage import Folder  # noqa: E402
from sori.lake.store import Lake  # noqa: E402
from sori.lessons.models import Replay  # noqa: E402
from sori.listen import memory  # noqa: E402
from voices import voice  # noqa: E402

DAYS: Final = 6
ROWS: Final = 3
TURN: Final = {"complaint": "question", "question": "complaint"}
NOON: Final = datetime.now(UTC).replace(hour=12, minute=0, second=0, microsecond=0)
FAILPOINTS: Final[tuple[tuple[Any, str], ...]] = (
    (Lake, "redo"),
    (Lake, "_replace"),
    (Lake, "vacuum"),
    (Delta, "write"),
    (Delta, "commit"),
    (Delta, "make_log_durable"),
    (Folder, "make_durable"),
    (Atomic, "__enter__"),
    (Atomic, "__exit__"),
    (replaying, "_follow"),
    (replaying, "_write_down"),
    (replaying, "_finish"),
)


def marking(key: str) -> Callable[[pa.RecordBatch], pa.RecordBatch]:
    """A step that leaves a mark each time it passes a row, and turns its kind around."""

    def step(rows: pa.RecordBatch) -> pa.RecordBatch:
        models = [f"{model or ''}+{key}" for model in rows.column("model").to_pylist()]
        kinds = [TURN[kind] for kind in rows.column("kind").to_pylist()]
        for name, values in (("model", models), ("kind", kinds)):
            field = mention.SCHEMA.field(name)
            place = rows.schema.get_field_index(name)
            rows = rows.set_column(place, field, pa.array(values, field.type))
        return rows

    return step


def replay_once() -> Replay:
    """Begin a replay or go on with the one that was broken off, and finish it."""
    today = NOON.date()
    begun = replaying.begin(since=today - timedelta(days=DAYS), until=today + timedelta(days=1))
    replaying.make_pipeline = lambda knows: marking(begun.key)  # type: ignore[assignment] # noqa: ARG005
    return replaying.run(begun)


def replay_until_killed() -> None:
    """A victim."""
    while True:
        replay_once()


def append_until_killed(home: Path) -> None:
    """Goes on with the first sequence that the lake does not have; writes down what it has."""
    lake = memory.lake()
    dice = random.Random(os.getpid())
    for sequence in count(lake.sequence(1) + 1):
        append(lake, sequence, dice.randrange(DAYS))
        with (home / "appended").open("a") as file:
            file.write(f"{sequence}\n")
        if dice.random() < 0.2:
            lake.compact(NOON.date() - timedelta(days=dice.randrange(DAYS)))


def append(lake: Lake, sequence: int, back: int) -> None:
    """Some rows of one day."""
    at = NOON - timedelta(days=back)
    rows = [voice(sequence * ROWS + n, published_at=at, heard_at=at) for n in range(ROWS)]
    batch = mention.widen(mention.heard(rows))
    kinds = pa.array(["complaint"] * ROWS)
    batch = batch.set_column(
        batch.schema.get_field_index("kind"), mention.SCHEMA.field("kind"), kinds
    )
    lake.append(batch, source=1, sequence=sequence)


def prepare() -> None:
    """Something to begin with."""
    lake = memory.lake()
    for sequence in range(1, 2 * DAYS + 1):
        append(lake, sequence, sequence % DAYS)


def one_round(home: Path, dice: random.Random) -> list[str]:
    """Kill two replays and one who appends, side by side; tells where each ended."""
    owner, name = dice.choice(FAILPOINTS)
    place = victims.Place(owner, name, dice.randint(1, 5), dice.random() < 0.5)

    def dying() -> None:
        victims.die_at(place)
        replay_until_killed()

    lives = [
        (dying, place, 3.0),
        (replay_until_killed, None, dice.uniform(0.05, 1.0)),
        (lambda: append_until_killed(home), None, dice.uniform(0.05, 1.0)),
    ]
    started = [(campaign.fork(act), where, time.monotonic() + life) for act, where, life in lives]
    return [campaign.end_of(*one) for one in sorted(started, key=lambda one: one[2])]


def main(home: Path, kills: int, seed: int) -> None:
    """Kill, then finish; prints one line of JSON."""
    pa.set_cpu_count(1)
    # on a busy machine nobody may live long enough to append anything
    (home / "appended").touch()
    os.waitpid(campaign.fork(prepare), 0)
    ends: Counter[str] = Counter()
    dice = random.Random(seed)
    while ends.total() < kills:
        ends.update(one_round(home, dice))
    _, status = os.waitpid(campaign.fork(lambda: print(replay_once())), 0)  # noqa: T201
    print(json.dumps({"ends": ends, "finished": status == 0}))  # noqa: T201


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
