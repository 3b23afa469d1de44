"""The step that tells which theme a new text belongs to, if any.

The likeness of a text to every theme's centre is estimated on vectors folded to 64 numbers
(which keeps dot products right on average, see `grams`), and only the best few estimates are looked
at in full.
"""

from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from sori.understand.compiled import compiled
from sori.understand.contract import Step, with_columns
from sori.understand.embedding import Tier, Vectors, embedder, of_length_one
from sori.understand.themes import MANNERS, Themes

NONE: Final = -1
"""Stands for no theme among numbers of themes."""

_FOLDED: Final = 64
_TRIED: Final = 8
_DOUBT: Final = np.float32(0.36)
"""An estimate further below the mark than three standard errors of it is not looked at."""
_BLOCK: Final = 128


class Centres(NamedTuple):
    """What it takes to tell the theme of a text; small enough to be sent to every worker.

    Attributes:
        tier: of the vectors.
        numbers: the theme of each centre; one theme may have several.
        vectors: of length 1, a row a centre.
    """

    tier: Tier
    numbers: npt.NDArray[np.int64]
    vectors: Vectors


def centres_of(themes: Themes) -> Centres:
    """The centres of a run's themes, in their order."""
    numbers = np.array([theme.id for theme in themes.themes], np.int64)
    return Centres(themes.tier, numbers, themes.centres)


def make_assign(centres: Centres) -> Step:
    """The step that adds `theme`: the number of the nearest theme, null where none is near enough.

    Makes the vectors itself, from `title` and `text`.
    """
    maker = embedder(centres.tier)

    def step(batch: pa.RecordBatch) -> pa.RecordBatch:
        found = assigned(maker.vectors(texts_of(batch)), centres)
        return with_columns(batch, {"theme": pa.array(found, pa.int64(), mask=found == NONE)})

    return step


def assigned(vectors: Vectors, centres: Centres) -> npt.NDArray[np.int64]:
    """For every vector the number of its theme, NONE where none is near enough."""
    if not len(centres.numbers):
        return np.full(len(vectors), NONE, np.int64)
    found = nearest(vectors, centres.vectors, MANNERS[centres.tier].near)
    return np.where(found < 0, NONE, centres.numbers[np.maximum(found, 0)])


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


def texts_of(rows: pa.RecordBatch | pa.Table) -> list[str]:
    """What every row says: its title and its text, or the text alone if it begins with the title.

    Places without titles call a post by its first words; read twice they would count twice.
    """
    texts = rows.column("text").cast(pa.string()).to_pylist()
    if "title" not in rows.schema.names:
        return [text or "" for text in texts]
    titles = rows.column("title").cast(pa.string()).to_pylist()
    return [
        f"{title} {text or ''}" if title and not (text or "").startswith(title) else text or ""
        for title, text in zip(titles, texts, strict=True)
    ]


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
