"""Our small X is believed by a client library of X, so what we prove against it is worth having."""

import json
import os
import subprocess
from datetime import datetime
from pathlib import Path

import pytest

from peers import x_server

PYTHON = os.environ.get("SORI_TWEEPY", "")
SCRIPT = Path(__file__).parents[1] / "peers" / "x_by_tweepy.py"


@pytest.mark.peer
@pytest.mark.skipif(not PYTHON, reason="NO TWEEPY: set SORI_TWEEPY to a Python that has it")
def test_tweepy_reads_and_writes_there():
    with x_server.running() as server:
        said = server.say("@shop 텀블러가 안 와요", "kim")
        told = subprocess.run(
            [PYTHON, str(SCRIPT), server.url],
            capture_output=True,
            text=True,
            timeout=60,
            check=True,
        )
    heard = json.loads(told.stdout)

    assert heard["mentions"] == heard["found"] == ["@shop 텀블러가 안 와요"]
    assert heard["by"] == ["kim"]
    assert datetime.fromisoformat(heard["at"]) == datetime.fromisoformat(said["created_at"])
    assert heard["meta"] == said["id"]
    assert heard["answer"] == server.posts[-1]["id"]
    assert server.posts[-1]["author_id"] == x_server.US
    assert heard["there"] == [int(said["id"])]
    assert heard["gone"] == ["1"]
