"""A whole Sori of its own: `sori up` as a process, in a home of its own, on a free port."""

import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ENTRANCE = re.compile(r"Sign in once with: *(http\S+)")


@dataclass
class Site:
    """A site that is running.

    Attributes:
        address: where, without a slash at the end.
        entrance: the printed address that lets somebody in once.
        home: its folder.
        process: `sori up`.
    """

    address: str
    entrance: str
    home: Path
    process: "subprocess.Popen[str]"


def children_of(process: int) -> list[int]:
    """The processes that this one has started, by Linux's own list."""
    listed = Path(f"/proc/{process}/task/{process}/children").read_text(encoding="ascii")
    by_threads = [
        path.read_text(encoding="ascii")
        for path in Path(f"/proc/{process}/task").glob("*/children")
    ]
    return [int(number) for number in {*listed.split(), *" ".join(by_threads).split()}]


def free_port() -> int:
    """A port that nobody listens at."""
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        port: int = trial.getsockname()[1]
        return port


@contextmanager
def running_site(home: Path, *arguments: str, patience: float = 300) -> Iterator[Site]:
    """Start `sori up` with these arguments, wait until it answers, and end it afterwards."""
    port = free_port()
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("DJANGO")},
        "SORI_HOME": str(home),
        "SORI_PORT": str(port),
        "COLUMNS": "200",
        "PYTHONUNBUFFERED": "1",
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "sori", "up", *arguments],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    said: list[str] = []
    assert process.stdout is not None
    reader = threading.Thread(target=lambda: said.extend(iter(process.stdout.readline, "")))
    reader.start()
    try:
        address = f"http://127.0.0.1:{port}"
        _wait(process, address, said, time.monotonic() + patience)
        found = ENTRANCE.search("".join(said))
        assert found, "".join(said)
        yield Site(address, found[1].replace("localhost", "127.0.0.1"), home, process)
    finally:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(timeout=25)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        reader.join(timeout=5)
        process.stdout.close()
        (home / "output.txt").write_text("".join(said), encoding="utf-8")


def _wait(process: subprocess.Popen[str], address: str, said: list[str], until: float) -> None:
    while time.monotonic() < until:
        assert process.poll() is None, "".join(said)
        try:
            with urllib.request.urlopen(f"{address}/health", timeout=2) as answer:
                if answer.status == 200:
                    return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.2)
    raise AssertionError("it did not start in time:\n" + "".join(said))
