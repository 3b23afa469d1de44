"""The ground knows no Django: it runs in a notebook, in a 5 ms test, on a cluster worker."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

CHANNELS = Path(__file__).parents[2] / "src" / "sori" / "channels"
GROUND = [
    "sori.errors",
    "sori.mention",
    "sori.engine",
    "sori.channels.registry",
    "sori.lake.store",
    "sori.lake.query",
    "sori.understand.pipeline",
    "sori.understand.files",
    "sori.listen.language",
    "sori.listen.matching",
    "sori.respond.routing",
    "sori.respond.sla",
    "sori.respond.sending",
]


@pytest.mark.parametrize("module", GROUND)
def test_it_imports_without_django(module: str):
    code = f"import sys, {module}; sys.exit('django' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_channels_reach_the_network_by_guarded_doors_only():
    guarded = {"calling.py", "fetching.py", "websocket.py", "mail/imap.py", "mail/submission.py"}
    guarded |= {"dialing.py", "eventstream.py"}  # speak on what was dialled with care
    guarded |= {"kafka/topic.py", "drop/bucket.py"}  # transports of their own, below a check
    unguarded = re.compile(
        r"^\s*(?:import|from) (?:httpx|requests|socket|ssl|smtplib|imap_tools|websockets|"
        r"urllib\.request|urllib3|http\.client|aiohttp|confluent_kafka|pyarrow import fs)\b",
        re.MULTILINE,
    )

    found = {
        str(file.relative_to(CHANNELS))
        for file in CHANNELS.rglob("*.py")
        if unguarded.search(file.read_text(encoding="utf-8"))
    }

    assert found <= guarded


def test_it_opens_no_heavy_library_to_name_the_channels():
    code = (
        "import sys; from sori.channels import registry; registry.names();"
        "heavy = {'httpx', 'feedparser', 'imap_tools', 'openpyxl', 'confluent_kafka'};"
        "heavy |= {'websockets', 'libipld'};"
        "sys.exit(bool(heavy & set(sys.modules)))"
    )

    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
