"""What a step of understanding promises.

A step takes a batch of mentions and returns the same rows in the same order with more columns
filled. It obeys one law, `step(a + b) == step(a) + step(b)`: no row may depend on another. The law
is what makes a batch, a stream and a cluster give equal answers, and one test runs it on every
step.
"""

from collections.abc import Callable
from typing import TypeAlias

import pyarrow as pa

Step: TypeAlias = Callable[[pa.RecordBatch], pa.RecordBatch]


def with_columns(batch: pa.RecordBatch, columns: dict[str, pa.Array]) -> pa.RecordBatch:
    """The batch with these columns added, or replaced where they were there already."""
    names = batch.schema.names
    for name, column in columns.items():
        if name in names:
            batch = batch.set_column(names.index(name), name, column)
        else:
            batch = batch.append_column(name, column)
    return batch
