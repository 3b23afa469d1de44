"""Processes that die at a chosen moment: around each statement and each commit."""

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db import connection, connections


def in_child(work: Callable[[], object]) -> int:
    """Do it in a process of its own; returns its id."""
    connections.close_all()
    child = os.fork()
    if child:
        return child
    status = 1
    try:
        work()
        status = 0
    finally:
        os._exit(status)


def ended(child: int) -> bool:
    """Wait for it; whether it ended by itself rather than being killed."""
    _, status = os.waitpid(child, 0)
    assert not os.WIFEXITED(status) or os.WEXITSTATUS(status) == 0, "the worker failed"
    return os.WIFEXITED(status)


@contextmanager
def dying_at(number: int) -> Iterator[Callable[..., None]]:
    """Kill this process at the number-th moment: around each statement and commit, and whenever
    the function that this yields is called."""
    passed = 0

    def moment(_: str = "") -> None:
        nonlocal passed
        passed += 1
        if passed == number:
            os.kill(os.getpid(), signal.SIGKILL)

    def around(execute, sql, params, many, context):
        moment()
        result = execute(sql, params, many, context)
        moment()
        return result

    commit = connection._commit

    def dangerous_commit() -> None:
        moment()
        commit()
        moment()

    connection._commit = dangerous_commit
    with connection.execute_wrapper(around):
        yield moment
