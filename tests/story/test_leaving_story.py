"""However the site is ended, its worker ends with it: nobody polls a mailbox for a ghost."""

import signal
import subprocess
import time
from pathlib import Path

import pytest

from story.running_site import children_of, running_site


def gone(processes: list[int], patience: float = 25) -> bool:
    until = time.monotonic() + patience
    while time.monotonic() < until:
        if not any(Path(f"/proc/{number}").exists() for number in processes):
            return True
        time.sleep(0.2)
    return False


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="looks at /proc")
@pytest.mark.parametrize(
    "number",
    [
        signal.SIGTERM,
        pytest.param(signal.SIGINT, marks=pytest.mark.slow),
        signal.SIGKILL,
    ],
)
def test_it_ends_the_worker_with_the_site(number: signal.Signals, tmp_path: Path):
    with running_site(tmp_path / "home") as site:
        workers = children_of(site.process.pid)
        assert workers

        site.process.send_signal(number)
        try:
            site.process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            pytest.fail("the site did not end")

        assert gone(workers)
