"""Which posts the filters of all rules let through: `lang:`, `channel:`, `author:`, `followers`."""

import operator
from collections.abc import Iterator, Mapping
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from sori.listen.language import Field, Followers
from sori.listen.matching.bitsets import Numbers
from sori.listen.matching.compiling import Atom
from sori.listen.matching.texts import fold_column

COLUMNS: Final = {
    "lang": ("lang",),
    "channel": ("channel",),
    "author": ("author_id", "author_name"),
}
COMPARE: Final = {
    ">=": operator.ge,
    "<=": operator.le,
    ">": operator.gt,
    "<": operator.lt,
    "=": operator.eq,
}


class Filters:
    """The filters of all rules; a null or an absent column fulfils none."""

    def __init__(self, atoms: Mapping[Atom, int]) -> None:
        self._fields: dict[str, dict[str, int]] = {}
        self._followers: list[tuple[Followers, int]] = []
        for atom, number in atoms.items():
            match atom:
                case Field(name, value):
                    self._fields.setdefault(name, {})[value] = number
                case Followers():
                    self._followers.append((atom, number))

    def met(self, batch: pa.RecordBatch) -> Iterator[tuple[Numbers, Numbers]]:
        """Which filters were met by which posts: arrays in parallel, sorted by filter."""
        for name, numbers in self._fields.items():
            for column in COLUMNS[name]:
                if column in batch.schema.names:
                    yield _named(batch.column(column), numbers)
        if self._followers and "followers" in batch.schema.names:
            yield from _compared(batch.column("followers"), self._followers)


def _named(column: pa.Array, numbers: dict[str, int]) -> tuple[Numbers, Numbers]:
    """Fold every different value once, look it up once, and spread the answer over the posts."""
    encoded = column.cast(pa.string()).dictionary_encode()
    values = fold_column(encoded.dictionary.cast(pa.large_string()))
    place = pc.index_in(values, value_set=pa.array(numbers, pa.large_string())).take(
        encoded.indices
    )
    posts = np.flatnonzero(place.is_valid().to_numpy(zero_copy_only=False))
    met = np.array(list(numbers.values()))[place.drop_null().to_numpy()]
    order = np.argsort(met, kind="stable")
    return met[order], posts[order]


def _compared(
    column: pa.Array, filters: list[tuple[Followers, int]]
) -> Iterator[tuple[Numbers, Numbers]]:
    counts = column.cast(pa.int64())
    known = counts.is_valid().to_numpy(zero_copy_only=False)
    values = counts.fill_null(0).to_numpy(zero_copy_only=False)
    for wanted, number in filters:
        posts = np.flatnonzero(COMPARE[wanted.sign](values, wanted.number) & known)
        yield np.full(len(posts), number), posts
