"""Several threads that do the same thing at the same moment."""

import threading
from collections.abc import Callable

from django.db import connection


def at_once(count: int, work: Callable[[], object]) -> None:
    """Do it in so many threads, all beginning together; returns when all have ended."""
    start = threading.Barrier(count)

    def one() -> None:
        start.wait()
        try:
            work()
        finally:
            connection.close()

    threads = [threading.Thread(target=one) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
