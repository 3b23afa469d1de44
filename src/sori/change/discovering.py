"""Find what was said lately: which themes there are, under the numbers and names they had before.

Pure: rows of the lake, what is known of earlier themes and what people corrected go in, decisions
come out. Whoever carries them out is `runs`.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from time import monotonic
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from sori.change.splitting import Part, split
from sori.understand.assigning import NONE, Centres, assigned, texts_of
from sori.understand.embedding import Embedder, Tier, Vectors, embedder, of_length_one
from sori.understand.lineage import match_previous
from sori.understand.themes import Change, Theme, Themes, discover

Numbers = npt.NDArray[np.int64]
Told = Callable[[], None]

COMPARED: Final[Mapping[Tier, int]] = {"fast": 20_000, "deep": 8_000}
"""So many voices are compared with one another at most; the others join what was found."""
LEAST: Final = 3
MOST: Final = 2_000
PATIENCE: Final = 45.0
_PORTION: Final = 256
_BACK: Final = "back"


class Known(NamedTuple):
    """A theme of an earlier run.

    Attributes:
        number: kept for ever.
        name: what it is called.
        named: whether people called it that.
        phrases: that were typical for it.
        gone: whether the last run did not find it.
    """

    number: int
    name: str
    named: bool = False
    phrases: tuple[str, ...] = ()
    gone: bool = False


@dataclass(frozen=True)
class Before:
    """What is known before a run.

    Attributes:
        themes: of the last run, and those that went before, with a row of `centres` each.
        members: voices of the last run and the number of their theme.
        centres: by the fast tier.
        next_number: no theme had this number or a higher one.
    """

    themes: tuple[Known, ...]
    members: Mapping[str, int]
    centres: Centres
    next_number: int = 1

    def as_themes(self) -> Themes:
        """The same as a run of themes."""
        keys: dict[int, set[str]] = {known.number: set() for known in self.themes}
        for key, number in self.members.items():
            keys.get(number, set()).add(key)
        themes = tuple(
            Theme(
                id=one.number,
                name=one.name,
                phrases=one.phrases,
                central="",
                voices=len(keys[one.number]),
                people=0,
                members=frozenset(keys[one.number]),
                named=one.named,
            )
            for one in self.themes
        )
        nowhere = np.empty(0, np.int64)
        return Themes("fast", themes, self.centres.vectors, nowhere, self.next_number)


@dataclass(frozen=True)
class Corrections:
    """What people said about single voices; it wins over the machine.

    Attributes:
        away: (voice, number): does not belong there.
        home: the number of the theme a voice belongs to.
    """

    away: Collection[tuple[str, int]] = frozenset()
    home: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Discovered:
    """What a run found.

    Attributes:
        tier: of the vectors the voices were compared by.
        themes: what was found, the largest first; `members` are left to `numbers`.
        numbers: for every row the number of its theme, NONE for none.
        found: the same as if people had split no theme; by it the next run knows them again.
        central: for every theme the row of the sentence nearest to its middle.
        changes: against the run before.
        centres: by the fast tier, of what was found and of what went before.
        next_number: no theme had this number or a higher one.
        compared: how many rows were compared with one another.
    """

    tier: Tier
    themes: tuple[Theme, ...]
    numbers: Numbers
    found: Numbers
    central: Mapping[int, int]
    changes: tuple[Change, ...]
    centres: Centres
    next_number: int
    compared: int


def discovered(
    rows: pa.Table,
    before: Before,
    corrections: Corrections,
    maker: Embedder,
    *,
    parts: Sequence[Part] = (),
    seconds: float = PATIENCE,
    told: Told = lambda: None,
) -> Discovered:
    """Find the themes of some voices.

    Args:
        rows: id, channel, author_id, title, text and public, the weightiest first: the first of
            them are compared with one another, the rest joins the nearest theme.
        before: what is known.
        corrections: what people said.
        maker: makes the vectors that voices are compared by.
        parts: what people split off other themes, in that order.
        seconds: to be spent on making them; what is not reached in this time joins later.
        told: called now and then, so that whoever waits knows that work goes on.
    """
    texts, ids = texts_of(rows), rows.column("id").to_pylist()
    vectors = timely(maker, texts[: COMPARED[maker.tier]], seconds, told)
    compared = len(vectors)
    found = discover(
        texts[:compared],
        vectors,
        _authors(rows)[:compared],
        keys=ids[:compared],
        tier=maker.tier,
        least=LEAST,
        progress=lambda _: told(),
    )
    fast = embedder("fast")
    near = vectors if maker.tier == "fast" else fast.vectors(texts[:compared])
    found = _in_fast(_largest(found), near)
    now = match_previous(before.as_themes(), found)
    own = Centres("fast", _ids(now), now.centres)
    numbers = np.full(len(texts), NONE, np.int64)
    here = now.of_text >= 0
    numbers[:compared][here] = own.numbers[now.of_text[here]]
    numbers[compared:] = assigned(fast.vectors(texts[compared:]), own)
    corrected(numbers, ids, corrections)
    whole = numbers.copy()
    split(numbers, ids, texts, parts)
    corrected(numbers, ids, corrections)
    public = rows.column("public")
    return Discovered(
        tier=maker.tier,
        themes=_called(now, before),
        numbers=numbers,
        found=whole,
        central=_central(now, near, public.slice(0, compared), numbers)
        | _first(parts, public, numbers),
        changes=_changes(now, before),
        centres=_remembered(own, before.centres),
        next_number=now.next_id,
        compared=compared,
    )


def timely(maker: Embedder, texts: Sequence[str], seconds: float, told: Told) -> Vectors:
    """The vectors of as many texts as there is time for, at least one portion; in order."""
    until = monotonic() + seconds
    made: list[Vectors] = []
    for start in range(0, len(texts), _PORTION):
        if made and monotonic() > until:
            break
        made.append(maker.vectors(texts[start : start + _PORTION]))
        told()
    return np.vstack(made) if made else np.zeros((0, maker.dims), np.float32)


def corrected(numbers: Numbers, ids: Sequence[str], corrections: Corrections) -> None:
    """Put what people said over what the machine found, in place."""
    place = {key: row for row, key in enumerate(ids)}
    for key, number in corrections.away:
        row = place.get(key)
        if row is not None and numbers[row] == number:
            numbers[row] = NONE
    for key, number in corrections.home.items():
        if key in place:
            numbers[place[key]] = number


def _authors(rows: pa.Table) -> list[str | None]:
    """Who speaks, an account of a channel each."""
    channels, authors = (rows.column(name).to_pylist() for name in ("channel", "author_id"))
    return [
        f"{channel}\0{author}" if author else None
        for channel, author in zip(channels, authors, strict=True)
    ]


def _ids(themes: Themes) -> Numbers:
    return np.array([theme.id for theme in themes.themes], np.int64)


def _largest(found: Themes) -> Themes:
    """No more themes than a voice can be told among quickly."""
    of_text = np.where(found.of_text < MOST, found.of_text, NONE)
    return replace(found, themes=found.themes[:MOST], of_text=of_text)


def _in_fast(found: Themes, near: Vectors) -> Themes:
    """The themes with their centres by the fast tier, whatever tier found them."""
    here = found.of_text >= 0
    centres = np.zeros((len(found.themes), near.shape[1]), np.float32)
    np.add.at(centres, found.of_text[here], near[here])
    return replace(found, tier="fast", centres=of_length_one(centres))


def _called(now: Themes, before: Before) -> tuple[Theme, ...]:
    """The themes with the machine's earlier names, as long as these still fit."""
    known = {one.number: one for one in before.themes}
    return tuple(
        replace(theme, name=known[theme.id].name)
        if theme.id in known and set(known[theme.id].phrases) & set(theme.phrases)
        else theme
        for theme in now.themes
    )


def _changes(now: Themes, before: Before) -> tuple[Change, ...]:
    """What became of the themes; one that was gone and is found again is back."""
    gone = {one.number for one in before.themes if one.gone}
    kept = [one for one in now.changes if one.what != "gone" or one.before[0] not in gone]
    back = [Change(_BACK, (theme.id,), (theme.id,)) for theme in now.themes if theme.id in gone]
    return (*kept, *back)


def _central(now: Themes, near: Vectors, public: pa.Array, numbers: Numbers) -> dict[int, int]:
    """For every theme its most central row; a public one, for all may read that."""
    said_to_all = np.asarray(public)
    central: dict[int, int] = {}
    order = np.argsort(now.of_text, kind="stable")
    bounds = np.searchsorted(now.of_text[order], np.arange(len(now.themes) + 1))
    for at, theme in enumerate(now.themes):
        rows = order[bounds[at] : bounds[at + 1]]
        rows = rows[numbers[rows] == theme.id]
        if len(rows):
            closeness = near[rows] @ now.centres[at] + 2 * said_to_all[rows]
            central[theme.id] = int(rows[int(np.argmax(closeness))])
    return central


def _first(parts: Sequence[Part], public: pa.Array, numbers: Numbers) -> dict[int, int]:
    """For every theme that people split off its weightiest row; a public one, where there is."""
    said_to_all = np.asarray(public)
    first: dict[int, int] = {}
    for part in parts:
        rows = np.flatnonzero(numbers == part.number)
        if len(rows):
            first[part.number] = int(rows[int(np.argmax(said_to_all[rows]))])
    return first


def _remembered(own: Centres, earlier: Centres) -> Centres:
    """The centres of what was found, then of what went before, no more than MOST in all."""
    old = ~np.isin(earlier.numbers, own.numbers)
    numbers = np.concatenate([own.numbers, earlier.numbers[old]])[:MOST]
    vectors = np.vstack([own.vectors, earlier.vectors[old]])[:MOST]
    return Centres("fast", numbers, vectors)
