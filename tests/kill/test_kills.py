"""However often workers and senders are killed, every voice is kept once and the ledger adds up.

SORI_KILLS says how many are killed (100 if not set); SORI_KILL_SEED chooses where they die.
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

from fake_channels import Fake
from sori.channels import registry
from sori.lake.query import Reader
from sori.lake.store import Lake
from sori.listen.models import Intake, Quarantine, Query, Run, Source
from sori.listen.selectors import sources
from sori.listen.services import add_source
from sori.respond.models import Bookmark, Message

HERE = Path(__file__).parent
KILLS = int(os.environ.get("SORI_KILLS", "100"))
SEED = int(os.environ.get("SORI_KILL_SEED", "20261123"))

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def campaign(
    home: Path, environment: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> dict[str, Any]:
    """What is left when all the killing is over, and how it went."""
    monkeypatch.syspath_prepend(HERE)
    monkeypatch.setattr(registry, "channel", lambda name: Fake())  # noqa: ARG005
    for name, keep in (("everything", None), ("picky", Source.Keep.MATCHED), ("pushed", None)):
        add_source(name=name, channel=name, settings={}, keep=keep, interval=1)
    Source.objects.update(interval=0)
    Query.objects.create(name="third", expression="셋째")
    connections.close_all()
    done = subprocess.run(
        [sys.executable, HERE / "campaign.py", home, str(KILLS), str(SEED)],
        env=environment,
        check=False,
        capture_output=True,
        text=True,
        timeout=1800,
    )
    assert done.returncode == 0, done.stderr[-4000:]
    result: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    print(f"\n{connection.vendor}: {result}")  # noqa: T201 (CI shows how many died, and where)
    return result | {"stderr": done.stderr}


def test_it_loses_nothing_and_doubles_nothing(campaign: dict[str, Any], home: Path) -> None:
    import victims

    assert campaign["finished"], campaign["stderr"][-4000:]
    assert [health.error for health in sources() if health.error] == []
    strange = [end for end in campaign["ends"] if end.startswith("exit")]
    assert not strange, campaign["stderr"][-4000:]
    published = range(victims.count_in(home / "published"))
    readable = [n for n in published if not victims.is_broken(n)]
    wanted = {
        "everything": readable,
        "picky": [n for n in readable if victims.is_wanted(n)],
        "fake": [int(key.split("-")[1]) for key in Intake.objects.values_list("key", flat=True)],
    }
    lake = Lake(settings.LAKE)
    stored = Reader(lake).table("SELECT channel, external_id FROM mentions").to_pylist()
    found = Counter((row["channel"], row["external_id"]) for row in stored)
    expected = Counter((name, f"post-{n}") for name, numbers in wanted.items() for n in numbers)
    assert found == expected
    _check_what_was_thanked_for(victims.thanked(home))
    _check_the_ledger(lake)
    _check_the_quarantine([n for n in published if victims.is_broken(n)])
    _check_the_inbox(lake)


def _check_what_was_thanked_for(thanked: set[int]) -> None:
    keys = {f"delivery-{number}" for number in thanked}
    assert keys <= set(Intake.objects.values_list("key", flat=True))
    for body, state in Intake.objects.values_list("body", "run__state"):
        assert (body, state) == ({}, Run.State.DONE)


def _check_the_ledger(lake: Lake) -> None:
    assert not Run.objects.exclude(state=Run.State.DONE).exists()
    rows = Reader(lake).table("SELECT source, count(*) AS n FROM mentions GROUP BY 1").to_pylist()
    in_lake = {row["source"]: row["n"] for row in rows}
    for health in sources():
        ledger = health.ledger
        assert ledger.stored == in_lake.get(health.id, 0)
        parts = (ledger.stored, ledger.duplicate, ledger.not_matched, ledger.quarantined)
        assert ledger.seen == sum(parts)
        assert ledger.quarantined == Quarantine.objects.filter(source=health.id).count()


def _check_the_quarantine(broken: list[int]) -> None:
    names = Quarantine.objects.values_list("external_id", flat=True)
    assert sorted(names) == sorted(
        f"{name}-{n}" for name in ("everything", "picky") for n in broken
    )


def _check_the_inbox(lake: Lake) -> None:
    assert Bookmark.objects.get().version == lake.version()
    pushed = Source.objects.get(channel="pushed").pk
    table = Reader(lake).table("SELECT id, source FROM mentions")
    ids = set(table.column("id").to_pylist())
    received = list(Message.objects.values_list("mention", flat=True))
    assert len(received) == len(set(received))
    assert set(received) <= ids
    # whatever was said to us has opened a conversation
    to_us = {row["id"] for row in table.to_pylist() if row["source"] == pushed}
    assert to_us <= set(received)
