"""Mentions as the lake has them: one by its name, or some that chance chooses."""

from datetime import datetime
from typing import Any

import pyarrow as pa

from sori.lake.query import first_partition
from sori.listen import memory
from sori.mention import day_of
from sori.sql import read_sql


def voice(mention: str) -> dict[str, Any] | None:
    """One mention with its words, its labels and how sure the machine was; None when it is gone."""
    table = memory.reader().table(
        read_sql("lessons", "voice"), day=day_of(mention), mention=mention
    )
    return next(iter(table.to_pylist()), None)


def random_voices(*, since: datetime, count: int, seed: str) -> pa.Table:
    """Voices said since a moment that chance chose: id, title, text and lang.

    Nothing of those who object to being analysed is among them.

    Args:
        since: how far back.
        count: how many at most.
        seed: the same seed chooses the same voices.
    """
    return memory.counting_reader().table(
        read_sql("lessons", "random_voices"),
        partition=first_partition(since),
        since=since,
        count=count,
        seed=seed,
    )
