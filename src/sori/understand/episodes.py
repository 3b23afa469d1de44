"""Find the days on which something happened, in the dated voices of any file.

Watched are the number of voices, the number of complaints among them, and every word that is ever
frequent; a thousand words are a thousand chances for a false alarm, so the probability below which
a day is no chance is divided by their number. What surges on days in a row is one episode and is
told once, with the words that are typical for its loudest day. A wave of copies is an episode too,
marked as a campaign.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from sori.understand.copies import Prints, voices_of
from sori.understand.phrases import Words, is_name, telling
from sori.understand.surge import CHANCE, Doubt, Surge, surges
from sori.understand.watching import onset

ALL: Final = "voices"
COMPLAINTS: Final = "complaints"
COPIES: Final = "copies"
LEAST: Final = 6
SPREAD: Final = 0.04
"""Of quiet days, too, one has a fifth more voices than another for reasons nobody sees."""
MAIN_CHANCE: Final = CHANCE
WORDS_CHANCE: Final = CHANCE / 2
_TOLD: Final = 5


@dataclass(frozen=True)
class Episode:
    """Days in a row on which something was said far more often than usual.

    Attributes:
        day: the first day.
        last: the last day.
        peak: the day furthest above what is usual.
        about: what surged: "voices", "complaints", a word, or "copies".
        voices: how often, on the peak day.
        expected: how often on such a day.
        words: typical for the peak day, the most telling first.
        campaign: whether most of it are copies.
        hour: when on the first day it began, at the beginning of an hour; None where the file
            tells no times of day.
    """

    day: date
    last: date
    peak: date
    about: str
    voices: int
    expected: float
    words: tuple[str, ...]
    campaign: bool
    hour: int | None = None


@dataclass(frozen=True)
class Voices:
    """Dated texts, in any order.

    Attributes:
        days: when each was said.
        texts: what was said, Arrow strings.
        authors: who said it; None where nobody knows.
        complaints: whether it complains or is negative.
        hours: at which hour of its day; None where the file tells no times of day.
    """

    days: Sequence[date]
    texts: pa.Array
    authors: Sequence[str | None]
    complaints: Sequence[bool]
    hours: Sequence[int] | None = None


def episodes(voices: Voices) -> list[Episode]:
    """What happened, in order of time."""
    if not voices.days:
        return []
    own = voices_of(voices.days, Prints.of(voices.texts), voices.authors, voices.complaints)
    said = _Said(voices, own)
    found = list(said.main()) + list(said.of_words())
    copied = surges(COPIES, said.counts[COPIES], said.days(COPIES), _doubt(MAIN_CHANCE))
    told = [said.episode(run) for run in _runs(found)]
    covered = {
        one.day + timedelta(days=away)
        for one in told
        for away in range((one.last - one.day).days + 1)
    }
    told += [said.episode(run) for run in _runs([s for s in copied if s.day not in covered])]
    return sorted(told, key=lambda one: (one.day, one.about))


def _doubt(chance: float) -> Doubt:
    return Doubt(chance=chance, least=LEAST, spread=SPREAD)


def _runs(found: Sequence[Surge]) -> Iterator[list[Surge]]:
    """Surges of anything on days in a row."""
    run: list[Surge] = []
    for surge in sorted(found, key=lambda one: one.day):
        if run and surge.day - run[-1].day > timedelta(days=1):
            yield run
            run = []
        run.append(surge)
    if run:
        yield run


class _Said:
    """How often everything was said on every day."""

    def __init__(self, voices: Voices, own: npt.NDArray[np.bool_]) -> None:
        texts = voices.texts.to_pylist()
        reader = Words(texts)
        self.counts: dict[str, Counter[date]] = defaultdict(Counter)
        self._words: dict[date, Counter[str]] = defaultdict(Counter)
        self._hours: dict[date, list[tuple[int, bool]]] = defaultdict(list)
        for row, day in enumerate(voices.days):
            self.counts[COPIES][day] += 1
            if not own[row]:
                continue
            if voices.hours is not None:
                self._hours[day].append((voices.hours[row], voices.complaints[row]))
            self.counts[ALL][day] += 1
            self.counts[COMPLAINTS][day] += bool(voices.complaints[row])
            self._words[day].update(reader.words(texts[row]))
        self._every: Counter[str] = Counter()
        for said in self._words.values():
            self._every.update(said)
        self._first = min(voices.days)
        for name in (ALL, COMPLAINTS, COPIES):
            self._complete(self.counts[name])

    def _complete(self, counts: Counter[date]) -> None:
        # habits begin with the file, also of what was not said at first
        counts[self._first] += 0

    def days(self, name: str) -> list[date]:
        """The days worth judging, in order."""
        return sorted(day for day, count in self.counts[name].items() if count >= LEAST)

    def main(self) -> Iterator[Surge]:
        """Surges of all voices and of complaints."""
        for name in (ALL, COMPLAINTS):
            yield from surges(name, self.counts[name], self.days(name), _doubt(MAIN_CHANCE))

    def of_words(self) -> Iterator[Surge]:
        """Surges of single words."""
        series: dict[str, Counter[date]] = defaultdict(Counter)
        frequent = {
            word for said in self._words.values() for word, count in said.items() if count >= LEAST
        }
        for day, said in self._words.items():
            for word in frequent & said.keys():
                series[word][day] = said[word]
        doubt = _doubt(WORDS_CHANCE / max(1, len(series)))
        for word, counts in series.items():
            self._complete(counts)
            days = sorted(day for day, count in counts.items() if count >= LEAST)
            yield from surges(f"“{word}”", counts, days, doubt)

    def episode(self, run: Sequence[Surge]) -> Episode:
        """One episode out of the surges of days in a row."""
        names = {surge.key for surge in run}
        named = next((name for name in (COMPLAINTS, ALL, COPIES) if name in names), None)
        chosen = [surge for surge in run if named is None or surge.key == named]
        top = max(chosen, key=lambda surge: (surge.voices - surge.expected, str(surge.key)))
        words = self._telling(top.day)
        if named is None:
            word = str(top.key).strip("“”")
            words = [word, *(other for other in words if other != word)]
        raw, own = self.counts[COPIES][top.day], self.counts[ALL][top.day]
        return Episode(
            day=run[0].day,
            last=run[-1].day,
            peak=top.day,
            about=str(top.key),
            voices=top.voices,
            expected=top.expected,
            words=tuple(words[:_TOLD]),
            campaign=raw - own > own,
            hour=self._began(str(top.key), run[0]),
        )

    def _began(self, name: str, first: Surge) -> int | None:
        """At which hour of its first day a surge began."""
        told = self._hours.get(first.day, [])
        heard = sorted(hour for hour, complains in told if complains or name != COMPLAINTS)
        if not heard:
            return None
        place = onset(np.array(heard, np.float64), first.expected / 24, until=24.0)
        return heard[place]

    def _telling(self, day: date) -> list[str]:
        here, total = self.counts[ALL][day], self.counts[ALL].total()
        said = self._words[day]
        names = Counter({word: count for word, count in said.items() if is_name(word)})
        return [
            *telling(names, here, self._every, total, most=_TOLD),
            *telling(said - names, here, self._every, total, most=1),
        ]
