"""Kill -9 while somebody is forgotten: in the end nothing of theirs is left, and all of others'."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connections

from desk import member
from sori.journal.models import Event
from sori.lake.store import Lake
from sori.people.models import Erasure
from sori.portrait import erasing
from sori.respond.models import Message
from sori.staff.models import Role
from traces import SECRETS, files_with, fill, rows_with

HERE = Path(__file__).parent
STRIDE = 7
"""Every so-manieth moment."""

pytestmark = pytest.mark.django_db(transaction=True)


def test_it_dies_again_and_again_and_forgets_everything(
    lake: Lake, home: Path, environment: dict[str, str]
):
    erasing.begin(person=fill(lake).pk, member=member(role=Role.ADMIN))
    connections.close_all()
    done = subprocess.run(
        [sys.executable, HERE / "erasures.py", str(STRIDE)],
        env=environment,
        check=False,
        capture_output=True,
        text=True,
        timeout=600,
    )
    assert done.returncode == 0, done.stderr[-4000:]
    result = json.loads(done.stdout.splitlines()[-1])
    print(f"\n{result}")  # noqa: T201 (CI shows how many died)

    assert result["lives"] > 5
    assert Erasure.objects.get().finished_at
    assert Event.objects.filter(kind="person.erased").count() == 1
    assert rows_with(*SECRETS) == []
    assert files_with(home / "lake", home / "files") == []
    assert [one.body for one in Message.objects.all()] == ["저는 남습니다"]
