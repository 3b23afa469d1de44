"""What a run has counted, as one table that a page can ask in milliseconds. Pure.

A tally is a theme, a day, a kind and a channel with its voices, and those of campaigns among them.
A run of two thousand themes has tens of thousands; as rows of a database they would cost a page a
second, as columns they cost it little.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from sori.change.counting import UNCLEAR, Figures
from sori.mention import KINDS

Counts = npt.NDArray[np.int64]

KIND_ORDER: Final = (*KINDS, UNCLEAR)

_SCHEMA: Final = pa.schema(
    [
        pa.field("theme", pa.int64()),
        pa.field("day", pa.date32()),
        pa.field("kind", pa.string()),
        pa.field("channel", pa.string()),
        pa.field("voices", pa.int32()),
        pa.field("carried", pa.int32()),
    ]
)


@dataclass(frozen=True)
class Tallies:
    """All tallies of a run as columns; kinds and channels are places in their lists of names."""

    theme: Counts
    day: Counts
    kind: Counts
    channel: Counts
    voices: Counts
    carried: Counts
    kinds: tuple[str, ...]
    channels: tuple[str, ...]


@dataclass(frozen=True)
class Summed:
    """Themes with their voices by day and by kind.

    Attributes:
        place: the row of each theme.
        days: voices, a row for each theme and a column for each day.
        kinds: voices, a column for each of KIND_ORDER.
    """

    place: Mapping[int, int]
    days: Counts
    kinds: Counts


def table(figures: Mapping[int, Figures]) -> pa.Table:
    """The tallies of what was counted, to be kept."""
    rows: list[tuple[Any, ...]] = [
        (theme, day, kind, channel, voices, _carried(one, day, kind, channel))
        for theme, one in figures.items()
        for day, cube in one.days.items()
        for kind, channels in cube.items()
        for channel, voices in channels.items()
    ]
    columns = zip(*rows, strict=True) if rows else [()] * len(_SCHEMA)
    arrays = [pa.array(column, field.type) for column, field in zip(columns, _SCHEMA, strict=True)]
    return pa.table(arrays, schema=_SCHEMA)


def read(kept: pa.Table) -> Tallies:
    """The tallies as they were kept."""
    rows = kept if kept.num_columns else _SCHEMA.empty_table()
    kinds, channels = (_coded(rows.column(name)) for name in ("kind", "channel"))
    theme, voices, carried = (
        rows.column(name).cast(pa.int64()).to_numpy() for name in ("theme", "voices", "carried")
    )
    day = rows.column("day").cast(pa.int32()).cast(pa.int64()).to_numpy()
    return Tallies(theme, day, kinds[0], channels[0], voices, carried, kinds[1], channels[1])


def summed(
    tallies: Tallies,
    into: Mapping[int, int],
    first: date,
    last: date,
    *,
    kind: str = "",
    channel: str = "",
    own: bool = False,
) -> Summed:
    """The voices of every theme with those of all that were merged into it.

    Args:
        tallies: of a run.
        into: where merged themes went in the end.
        first: the first day.
        last: the last one, included.
        kind: only this one counts; "" for all.
        channel: only this one counts; "" for all.
        own: without the voices of campaigns.
    """
    start = first.toordinal() - date(1970, 1, 1).toordinal()
    length = (last - first).days + 1
    here = (tallies.day >= start) & (tallies.day < start + length)
    for wanted, codes, names in (
        (kind, tallies.kind, tallies.kinds),
        (channel, tallies.channel, tallies.channels),
    ):
        if wanted:
            here &= codes == (names.index(wanted) if wanted in names else -1)
    voices = (tallies.voices - tallies.carried if own else tallies.voices)[here]
    numbers, which = np.unique(tallies.theme, return_inverse=True)
    roots = [into.get(number, number) for number in numbers.tolist()]
    place = {root: row for row, root in enumerate(dict.fromkeys(roots))}
    row = np.array([place[root] for root in roots], np.int64)[which][here]
    order = np.array([_place_of(name) for name in tallies.kinds], np.int64)
    return Summed(
        place,
        _grid(row, tallies.day[here] - start, voices, (len(place), length)),
        _grid(row, order[tallies.kind[here]], voices, (len(place), len(KIND_ORDER))),
    )


def _place_of(kind: str) -> int:
    return KIND_ORDER.index(kind if kind in KIND_ORDER else UNCLEAR)


def _grid(row: Counts, column: Counts, voices: Counts, shape: tuple[int, int]) -> Counts:
    flat = np.bincount(row * shape[1] + column, weights=voices, minlength=shape[0] * shape[1])
    return flat.astype(np.int64).reshape(shape)


def _coded(column: pa.ChunkedArray) -> tuple[Counts, tuple[str, ...]]:
    coded = column.combine_chunks().dictionary_encode()
    return coded.indices.cast(pa.int64()).to_numpy(), tuple(coded.dictionary.to_pylist())


def _carried(one: Figures, day: date, kind: str, channel: str) -> int:
    return one.carried.get(day, {}).get(kind, {}).get(channel, 0)
