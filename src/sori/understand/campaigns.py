"""Find what is no chorus of voices but one hand: copied waves, sprees and mass star days.

A job over a window of mentions, not a step: it compares them with one another. Three things are
found. *Copies*: the same text, or nearly the same, from several accounts within two days. A
*spree*: one account posting the same in several places. *Stars*: a day on which one place is
given far more five-star (or one-star) ratings than its habits allow, and a far larger share of
all its ratings, so that a busy day alone is none.

Some sources hold copies all the time: forms come filled in, shops suggest a sentence. Where waves
are a habit, only one that is far denser than the others is told.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from math import lgamma, log
from typing import Any, Final, Literal, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from sori.understand.copies import LONG, Prints, alike_groups
from sori.understand.surge import Doubt, surges

Why: TypeAlias = Literal["copies", "spree", "stars"]

PAUSE: Final = timedelta(hours=48)
"""A wave ends when nobody has carried it for so long."""
FEWEST_CARRIERS: Final = 4
"""A long text from so many accounts is a wave ..."""
FEWEST_SHORT: Final = 12
"""... a short one, which people also write by chance, only from so many ..."""
SHORT_BURST: Final = timedelta(hours=2)
"""... within so short a time, and hardly at any other."""
FEWEST_PLACES: Final = 3
FEWEST_POSTS: Final = 3
STARS_CHANCE: Final = 1e-5
FEWEST_STARS: Final = 12
MANY_WAVES: Final = 10
HABITUAL: Final = 0.05
"""Where so large a part of a source's voices is in many waves, waves are a habit ..."""
_DENSER: Final = 4.0
"""... and one must be so many times as dense as nine of ten of them."""
_SPREAD: Final = 0.1
_MORE: Final = 0.15
_HIGH, _LOW = 4.75, 1.25


@dataclass(frozen=True)
class Campaign:
    """Mentions that come from one hand.

    Attributes:
        why: how it was found.
        members: ids of the mentions, in order of time.
        carriers: the accounts, in order of their first mention; unknown ones are left out.
        since: when the first was said.
        until: when the last was said.
        places: in how many places (threads, or sources without threads) it was said.
        stars: which rating was given in masses; None for texts.
        expected: how many such ratings such a day has; None for texts.
    """

    why: Why
    members: tuple[str, ...]
    carriers: tuple[str, ...]
    since: datetime
    until: datetime
    places: int
    stars: int | None = None
    expected: float | None = None


def campaigns(mentions: pa.Table) -> list[Campaign]:
    """What comes from one hand, in order of time; a mention may be in a wave and in stars.

    Args:
        mentions: with `id`, `text` and `published_at`; where they are there also `author_id`,
            `thread_id`, `source` and `rating`. Best a window of some weeks: what is usual for a
            source is learned from its own earlier days. Where `fingerprint`, `sketch` and `size`
            (see `copies.Prints`) are there, the texts need not be.
    """
    window = _Window(mentions)
    found = [*window.copied(), *window.starred()]
    return sorted(found, key=lambda one: (one.since, one.why, one.members))


class _Window:
    """The mentions of a window, in order of time, by columns."""

    def __init__(self, mentions: pa.Table) -> None:
        rows = mentions.filter(pc.is_valid(mentions.column("published_at")))
        rows = rows.take(pc.sort_indices(rows.column("published_at")))
        self._ids: list[str] = rows.column("id").to_pylist()
        self._times: list[datetime] = rows.column("published_at").to_pylist()
        self._authors = _optional(rows, "author_id")
        self._sources = _optional(rows, "source")
        threads = _optional(rows, "thread_id")
        self._places = [
            (source, thread) for source, thread in zip(self._sources, threads, strict=True)
        ]
        self._ratings = _optional(rows, "rating")
        self._prints = Prints.in_columns(rows)

    def copied(self) -> Iterator[Campaign]:
        """Waves of copies that stand out in their source, and sprees of single accounts."""
        waves: dict[Any, list[list[int]]] = defaultdict(list)
        for group in alike_groups(self._prints):
            for wave in self._bursts(group):
                why = self._why(wave, group)
                if why == "copies":
                    waves[self._source(wave)].append(wave)
                elif why:
                    yield self._campaign(why, wave)
        voices = Counter(self._sources)
        for source, some in waves.items():
            for wave in self._outstanding(some, voices[source]):
                yield self._campaign("copies", wave)

    def _outstanding(self, waves: list[list[int]], voices: int) -> list[list[int]]:
        """The waves of a source with so many voices that are more than its habit."""
        if len(waves) < MANY_WAVES or sum(map(len, waves)) < HABITUAL * voices:
            return waves
        density = [self._density(wave) for wave in waves]
        least = _DENSER * np.quantile(density, 0.9)
        return [wave for wave, dense in zip(waves, density, strict=True) if dense >= least]

    def _source(self, wave: Sequence[int]) -> Any:
        """Where most of it was said."""
        return Counter(self._sources[row] for row in wave).most_common(1)[0][0]

    def _density(self, wave: Sequence[int]) -> float:
        """Voices a day."""
        lasted = self._times[wave[-1]] - self._times[wave[0]]
        return len(wave) / max(lasted / timedelta(days=1), 1.0)

    def _bursts(self, rows: Sequence[int]) -> Iterator[list[int]]:
        """A group of copies, cut where nobody posted for long."""
        wave: list[int] = []
        for row in rows:
            if wave and self._times[row] - self._times[wave[-1]] > PAUSE:
                yield wave
                wave = []
            wave.append(row)
        yield wave

    def _why(self, wave: Sequence[int], group: Sequence[int]) -> Why | None:
        known = {self._authors[row] for row in wave} - {None}
        carriers = len(known) + sum(self._authors[row] is None for row in wave)
        places = len({self._places[row] for row in wave})
        if len(known) == 1 and carriers == 1:
            many = places >= FEWEST_PLACES and len(wave) >= FEWEST_POSTS
            return "spree" if many else None
        if min(self._prints.sizes[row] for row in wave) >= LONG:
            return "copies" if carriers >= FEWEST_CARRIERS else None
        # a short text is a wave only in a burst in which nearly all of it is said
        burst = self._times[wave[-1]] - self._times[wave[0]] <= SHORT_BURST
        mostly = len(wave) >= 0.8 * len(group)
        return "copies" if carriers >= FEWEST_SHORT and burst and mostly else None

    def starred(self) -> Iterator[Campaign]:
        """Days with masses of one rating, place by place."""
        for source in sorted(set(self._sources), key=str):
            rows = [
                row
                for row, rating in enumerate(self._ratings)
                if rating is not None and self._sources[row] == source
            ]
            for stars, chosen in (
                (5, [row for row in rows if self._ratings[row] >= _HIGH]),
                (1, [row for row in rows if self._ratings[row] <= _LOW]),
            ):
                yield from self._masses(stars, chosen, rows)

    def _masses(
        self, stars: int, chosen: Sequence[int], rated: Sequence[int]
    ) -> Iterator[Campaign]:
        """The days on which so many stars were given that neither habit nor chance explains it."""
        counts = Counter(self._day(row) for row in chosen)
        every = Counter(self._day(row) for row in rated)
        if not every:
            return
        counts[min(every)] += 0
        days = sorted(day for day, count in counts.items() if count >= FEWEST_STARS)
        doubt = Doubt(STARS_CHANCE, FEWEST_STARS, _SPREAD)
        by_day = defaultdict(list)
        for row in chosen:
            by_day[self._day(row)].append(row)
        for surge in surges(stars, counts, days, doubt):
            others = every.total() - every[surge.day]
            usual = (counts.total() - counts[surge.day] + 1) / (others + 2)
            share = surge.voices / every[surge.day]
            chance = _at_least(surge.voices, every[surge.day], usual)
            if share >= usual + _MORE and chance < STARS_CHANCE:
                wave = by_day[surge.day]
                yield self._campaign("stars", wave, stars=stars, expected=surge.expected)

    def _day(self, row: int) -> date:
        return self._times[row].date()

    def _campaign(
        self, why: Why, wave: Sequence[int], stars: int | None = None, expected: float | None = None
    ) -> Campaign:
        authors = dict.fromkeys(self._authors[row] for row in wave)
        return Campaign(
            why=why,
            members=tuple(self._ids[row] for row in wave),
            carriers=tuple(author for author in authors if author is not None),
            since=self._times[wave[0]],
            until=self._times[wave[-1]],
            places=len({self._places[row] for row in wave}),
            stars=stars,
            expected=expected,
        )


def _optional(rows: pa.Table, name: str) -> list[Any]:
    return rows.column(name).to_pylist() if name in rows.schema.names else [None] * rows.num_rows


def _at_least(right: int, of: int, share: float) -> float:
    """Probability that of so many ratings at least `right` are of a kind that has this share."""
    counts = np.arange(right, of + 1)
    ways = np.array([lgamma(of + 1) - lgamma(k + 1) - lgamma(of - k + 1) for k in counts])
    each = ways + counts * log(share) + (of - counts) * log(1 - share)
    return float(np.exp(each).sum())
