"""Which rows are read by which model: every row by the table, some by the transformer as well.

Three tiers. `fast` asks the table alone. `deep` asks the transformer about every row. `auto` asks
it about the rows a person is likely to read today: found by a listening rule or addressed to us,
and fresh. An import of last year's reviews stays fast; everything stays fast where the extra
`deep` is not installed.
"""

from datetime import timedelta
from typing import Final, NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from sori.errors import ConfigurationError
from sori.understand.deep import Deep, deep, installed
from sori.understand.letters import Chooser

TIERS: Final = ("auto", "fast", "deep")

FRESH: Final = timedelta(days=2)
"""How old a message may be when it is heard, to be worth the transformer by itself."""

Chosen: TypeAlias = npt.NDArray[np.bool_]


class Tier(NamedTuple):
    """The transformer, if there is one to be asked, and about which rows of a batch."""

    deep: Deep | None
    choose: Chooser


def no_row(batch: pa.RecordBatch) -> Chosen:
    """None of them."""
    return np.zeros(batch.num_rows, bool)


FAST: Final = Tier(None, no_row)
"""The table alone."""


def open_tier(name: str) -> Tier:
    """The tier of a name; loads the transformer where it may be asked.

    Raises:
        ConfigurationError: when there is no such tier, or "deep" is wanted and not installed.
    """
    if name not in TIERS:
        raise ConfigurationError(f"there is no tier {name!r}; it can be {', '.join(TIERS)}")
    if name == "deep":
        return Tier(deep(), every_row)
    if name == "auto" and installed():
        return Tier(deep(), deserving)
    return FAST


def every_row(batch: pa.RecordBatch) -> Chosen:
    """All of them."""
    return np.ones(batch.num_rows, bool)


def deserving(batch: pa.RecordBatch) -> Chosen:
    """The rows found by a rule or addressed to us, of those published just before we heard them."""
    names = batch.schema.names
    if not {"published_at", "heard_at"} <= set(names):
        return no_row(batch)
    wanted = no_row(batch)
    if "queries" in names:
        wanted |= _true(pc.greater(pc.list_value_length(batch.column("queries")), 0))
    if "addressed" in names:
        wanted |= _true(batch.column("addressed"))
    age = pc.subtract(batch.column("heard_at"), batch.column("published_at"))
    return wanted & _true(pc.less(age, pa.scalar(FRESH, age.type)))


def _true(column: pa.Array) -> Chosen:
    found: Chosen = pc.fill_null(column, False).to_numpy(zero_copy_only=False)  # noqa: FBT003
    return found
