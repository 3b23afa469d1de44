"""One table of weights for all questions: what every feature of a text says to every head.

A linear model over hashed features is a table, one row a feature and one column a head, and asking
all heads at once costs one walk over the text. The table is an open-addressed hash map with a
32-bit check per row, so features never seen in training are recognised and ignored instead of
borrowing a stranger's weights; how many were known also tells gibberish from language.

A text is asked about through a copy of the table that is made for it (`_Walk`): a roomier map, in
which nearly every key stands where it is looked for first, and rows of a width that a processor
adds at once. It costs 44 MB of a process's own for the shipped table and halves the time.
"""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Final, NamedTuple

import msgspec
import numpy as np
import numpy.typing as npt

from sori.understand.compiled import compiled
from sori.understand.features import HEAD, MOST, TAIL, Hashes, features
from sori.understand.instructions import WIDTH, add_row, fetch
from sori.understand.letters import Codes, Letters, Offsets

Scores = npt.NDArray[np.float32]

MODELS: Final = Path(__file__).parent / "models"
IDF_STEPS: Final = 16.0
"""The weight of rarity is kept in sixteenths."""

_ROOM: Final = 2
"""At least so many places a key has the map that texts are asked through."""
_AHEAD: Final = 16
"""So many features before it is looked up, the place of a feature is fetched."""


class _Walk(NamedTuple):
    """A table as the loop over texts reads it.

    Attributes:
        places: a map from keys to rows, each in one number: key, then row; 0 where it is free.
        rows: WIDTH bytes a feature, one row behind the other: its weights, zeros, its rarity.
    """

    places: npt.NDArray[np.uint64]
    rows: npt.NDArray[np.int8]


@dataclass(frozen=True)
class Table:
    """Weights of a linear model.

    Attributes:
        checks: the key of the feature in each slot, 0 where the slot is free; a power of two long.
        rarity: the feature's inverse document frequency, in sixteenths.
        weights: what the feature says to each column, times its rarity.
        scales: what one step of `weights` is worth, a column.
        bias: where each column starts.
        card: everything else the model knows about itself.
    """

    checks: npt.NDArray[np.uint32]
    rarity: npt.NDArray[np.uint8]
    weights: npt.NDArray[np.int8]
    scales: Scores
    bias: Scores
    card: dict[str, Any]

    def scores(self, letters: Letters) -> tuple[Scores, Scores]:
        """Ask every column about every text.

        Returns:
            The scores, texts by columns, and the share of each text's features that are known.
        """
        out = np.empty((letters.rows, self.weights.shape[1]), np.float32)
        known = np.zeros(letters.rows, np.float32)
        _score(letters.codes, letters.offsets, self._walk.places, self._walk.rows, out, known)
        return out * self.scales + self.bias, known

    @cached_property
    def _walk(self) -> _Walk:
        known = np.flatnonzero(self.checks)
        columns = self.weights.shape[1]
        if columns >= WIDTH:
            raise ValueError(f"a table has fewer than {WIDTH} columns, not {columns}")
        rows = np.zeros((max(len(known), 1), WIDTH), np.int8)
        rows[: len(known), :columns] = self.weights[known]
        rows[: len(known), -1] = self.rarity[known].view(np.int8)
        index = np.zeros(1 << (_ROOM * len(known)).bit_length(), np.uint64)
        _index(self.checks[known], index)
        return _Walk(index, rows.reshape(-1))

    def said(self, letters: Letters) -> Scores:
        """What every feature of one text says to every column, in the order of `features`.

        Their sum and the bias are the score of the text; a feature that is not known says nothing.
        """
        hashes: Hashes = np.empty(MOST, np.uint64)
        plain = np.empty(HEAD + TAIL + 2, np.uint32)
        begin, end = letters.offsets[:2]
        count = features(letters.codes, begin, end, plain, hashes)
        slots = np.array([self._slot(int(value)) for value in hashes[:count]], np.int64)
        known = slots >= 0
        rarity = np.where(known, self.rarity[slots].astype(np.float64), 0.0)
        length = np.sqrt((rarity**2).sum()) or 1.0
        said: Scores = np.where(known[:, None], self.weights[slots], 0) * self.scales
        return said * np.float32(IDF_STEPS / length)

    def _slot(self, value: int) -> int:
        """The row of a feature; -1 where it is not known."""
        key, mask = (value >> 32) | 1, len(self.checks) - 1
        slot = key & mask
        while self.checks[slot] not in (0, key):
            slot = (slot + 1) & mask
        return slot if self.checks[slot] else -1


def load(name: str, folder: Path = MODELS) -> Table:
    """Map a shipped model into memory; processes on one machine share its pages."""
    card = msgspec.json.decode((folder / f"{name}.json").read_bytes())
    return Table(
        checks=_mapped(folder / f"{name}.checks.npy"),
        rarity=_mapped(folder / f"{name}.rarity.npy"),
        weights=_mapped(folder / f"{name}.weights.npy"),
        scales=np.array(card.pop("scales"), np.float32),
        bias=np.array(card.pop("bias"), np.float32),
        card=card,
    )


def _mapped(path: Path) -> Any:
    # as a plain array: compiled loops would be compiled a second time for the memmap subclass
    return np.asarray(np.load(path, mmap_mode="r"))


@compiled
def key_of(value: np.uint64) -> np.uint32:
    """The key a feature is known by in a table; never 0."""
    return np.uint32(value >> np.uint64(32)) | np.uint32(1)


@compiled
def _place(key: np.uint32, mask: np.uint64) -> np.uint64:
    # the lowest bit of every key is 1 and tells nothing
    return (np.uint64(key) >> np.uint64(1)) & mask


@compiled
def _index(keys: npt.NDArray[np.uint32], index: npt.NDArray[np.uint64]) -> None:
    mask = np.uint64(len(index) - 1)
    for row in range(len(keys)):
        place = _place(keys[row], mask)
        while index[place] != 0:
            place = (place + np.uint64(1)) & mask
        index[place] = (np.uint64(keys[row]) << np.uint64(32)) | np.uint64(row)


@compiled
def _find(
    hashes: Hashes,
    count: int,
    index: npt.NDArray[np.uint64],
    rows: npt.NDArray[np.int8],
    places: Offsets,
) -> int:
    """Write down where the rows of the features begin that are known; how many they are."""
    mask = np.uint64(len(index) - 1)
    found = 0
    for at in range(count):
        # behind the last feature stand those of an earlier text, which do no harm
        fetch(index, np.int64(_place(key_of(hashes[at + _AHEAD]), mask)))
        key = key_of(hashes[at])
        place = _place(key, mask)
        while index[place] != 0 and index[place] >> np.uint64(32) != key:
            place = (place + np.uint64(1)) & mask
        places[found] = np.int64(index[place] & np.uint64(0xFFFFFFFF)) * WIDTH
        fetch(rows, places[found])
        found += index[place] != 0
    return found


@compiled
def _score(
    codes: Codes,
    offsets: Offsets,
    index: npt.NDArray[np.uint64],
    rows: npt.NDArray[np.int8],
    out: Scores,
    known: Scores,
) -> None:
    plain = np.empty(HEAD + TAIL + 2, np.uint32)
    hashes: Hashes = np.zeros(MOST + _AHEAD, np.uint64)
    places = np.empty(MOST, np.int64)
    sums = np.empty(WIDTH, np.int32)
    for row in range(len(offsets) - 1):
        count = features(codes, offsets[row], offsets[row + 1], plain, hashes)
        found = _find(hashes, count, index, rows, places)
        sums[:] = 0
        squares = np.int64(0)
        for at in range(found):
            add_row(sums, rows, places[at])
            rare = np.int64(np.uint8(rows[places[at] + WIDTH - 1]))
            squares += rare * rare
        factor = IDF_STEPS / np.sqrt(squares) if found else 0.0
        for column in range(out.shape[1]):
            out[row, column] = sums[column] * factor
        known[row] = found / count if count else 0.0
