"""The step that tells which theme a new text belongs to, if any.

The likeness of a text to every theme's centre is estimated on vectors folded to 64 numbers
(which keeps dot products right on average, see `grams`), and only the best few estimates are looked
at in full.
"""

from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from sori.understand.compiled import compiled
from sori.understand.contract import Step, with_columns
from sori.understand.embedding import Vectors, embedder, of_length_one
from sori.understand.themes import MANNERS, Themes

_FOLDED: Final = 64
_TRIED: Final = 8
_DOUBT: Final = np.float32(0.36)
"""An estimate further below the mark than three standard errors of it is not looked at."""
_BLOCK: Final = 128


def make_assign(themes: Themes) -> Step:
    """The step that adds `theme`: the id of the nearest theme, null where none is near enough.

    Makes the vectors itself, from `title` and `text`.
    """
    maker = embedder(themes.tier)
    near = MANNERS[themes.tier].near
    ids = np.array([theme.id for theme in themes.themes], np.int64)

    def step(batch: pa.RecordBatch) -> pa.RecordBatch:
        found = nearest(maker.vectors(_texts(batch)), themes.centres, near)
        none = found < 0
        numbers = ids[np.where(none, 0, found)] if len(ids) else np.zeros(len(found), np.int64)
        return with_columns(batch, {"theme": pa.array(numbers, pa.int64(), mask=none)})

    return step


def nearest(vectors: Vectors, centres: Vectors, near: float) -> npt.NDArray[np.int64]:
    """For every vector the row of the nearest centre, -1 where none is at least `near`."""
    found = np.full(len(vectors), -1, np.int64)
    if not len(centres) or not len(vectors):
        return found
    rough = np.ascontiguousarray(_folded(centres).T)
    for start in range(0, len(vectors), _BLOCK):
        part = vectors[start : start + _BLOCK]
        # always blocks of one shape: products of another shape may be rounded in another way
        padded = np.zeros((_BLOCK, vectors.shape[1]), np.float32)
        padded[: len(part)] = part
        likely = _folded(padded) @ rough
        _settle(likely[: len(part)], part, centres, np.float32(near), found[start:])
    return found


def _texts(batch: pa.RecordBatch) -> list[str]:
    text = pc.fill_null(batch.column("text").cast(pa.string()), "")
    if "title" in batch.schema.names:
        title = batch.column("title").cast(pa.string())
        text = pc.binary_join_element_wise(title, text, " ", null_handling="skip")
    texts: list[str] = text.to_pylist()
    return texts


def _folded(vectors: Vectors) -> Vectors:
    parts = vectors.shape[1] // _FOLDED
    return of_length_one(vectors.reshape(len(vectors), parts, _FOLDED).sum(axis=1))


@compiled
def _dot(one: Vectors, other: Vectors) -> np.float32:
    """The dot product in eight sums, which the compiler can make one of the machine's vectors."""
    a = b = c = d = e = f = g = h = np.float32(0)
    for at in range(0, len(one), 8):
        a += one[at] * other[at]
        b += one[at + 1] * other[at + 1]
        c += one[at + 2] * other[at + 2]
        d += one[at + 3] * other[at + 3]
        e += one[at + 4] * other[at + 4]
        f += one[at + 5] * other[at + 5]
        g += one[at + 6] * other[at + 6]
        h += one[at + 7] * other[at + 7]
    return ((a + b) + (c + d)) + ((e + f) + (g + h))


@compiled
def _settle(
    likely: Vectors,
    vectors: Vectors,
    centres: Vectors,
    near: np.float32,
    found: npt.NDArray[np.int64],
) -> None:
    """Of each row's likeliest centres take the nearest, if it is near enough."""
    tried = min(_TRIED, likely.shape[1])
    best = np.empty(tried, np.int64)
    score = np.empty(tried, np.float32)
    for row in range(len(vectors)):
        score[:] = near - _DOUBT
        best[:] = -1
        for centre in range(likely.shape[1]):
            value = likely[row, centre]
            if value > score[tried - 1]:
                at = tried - 1
                while at > 0 and score[at - 1] < value:
                    score[at] = score[at - 1]
                    best[at] = best[at - 1]
                    at -= 1
                score[at] = value
                best[at] = centre
        most = near
        for at in range(tried):
            if best[at] < 0:
                break
            alike = _dot(vectors[row], centres[best[at]])
            if alike >= most:
                most = alike
                found[row] = best[at]
