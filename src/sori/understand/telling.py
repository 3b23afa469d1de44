"""Words that are typical for one group of texts against the others."""

import re
from collections import Counter
from collections.abc import Mapping
from math import log, sqrt
from typing import Final

_WORD: Final = re.compile(r"[가-힣]{2,12}|[a-z][a-z']{2,20}")
_PARTICLE: Final = re.compile(
    r"(?<=[가-힣]{2})(?:에서는|에서도|으로는|까지는|이라고|에서|에게|한테|까지|부터|으로|이나|라고|은|는|이|가|을|를|에|의|도|만|로|와|과)$"
)
_FILLERS: Final = frozenset(
    [
        "그리고",
        "그런데",
        "하지만",
        "그냥",
        "너무",
        "정말",
        "진짜",
        "제가",
        "저는",
        "이거",
        "그거",
        "이게",
        "그게",
        "있는",
        "없는",
        "하는",
        "합니다",
        "있습니다",
        "입니다",
        "같아요",
        "the",
        "and",
        "for",
        "you",
        "your",
        "with",
        "this",
        "that",
        "but",
        "was",
        "are",
        "have",
        "has",
        "not",
        "its",
        "it's",
        "i'm",
        "from",
        "they",
        "when",
        "just",
        "will",
        "can",
        "what",
        "all",
        "out",
    ]
)
_MOST: Final = 200_000


class TellingWords:
    """Counts words by group and tells which are typical.

    The score is the log-odds ratio with an informative Dirichlet prior, over its standard error
    (Monroe, Colaresi, Quinn 2008): a word that is frequent everywhere tells nothing, and neither
    does one that was used twice.
    """

    def __init__(self) -> None:
        self._counts: dict[str, Counter[str]] = {}

    def add(self, group: str, text: str) -> None:
        """Count the words of a text, each once."""
        counts = self._counts.setdefault(group, Counter())
        counts.update(words_of(text))
        if len(counts) > _MOST:
            self._counts[group] = Counter(dict(counts.most_common(_MOST // 2)))

    def top(self, group: str, most: int = 12) -> list[tuple[str, int]]:
        """The most typical words of a group with the number of texts they are in."""
        counts = self._counts.get(group, Counter())
        every: Counter[str] = sum(self._counts.values(), Counter())
        scored = [
            (self._score(word, counts, every), word) for word, count in counts.items() if count >= 3
        ]
        best = sorted((one for one in scored if one[0] > 1.96), reverse=True)[:most]
        return [(word, counts[word]) for _, word in best]

    @staticmethod
    def _score(word: str, counts: Counter[str], every: Counter[str]) -> float:
        prior = every[word] * 0.1 + 0.01
        here, there = counts[word], every[word] - counts[word]
        all_here, all_there = counts.total() + 0.1, every.total() - counts.total() + 0.1
        odds = log((here + prior) / (all_here - here + prior)) - log(
            (there + prior) / (all_there - there + prior)
        )
        return odds / sqrt(1 / (here + prior) + 1 / (there + prior))


def words_of(text: str) -> set[str]:
    """The words of a text without Korean particles and without fillers."""
    found = {_PARTICLE.sub("", word) for word in _WORD.findall(text.lower())}
    return {word for word in found if word not in _FILLERS and len(word) > 1}


def shares(counts: Mapping[str, int]) -> dict[str, float]:
    """Counts as shares of their sum; empty when there is nothing."""
    total = sum(counts.values())
    return {name: count / total for name, count in counts.items()} if total else {}
