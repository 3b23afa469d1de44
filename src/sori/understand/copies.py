"""Count voices, not copies: what one author or one campaign repeats within a day counts once.

Long texts that are nearly alike are copies whoever posts them. Short ones coincide by themselves
("로그인이 안 돼요"), so a short complaint is a copy only of its own author's.
"""

from collections.abc import Hashable, Iterator, Sequence
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from sori.understand.letters import letters_of_texts
from sori.understand.nearcopy import SLOTS, likeness, read_nearcopy

ALIKE: Final = 0.6
LONG: Final = 25
"""So many characters do not coincide."""
_BAND: Final = 2
_MOST_ALIKE: Final = 16
"""Of texts that share a band without being copies so many are remembered."""
_NOTHING: Final = [0] * SLOTS


class Prints(NamedTuple):
    """What copies of some texts are known by.

    Attributes:
        fingerprints: equal for the same letters; None for a text without letters.
        sketches: alike for texts that are nearly alike.
        sizes: how many letters and signs each text has.
    """

    fingerprints: list[int | None]
    sketches: npt.NDArray[np.int32]
    sizes: npt.NDArray[np.int64]

    @staticmethod
    def of(texts: pa.Array) -> "Prints":
        """The prints of an Arrow array of strings."""
        letters = letters_of_texts(texts)
        columns = read_nearcopy(letters)
        return Prints(
            columns["fingerprint"].to_pylist(),
            np.asarray(columns["sketch"].values).reshape(-1, SLOTS),
            np.diff(letters.offsets),
        )

    @staticmethod
    def in_columns(rows: pa.Table) -> "Prints":
        """The prints of rows: of their `fingerprint`, `sketch` and `size`, else of their `text`."""
        if "fingerprint" not in rows.schema.names:
            return Prints.of(rows.column("text").combine_chunks())
        sketches = rows.column("sketch").to_pylist()
        return Prints(
            rows.column("fingerprint").to_pylist(),
            np.array([one or _NOTHING for one in sketches], np.int32).reshape(-1, SLOTS),
            np.asarray(rows.column("size"), np.int64),
        )


def voices_of(
    days: Sequence[Hashable],
    prints: Prints,
    authors: Sequence[str | None],
    complaints: Sequence[bool],
) -> npt.NDArray[np.bool_]:
    """Which rows are voices of their own; of several copies on a day it is the first.

    Args:
        days: when each was said.
        prints: what was said.
        authors: who said it; None where nobody knows.
        complaints: whether it complains.
    """
    own = np.ones(len(days), np.bool_)
    seen: dict[Hashable, list[int]] = {}
    for row in range(len(days)):
        marks = [(days[row], mark) for mark in _marks(row, prints, authors[row], complaints[row])]
        own[row] = not any(
            _copied(row, other, prints, mark)
            for _, mark in marks
            for other in seen.get((days[row], mark), ())
        )
        if own[row]:
            for mark in marks:
                seen.setdefault(mark, []).append(row)
    return own


def alike_groups(prints: Prints) -> list[list[int]]:
    """Rows that say the same in the same letters, or nearly where they are long.

    Returns:
        Groups of two rows or more, each in order, in the order of their first rows.
    """
    leader: dict[int, int] = {}
    group_of: dict[int, list[int]] = {}
    bands: dict[tuple[int, ...], list[int]] = {}
    for row, print_ in enumerate(prints.fingerprints):
        if print_ is None:
            continue
        if print_ not in leader:
            leader[print_] = _nearest(row, prints, bands)
        group_of.setdefault(leader[print_], []).append(row)
    return [rows for rows in group_of.values() if len(rows) > 1]


def _nearest(row: int, prints: Prints, bands: dict[tuple[int, ...], list[int]]) -> int:
    """The first row this one is nearly a copy of; itself, then remembered, where there is none."""
    if prints.sizes[row] < LONG:
        return row
    sketch = prints.sketches[row]
    places = [(at, *sketch[at : at + _BAND].tolist()) for at in range(0, SLOTS, _BAND)]
    for place in places:
        for other in bands.get(place, ()):
            if likeness(sketch, prints.sketches[other]) >= ALIKE:
                return other
    for place in places:
        some = bands.setdefault(place, [])
        if len(some) < _MOST_ALIKE:
            some.append(row)
    return row


def _marks(
    row: int, prints: Prints, author: str | None, complaint: bool
) -> Iterator[tuple[Hashable, ...]]:
    """Where copies of a text would meet."""
    if prints.fingerprints[row] is None:
        return
    long = prints.sizes[row] >= LONG
    if author is not None:
        yield "author", author, prints.fingerprints[row]
    if long or not complaint:
        yield "letters", prints.fingerprints[row]
    if long:
        for at in range(0, SLOTS, _BAND):
            yield "band", at, *prints.sketches[row, at : at + _BAND].tolist()


def _copied(row: int, other: int, prints: Prints, mark: tuple[Hashable, ...]) -> bool:
    return mark[0] != "band" or likeness(prints.sketches[row], prints.sketches[other]) >= ALIKE
