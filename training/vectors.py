"""Turn texts into the sparse matrix the linear models are fitted on."""

from typing import TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from scipy.sparse import csr_matrix

from sori.understand.compiled import compiled
from sori.understand.features import HEAD, MOST, TAIL, features
from sori.understand.letters import letters_of_texts
from sori.understand.linear import IDF_STEPS, key_of

Hashed: TypeAlias = tuple[npt.NDArray, npt.NDArray]

SLOTS = 1 << 25


@compiled
def _hash_all(codes, offsets, out, ends):
    plain = np.empty(HEAD + TAIL + 2, np.uint32)
    hashes = np.empty(MOST, np.uint64)
    used = 0
    for row in range(len(offsets) - 1):
        count = features(codes, offsets[row], offsets[row + 1], plain, hashes)
        for at in range(count):
            out[used + at] = key_of(hashes[at])
        used += count
        ends[row + 1] = used
    return used


@compiled
def _count(keys, ends, table, texts, last):
    mask = np.uint32(len(table) - 1)
    for row in range(len(ends) - 1):
        for at in range(ends[row], ends[row + 1]):
            slot = keys[at] & mask
            while table[slot] != 0 and table[slot] != keys[at]:
                slot = (slot + np.uint32(1)) & mask
            table[slot] = keys[at]
            if last[slot] != row + 1:
                texts[slot] += 1
                last[slot] = row + 1


@compiled
def _look_up(keys, table, ids, out):
    mask = np.uint32(len(table) - 1)
    for at in range(len(keys)):
        slot = keys[at] & mask
        while table[slot] != 0 and table[slot] != keys[at]:
            slot = (slot + np.uint32(1)) & mask
        out[at] = ids[slot] if table[slot] == keys[at] else -1


class Vocabulary:
    """The features that occur in at least `least` texts, and how rare each is (idf).

    Features in `always` are kept however rare they are.
    """

    def __init__(
        self, parts: list[Hashed], least: int, always: npt.NDArray | tuple[()] = ()
    ) -> None:
        self.table = np.zeros(SLOTS, np.uint32)
        texts = np.zeros(SLOTS, np.int32)
        for keys, ends in parts:
            _count(keys, ends, self.table, texts, np.zeros(SLOTS, np.int32))
        wanted = texts >= least
        slots = np.empty(len(always), np.int32)
        _look_up(np.array(always, np.uint32), self.table, np.arange(SLOTS, dtype=np.int32), slots)
        wanted[slots[slots >= 0]] = True
        self._keep(np.flatnonzero(wanted), texts)
        rarity = np.log(sum(len(ends) for _, ends in parts) / (self.texts + 1.0)) + 1.0
        self.rarity = np.clip(np.rint(rarity * IDF_STEPS), 1, 255).astype(np.uint8)

    def _keep(self, slots: npt.NDArray, texts: npt.NDArray) -> None:
        self.ids = np.full(SLOTS, -1, np.int32)
        self.ids[slots] = np.arange(len(slots), dtype=np.int32)
        self.keys = self.table[slots]
        self.texts = texts[slots]

    def narrow(self, columns: npt.NDArray) -> None:
        """Keep only these features."""
        places = np.empty(len(self.keys), np.int64)
        filled = np.flatnonzero(self.ids >= 0)
        places[self.ids[filled]] = filled
        texts = np.zeros(SLOTS, np.int32)
        texts[filled] = self.texts[self.ids[filled]]
        self.rarity = self.rarity[columns]
        self._keep(places[columns], texts)

    @property
    def idf(self) -> npt.NDArray:
        """The rarity of every feature as the shipped table keeps it."""
        return (self.rarity / IDF_STEPS).astype(np.float32)

    def columns(self, keys: npt.NDArray) -> npt.NDArray:
        """The number of every feature; -1 where it is not among them."""
        found = np.empty(len(keys), np.int32)
        _look_up(keys, self.table, self.ids, found)
        return found

    def matrix(self, hashed: Hashed) -> csr_matrix:
        """Counts times idf, every row of length 1, exactly as the shipped table computes it."""
        keys, ends = hashed
        columns = self.columns(keys)
        known = columns >= 0
        starts = np.concatenate([[0], np.cumsum(known)])[ends]
        columns = columns[known]
        idf = self.idf
        values = idf[columns]
        squares = np.concatenate([[0.0], np.cumsum(values.astype(np.float64) ** 2)])
        norms = np.sqrt(np.diff(squares[starts])) + 1e-6
        values = values / np.repeat(norms, np.diff(starts)).astype(np.float32)
        shape = (len(starts) - 1, len(self.keys))
        result = csr_matrix((values.astype(np.float32), columns, starts), shape=shape)
        result.sum_duplicates()
        return result


def hashed(texts: list[str]) -> Hashed:
    """The feature keys of all texts, and where each text's keys end."""
    letters = letters_of_texts(pa.array(texts, pa.string()))
    room = int(np.minimum(np.diff(letters.offsets), HEAD + TAIL).sum()) * 7 + 20 * len(texts)
    out = np.empty(room, np.uint32)
    ends = np.zeros(len(texts) + 1, np.int64)
    used = _hash_all(letters.codes, letters.offsets, out, ends)
    return out[:used].copy(), ends
