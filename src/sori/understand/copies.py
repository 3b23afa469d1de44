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


class _Prints(NamedTuple):
    fingerprints: list[int | None]
    sketches: npt.NDArray[np.int32]
    sizes: npt.NDArray[np.int64]


def voices_of(
    days: Sequence[Hashable],
    texts: pa.Array,
    authors: Sequence[str | None],
    complaints: Sequence[bool],
) -> npt.NDArray[np.bool_]:
    """Which rows are voices of their own; of several copies on a day it is the first.

    Args:
        days: when each was said.
        texts: what was said, Arrow strings.
        authors: who said it; None where nobody knows.
        complaints: whether it complains.
    """
    letters = letters_of_texts(texts)
    columns = read_nearcopy(letters)
    prints = _Prints(
        columns["fingerprint"].to_pylist(),
        np.asarray(columns["sketch"].values).reshape(-1, SLOTS),
        np.diff(letters.offsets),
    )
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


def _marks(
    row: int, prints: _Prints, author: str | None, complaint: bool
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


def _copied(row: int, other: int, prints: _Prints, mark: tuple[Hashable, ...]) -> bool:
    return mark[0] != "band" or likeness(prints.sketches[row], prints.sketches[other]) >= ALIKE
