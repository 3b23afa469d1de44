"""A channel of somebody else takes one file and one line: the one of the handbook, installed."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
HANDBOOK = ROOT / "docs" / "howto" / "write-a-channel.md"
LOOK = """
import json, sys
from datetime import UTC, datetime
from sori.channels import registry
from sori.channels.contract import Listener

dog = registry.channel("dog")
pages = dog.fetch(dog.Settings(path=sys.argv[1]), None, Listener(7, datetime.now(UTC)))
print(json.dumps([text for page in pages for text in page.mentions["text"].to_pylist()]))
"""


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the package of the handbook's channel, as pip installs it."""
    package, target = tmp_path_factory.mktemp("package"), tmp_path_factory.mktemp("installed")
    shutil.copy(ROOT / "tests" / "toy" / "pyproject.toml", package)
    code = re.search(r"```python\n(.*?)```", HANDBOOK.read_text(encoding="utf-8"), re.DOTALL)
    assert code is not None
    (package / "sori_dog.py").write_text(code[1], encoding="utf-8")
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-build-isolation"]
    subprocess.run([*pip, "--target", str(target), str(package)], check=True)
    return target


def run(installed: Path, *command: str) -> str:
    path = os.pathsep.join([str(installed), str(ROOT / "src")])
    environment = os.environ | {"PYTHONPATH": path}
    done = subprocess.run(
        [sys.executable, *command], env=environment, capture_output=True, check=True
    )
    return done.stdout.decode()


def test_it_stands_among_the_channels(installed: Path):
    rows = json.loads(run(installed, "-m", "sori", "channels", "--json"))

    dog = next(row for row in rows if row["name"] == "dog")
    assert dog["fetch"] is True
    assert dog["reply"] is False
    assert dog["history"] == "The whole log."


def test_it_hears(installed: Path, tmp_path: Path):
    log = tmp_path / "log.txt"
    log.write_text("멍\n멍멍\n", encoding="utf-8")

    assert json.loads(run(installed, "-c", LOOK, str(log))) == ["멍", "멍멍"]
