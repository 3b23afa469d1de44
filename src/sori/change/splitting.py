"""What people split off a theme: which of its voices are a theme of their own. Pure."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Part:
    """A theme that people split off another one.

    Attributes:
        of: the number of the theme it was part of, and of those that are counted with it.
        number: its own.
        words: a voice that says one of them is part of it.
        voices: ids of those that are part of it whatever they say.
    """

    of: Collection[int]
    number: int
    words: tuple[str, ...] = ()
    voices: Collection[str] = frozenset()


def says(text: str, words: Iterable[str]) -> bool:
    """Whether a text says one of some words, in whatever case and however it is spaced."""
    said = _plain(text)
    return any(word in said for word in map(_plain, words) if word)


def split(
    numbers: Numbers, ids: Sequence[str], texts: Sequence[str], parts: Iterable[Part]
) -> None:
    """Give the voices of each part its number, in place; later parts may divide earlier ones.

    Args:
        numbers: the theme of each row.
        ids: of each row.
        texts: what each says.
        parts: in the order in which people made them.
    """
    for part in parts:
        for row in np.flatnonzero(np.isin(numbers, sorted(part.of))).tolist():
            if ids[row] in part.voices or says(texts[row], part.words):
                numbers[row] = part.number


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())
