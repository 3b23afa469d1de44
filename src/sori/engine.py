"""Map a step over batches: here, or in several processes.

The engine is a parameter, not a framework: the same step gives the same rows wherever it runs,
because steps obey the law of `understand.contract`.
"""

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from multiprocessing import get_context
from typing import TypeAlias

import pyarrow as pa

from sori.errors import ConfigurationError

Step: TypeAlias = Callable[[pa.RecordBatch], pa.RecordBatch]
MakeStep: TypeAlias = Callable[[], Step]

_step: Step | None = None


def map_batches(
    make: MakeStep, batches: Iterable[pa.RecordBatch], *, engine: str = "local"
) -> Iterator[pa.RecordBatch]:
    """Run a step over every batch, in order.

    Args:
        make: makes the step; called once per process, so a model is loaded once. For
            "processes" it must be importable by name.
        batches: what to work on; read lazily, a few ahead of the results.
        engine: "local" or "processes".

    Raises:
        ConfigurationError: when there is no such engine.
    """
    if engine == "local":
        yield from map(make(), batches)
    elif engine == "processes":
        yield from _in_processes(make, batches)
    else:
        raise ConfigurationError(f'SORI_ENGINE is {engine!r}; it can be "local" or "processes"')


def _in_processes(make: MakeStep, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    workers = os.cpu_count() or 1
    waiting: deque[Future[pa.RecordBatch]] = deque()
    # spawn, not fork: Arrow runs threads, and a forked copy keeps their locks closed for ever
    with ProcessPoolExecutor(
        workers, mp_context=get_context("spawn"), initializer=_start, initargs=(make,)
    ) as pool:
        for batch in batches:
            waiting.append(pool.submit(_work, batch))
            if len(waiting) > 2 * workers:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def _start(make: MakeStep) -> None:
    global _step
    _step = make()


def _work(batch: pa.RecordBatch) -> pa.RecordBatch:
    if _step is None:
        raise ConfigurationError("the worker process was not started by map_batches")
    return _step(batch)
