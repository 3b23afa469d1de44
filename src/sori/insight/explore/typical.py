"""Words that are typical for the chosen mentions against the others, from some of the texts."""

from collections import Counter
from dataclasses import dataclass
from functools import partial
from typing import Final

from sori.insight.explore.look import Look, Stretch
from sori.understand.phrases import Words, telling

SHOWN: Final = 16
_ENOUGH: Final = 150
_FEWEST: Final = 20
_BUDGET: Final = 60_000
_LEAST_DAYS: Final = 3


@dataclass(frozen=True)
class Typical:
    """Typical words, best first.

    Attributes:
        words: each with the share of the chosen texts that have it, 0 to 1.
        texts: how many chosen texts were read; too few tell nothing.
        others: how many others they were compared with.
        against: "others" of the same time, or the time "before" where everything was chosen.
    """

    words: list[tuple[str, float]]
    texts: int
    others: int
    against: str

    @property
    def enough(self) -> bool:
        """Whether there was enough to compare."""
        return min(self.texts, self.others) >= _FEWEST


def typical(look: Look) -> Typical:
    """The words that tell the chosen mentions from the others."""
    against = "others" if look.selection.picks else "before"
    chosen, others = _texts(look, against)
    if min(len(chosen), len(others)) < _FEWEST:
        return Typical([], len(chosen), len(others), against)
    words = Words([*chosen, *others])
    here, there = (
        Counter(phrase for text in texts for phrase in words.phrases(text))
        for texts in (chosen, others)
    )
    total = len(chosen) + len(others)
    found = telling(here, len(chosen), here + there, total, SHOWN)
    shares = [(word, here[word] / len(chosen)) for word in found]
    return Typical(shares, len(chosen), len(others), against)


def _texts(look: Look, against: str) -> tuple[list[str], list[str]]:
    """Some chosen texts and some others; the chosen of a few days, of more where those had few."""
    sample = partial(look.sample, "texts", budget=_BUDGET, least_days=_LEAST_DAYS)
    few = sample(look.present)
    chosen = _read(look, look.present, few.days)
    if len(chosen) < _ENOUGH and few.days is not None:
        more = sample(look.present, without=few.days)
        chosen += _read(look, look.present, more.days or tuple(more.sizes))
    if against == "others":
        return chosen, _read(look, look.present, few.days, others=True)
    return chosen, _read(look, look.past, sample(look.past).days) if look.past else []


def _read(
    look: Look, stretch: Stretch, days: tuple[str, ...] | None, *, others: bool = False
) -> list[str]:
    rows = look.ask("texts", stretch, days, others=others)
    return [f"{row['title']}\n{row['text']}" if row["title"] else row["text"] for row in rows]
