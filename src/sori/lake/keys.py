"""Have we heard this before? The keys of recent mentions, kept close at hand."""

from collections import OrderedDict
from collections.abc import Iterable
from threading import Lock
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

from sori.lake.tables import ID_LENGTH

Keys = npt.NDArray[np.uint64]

_DAY: Final = 8
_DIGITS: Final = 16
_LIMIT: Final = 8_000_000
_NIBBLE: Final = np.zeros(256, np.uint64)
_NIBBLE[np.frombuffer(b"0123456789abcdef", np.uint8)] = np.arange(16, dtype=np.uint64)


def numbers(ids: pa.Array | pa.ChunkedArray) -> Keys:
    """The first 16 of the 20 digits of each mention's key, as a number.

    Two different posts share a number once in 2**64 pairs: among ten million mentions a new one is
    mistaken for an old one with a probability of 5e-13, for a tenth of the memory.
    """
    array = ids.combine_chunks() if isinstance(ids, pa.ChunkedArray) else ids
    if not len(array):
        return np.zeros(0, np.uint64)
    letters = np.frombuffer(array.buffers()[2], np.uint8)
    start = array.offset * ID_LENGTH
    grid = letters[start : start + len(array) * ID_LENGTH].reshape(len(array), ID_LENGTH)
    digits = _NIBBLE[grid[:, _DAY : _DAY + _DIGITS]]
    weights = np.uint64(1) << np.arange(60, -4, -4, dtype=np.uint64)
    found: Keys = (digits * weights).sum(axis=1, dtype=np.uint64)
    return found


class KeyCache:
    """The keys of each data file, sorted; files never change, so neither does an entry."""

    def __init__(self, limit: int = _LIMIT) -> None:
        self._files: OrderedDict[str, Keys] = OrderedDict()
        self._limit = limit
        self._held = 0
        self._turn = Lock()

    def known(self, wanted: Keys, paths: Iterable[str], files: Any) -> npt.NDArray[np.bool_]:
        """Which of `wanted` are in any of these data files."""
        found = np.zeros(len(wanted), np.bool_)
        for path in paths:
            keys = self._keys(path, files)
            if len(keys):
                at = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
                found |= keys[at] == wanted
        return found

    def _keys(self, path: str, files: Any) -> Keys:
        with self._turn:
            if path in self._files:
                self._files.move_to_end(path)
                return self._files[path]
        with files.open_input_file(path) as stream:
            ids = pq.ParquetFile(stream).read(columns=["id"]).column("id")
        keys = np.sort(numbers(ids))
        with self._turn:
            if path not in self._files:
                self._files[path] = keys
                self._held += len(keys)
            while self._held > self._limit and len(self._files) > 1:
                self._held -= len(self._files.popitem(last=False)[1])
        return keys
