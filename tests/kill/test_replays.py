"""However often replays are killed, every row is understood again once in each of them.

SORI_KILLS says how many are killed (36 if not set); SORI_KILL_SEED chooses where they die.
"""

import json
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection, connections

from sori.lake.query import Reader
from sori.lake.store import Lake
from sori.lessons.models import Replay

HERE = Path(__file__).parent
KILLS = int(os.environ.get("SORI_KILLS", "36"))
SEED = int(os.environ.get("SORI_KILL_SEED", "20261123"))
ROWS = 3

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def rows(home: Path, environment: dict[str, str]) -> list[dict[str, Any]]:
    """What the lake holds when all the killing is over."""
    connections.close_all()
    done = subprocess.run(
        [sys.executable, HERE / "replays.py", home, str(KILLS), str(SEED)],
        env=environment,
        check=False,
        capture_output=True,
        text=True,
        timeout=1800,
    )
    assert done.returncode == 0, done.stderr[-4000:]
    result = json.loads(done.stdout.splitlines()[-1])
    print(f"\n{connection.vendor}: {result}")  # noqa: T201 (CI shows how many died, and where)
    assert result["finished"], done.stderr[-4000:]
    assert not [end for end in result["ends"] if end.startswith("exit")], done.stderr[-4000:]
    question = "SELECT id, sequence, kind, model FROM mentions"
    found: list[dict[str, Any]] = Reader(Lake(settings.LAKE)).table(question).to_pylist()
    return found


def test_it_loses_nothing_and_does_nothing_twice(home: Path, rows: list[dict[str, Any]]) -> None:
    assert len({row["id"] for row in rows}) == len(rows)
    pages = Counter(row["sequence"] for row in rows)
    assert set(pages.values()) == {ROWS}, "a page is there whole or not at all"
    appended = {int(line) for line in (home / "appended").read_text().split()}
    assert appended <= set(pages)

    assert Replay.objects.filter(finished_at=None).count() == 0
    marks = {row["id"]: [mark for mark in (row["model"] or "").split("+") if mark] for row in rows}
    assert all(len(set(mine)) == len(mine) for mine in marks.values()), "understood twice"
    passed = Counter(mark for mine in marks.values() for mark in mine)
    for replay in Replay.objects.all():
        assert passed[replay.key] == replay.rows == sum(replay.tally.values())
    for row in rows:
        turned = len(marks[row["id"]]) % 2
        assert row["kind"] == ("question" if turned else "complaint")
