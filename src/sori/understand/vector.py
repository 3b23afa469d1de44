"""A small vector for every mention, to find more like it: 128 signed bytes.

It is the sketch the fast embedder makes, in fewer and coarser numbers, so that it may lie in the
lake beside every text. Neighbours are ranked nearly as well; docs/reference/labels.md says how
much is lost. Vectors that the discovery of themes needs are made anew (see `embedding`).
"""

from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from sori.understand.contract import Step
from sori.understand.embedding import rarity
from sori.understand.grams import sketch
from sori.understand.letters import Letters, step_of

DIMS: Final = 128
_LARGEST: Final = 127

Bytes: TypeAlias = npt.NDArray[np.int8]


def make_vector() -> Step:
    """The step that adds `vector`; null for a text without letters."""
    rarity()
    return step_of(read_vector)


def read_vector(letters: Letters) -> dict[str, pa.Array]:
    """The vector of every text."""
    found = sketch(letters, rarity(), DIMS)
    largest = np.abs(found).max(axis=1, initial=0)
    told = largest > 0
    scale = np.float32(_LARGEST) / np.where(told, largest, np.float32(1))
    small = np.rint(found * scale[:, None]).astype(np.int8)[told]
    ends = np.concatenate([[0], np.cumsum(told) * DIMS]).astype(np.int32)
    seen = pa.py_buffer(np.packbits(told, bitorder="little"))
    buffers = [seen, pa.py_buffer(ends), pa.py_buffer(small)]
    return {"vector": pa.Array.from_buffers(pa.binary(), letters.rows, buffers)}


def similarity(one: bytes, other: bytes) -> float:
    """How alike two mentions are by their vectors: 1 the same runs of letters, 0 none in common."""
    return float(likenesses(one, pa.array([other], pa.binary()))[0])


def likenesses(one: bytes, others: pa.Array) -> npt.NDArray[np.float32]:
    """How alike a mention is to many others; 0 to one without a vector.

    Args:
        one: its vector.
        others: their column `vector`.
    """
    asked = np.frombuffer(one, np.int8).astype(np.float32)
    found = np.zeros(len(others), np.float32)
    told = np.asarray(others.is_valid())
    whole = np.frombuffer(b"".join(others.drop_null().to_pylist()), np.int8)
    many = whole.reshape(-1, DIMS).astype(np.float32)
    lengths = np.sqrt(np.einsum("ij,ij->i", many, many)) * np.sqrt(asked @ asked)
    found[told] = many @ asked / lengths
    return found
