"""Kill -9 at every system call of one send that writes anything, by a tracer from outside."""

import os
import shutil
import subprocess
import warnings
from collections import Counter
from pathlib import Path

import pytest
from django.db import connection
from django.utils import timezone

import oracle as channel
from dying import ended, in_child
from promises_kept import LONG_AGO, approved, check, leases_end
from sori.respond import outbox
from sori.respond.models import Message

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

ON_DISK = ("openat", "pwrite64", "write", "fdatasync", "fsync", "unlink", "ftruncate")
ON_THE_WIRE = ("write", "fsync", "sendto")
ANSWERS = 400
"""More than there are such calls in one send."""


def may_trace() -> bool:
    """Whether a tracer is installed and may look at our children."""
    if shutil.which("strace") is None:
        return False
    sleeper = subprocess.Popen(["sleep", "30"])
    try:
        with tracing(sleeper.pid, "write", 1):
            return True
    except ConnectionRefusedError:
        return False
    finally:
        sleeper.kill()
        sleeper.wait()


class tracing:  # noqa: N801 (used like a function)
    """While this is open, a process dies at the number-th call of this name."""

    def __init__(self, pid: int, call: str, number: int) -> None:
        rule = f"inject={call}:signal=KILL:when={number}"
        self._command = ["strace", "-f", "-p", str(pid), "-e", f"trace={call}", "-e", rule]

    def __enter__(self) -> None:
        self._tracer = subprocess.Popen(
            self._command, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True
        )
        assert self._tracer.stderr
        if "attached" not in self._tracer.stderr.readline():
            self._tracer.stderr.close()
            self._tracer.wait()
            raise ConnectionRefusedError("strace may not attach")

    def __exit__(self, *_: object) -> None:
        self._tracer.terminate()
        assert self._tracer.stderr
        self._tracer.stderr.read()
        self._tracer.stderr.close()
        self._tracer.wait()


def send_and_die_at(call: str, number: int) -> bool:
    """Send one answer in a process that dies at this call; whether it lived through it."""
    told, tell = os.pipe()

    def work() -> None:
        os.read(told, 1)
        outbox.deliver_due(limit=1)

    child = in_child(work)
    with tracing(child, call, number):
        os.write(tell, b"!")
        lived = ended(child)
    os.close(told)
    os.close(tell)
    return lived


def test_it_dies_at_every_system_call_of_one_send(lake, oracle, tmp_path: Path):
    if not may_trace():
        warnings.warn("STRACE IS MISSING OR MAY NOT TRACE: no system call is cut", stacklevel=1)
        pytest.skip("NO TRACER: install strace and allow it to attach to prove this")
    answers = iter(approved(lake, oracle, ANSWERS))
    Message.objects.update(due_at=None)
    book, states, cut = oracle.settings["book"], Counter(), Counter()
    for call in ON_DISK if connection.vendor == "sqlite" else ON_THE_WIRE:
        lived = False
        while not lived:
            answer = next(answers)
            Message.objects.filter(pk=answer.pk).update(due_at=timezone.now() - LONG_AGO)
            lived = send_and_die_at(call, cut[call] + 1)
            cut[call] += not lived
            while Message.objects.filter(due_at__isnull=False, direction="out").exists():
                leases_end()
                outbox.deliver_due()
            states[check(answer, channel.accepted(book), reads_back=True)] += 1

    print(f"calls={dict(cut)} in_all={cut.total()} states={dict(states)}")  # noqa: T201
    assert cut.total() > 20
    assert states["rejected"] == 0
    assert states["sent"] > states["unknown"]
