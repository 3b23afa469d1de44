"""Find the themes of many texts: groups of people who say the same thing in other words.

`discover` looks at all texts of a while at once and names what it finds; `make_assign` is the step
that tells of single new texts which theme they belong to. What two texts share is judged by two
views together: by their vectors (see `embedding`) and by their runs of characters, weighed by how
rare these are among the very texts at hand.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow.compute as pc

from sori.understand.embedding import Tier, Vectors, arrow_texts, of_length_one, rarity
from sori.understand.grams import MOST_DIMS, frequencies, sketch
from sori.understand.grouping import Numbers, group
from sori.understand.language import read_language
from sori.understand.letters import Letters, letters_of_texts
from sori.understand.nearcopy import read_nearcopy
from sori.understand.phrases import Words, telling

TOPICAL: Final = 0.5
"""What everybody here speaks of keeps so much of its rarity at large, or the largest theme of a
small set would fall apart by its least important words."""
LEAST_VOICES: Final = 2
AT_LARGE: Final = 1000
"""How rare something is at large counts as much as this many of the texts at hand."""


class Manner(NamedTuple):
    """How a tier groups; chosen on half of the groups of paraKQC, see docs/reference/themes.md.

    Attributes:
        meaning: share of the vectors in how alike two texts are; the rest is their characters.
        together: mean likeness down to which groups are merged.
        near: likeness to a theme's centre from which a new text belongs to it.
    """

    meaning: float
    together: float
    near: float


MANNERS: Final[Mapping[Tier, Manner]] = {
    "fast": Manner(meaning=0.0, together=0.29, near=0.45),
    "deep": Manner(meaning=0.7, together=0.42, near=0.57),
}


@dataclass(frozen=True)
class Theme:
    """People saying the same thing.

    Attributes:
        id: its number, kept from run to run.
        name: telling phrases, or what people called it.
        phrases: up to three phrases that are typical for it against the rest.
        central: the sentence nearest to its middle.
        voices: how many said it; what one author says twice counts once.
        people: different authors, where authors are known; otherwise as many as voices.
        members: keys of its texts.
        named: whether its name was given by people.
    """

    id: int
    name: str
    phrases: tuple[str, ...]
    central: str
    voices: int
    people: int
    members: frozenset[str]
    named: bool = False


@dataclass(frozen=True)
class Change:
    """What became of a theme between two runs.

    Attributes:
        what: "new", "gone", "split" (one became several) or "merged" (several became one).
        before: ids of the previous run.
        after: ids of this run.
    """

    what: str
    before: tuple[int, ...]
    after: tuple[int, ...]


@dataclass(frozen=True)
class Themes:
    """All themes of a run, the largest first.

    Attributes:
        tier: of the vectors they were found with.
        themes: what was found.
        centres: a vector of length 1 a theme, in their order.
        of_text: for every text the position of its theme in `themes`, -1 for none.
        next_id: no theme had this number or a higher one.
        changes: against the previous run.
    """

    tier: Tier
    themes: tuple[Theme, ...]
    centres: Vectors
    of_text: Numbers
    next_id: int
    changes: tuple[Change, ...] = field(default=())


def discover(
    texts: Sequence[str],
    vectors: Vectors,
    authors: Sequence[str | None] | None = None,
    *,
    keys: Sequence[str] | None = None,
    tier: Tier = "fast",
    together: float | None = None,
    least: int = LEAST_VOICES,
    progress: Callable[[float], None] | None = None,
) -> Themes:
    """Group texts that say the same thing, and name the groups.

    Args:
        texts: what was said; takes memory of about 10 KB and, from some thousands on, time by the
            square of their number (20,000: about half a minute).
        vectors: of the texts, from the embedder of `tier`.
        authors: who said it; the same text of one author counts once.
        keys: stable names of the texts, by which a later run recognises a theme; their numbers
            when not given.
        tier: which embedder made the vectors.
        together: mean likeness down to which groups are merged, instead of the tier's own.
        least: voices a theme needs.
        progress: told the share of the work that is done, 0 to 1.
    """
    manner = MANNERS[tier]
    letters = letters_of_texts(arrow_texts(texts))
    copies = _copies(letters)
    voices = _voices(copies.number, authors)
    weights = np.bincount(copies.number[copies.number >= 0], voices[copies.number >= 0])
    view = _view(letters.take(copies.first), vectors[copies.first], manner.meaning)
    limit = together if together is not None else manner.together
    found = group(view, np.maximum(weights, 1).astype(np.int64), limit, progress=progress)
    number = np.where(copies.number >= 0, found[copies.number] if len(found) else -1, -1)
    return _described(texts, vectors, authors, keys, tier, number, voices, least)


class _Copies(NamedTuple):
    """For every text the number of its letters (-1 for none), and the first text of each number."""

    number: Numbers
    first: Numbers


def _copies(letters: Letters) -> _Copies:
    prints = read_nearcopy(letters)["fingerprint"]
    told = np.asarray(prints.is_valid())
    number = np.full(letters.rows, -1, np.int64)
    values = np.asarray(prints.fill_null(0))[told]
    _, first, inverse = np.unique(values, return_index=True, return_inverse=True)
    # numbered in order of appearance, so that the same texts in one order are grouped in one way
    order = np.argsort(first)
    place = np.empty(len(order), np.int64)
    place[order] = np.arange(len(order))
    number[told] = place[inverse]
    return _Copies(number, np.flatnonzero(told)[first[order]])


def _voices(copy: Numbers, authors: Sequence[str | None] | None) -> Numbers:
    """1 for every text that counts, 0 for one its author had said before in the same letters."""
    if authors is None:
        return np.ones(len(copy), np.int64)
    seen: set[tuple[int, str]] = set()
    counts = np.ones(len(copy), np.int64)
    for row, (number, author) in enumerate(zip(copy.tolist(), authors, strict=True)):
        if author is None:
            continue
        counts[row] = (number, author) not in seen
        seen.add((number, author))
    return counts


def _view(letters: Letters, vectors: Vectors, meaning: float) -> Vectors:
    """Vectors whose dot product is how alike two texts are."""
    langs = read_language(letters)["lang"].fill_null("")
    characters = np.zeros((letters.rows, MOST_DIMS), np.float32)
    # rare among texts of the same language, or all texts of a rare language would look alike
    for lang in langs.unique():
        rows = np.flatnonzero(pc.equal(langs, lang))
        spoken = letters.take(rows)
        shares = (frequencies(spoken) + AT_LARGE * np.exp(-rarity())) / (len(rows) + AT_LARGE)
        weights = np.maximum(-np.log(shares), TOPICAL * rarity()).astype(np.float32)
        characters[rows] = sketch(spoken, weights, MOST_DIMS)
    if meaning == 0:
        return characters
    return np.hstack([vectors * np.sqrt(np.float32(meaning)), characters * np.sqrt(1 - meaning)])


def _described(
    texts: Sequence[str],
    vectors: Vectors,
    authors: Sequence[str | None] | None,
    keys: Sequence[str] | None,
    tier: Tier,
    number: Numbers,
    voices: Numbers,
    least: int,
) -> Themes:
    """Themes out of groups: the large enough ones, with names, the largest first."""
    sizes = np.bincount(number[number >= 0], voices[number >= 0], minlength=1)
    order = [int(one) for one in np.argsort(-sizes, kind="stable") if sizes[one] >= least]
    position = np.full(len(sizes) + 1, -1, np.int64)
    position[order] = np.arange(len(order))
    of_text = position[number]
    rows_of = _rows_by_theme(of_text, len(order))
    centres = np.zeros((len(order), vectors.shape[1]), np.float32)
    for at, rows in enumerate(rows_of):
        centres[at] = (vectors[rows] * voices[rows, None]).sum(0)
    centres = of_length_one(centres)
    namer = _Namer(texts, voices)
    themes = []
    for at, rows in enumerate(rows_of):
        phrases, central = namer.name(rows, vectors, centres[at])
        who = {authors[row] or row for row in rows} if authors is not None else None
        count = int(voices[rows].sum())
        themes.append(
            Theme(
                id=at + 1,
                name=" · ".join(phrases[:2]) or shortened(central),
                phrases=tuple(phrases),
                central=central,
                voices=count,
                people=len(who) if who is not None else count,
                members=frozenset(keys[row] if keys else str(row) for row in rows),
            )
        )
    return Themes(tier, tuple(themes), centres, of_text, len(themes) + 1)


def _rows_by_theme(of_text: Numbers, count: int) -> list[Numbers]:
    order = np.argsort(of_text, kind="stable")
    bounds = np.searchsorted(of_text[order], np.arange(count + 1))
    return [order[bounds[at] : bounds[at + 1]] for at in range(count)]


class _Namer:
    """Names groups of texts by what tells them from all the others."""

    def __init__(self, texts: Sequence[str], voices: npt.NDArray[np.int64]) -> None:
        self._texts = texts
        self._words = Words(texts)
        self._phrases = [self._words.phrases(text) if voices[row] else set()
                         for row, text in enumerate(texts)]  # fmt: skip
        self._every: Counter[str] = Counter()
        for found in self._phrases:
            self._every.update(found)

    def name(self, rows: Numbers, vectors: Vectors, centre: Vectors) -> tuple[list[str], str]:
        """Telling phrases of a group, and its most central text."""
        central = rows[int(np.argmax(vectors[rows] @ centre))]
        counts: Counter[str] = Counter()
        for row in rows:
            counts.update(self._phrases[row])
        phrases = telling(counts, len(rows), self._every, len(self._texts))
        return phrases, str(self._texts[int(central)])


def shortened(text: str, most: int = 40) -> str:
    """A text in one line, cut at a word."""
    line = " ".join(text.split())
    if len(line) <= most:
        return line
    return f"{line[:most].rsplit(' ', 1)[0]}…"
