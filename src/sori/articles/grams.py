"""Cut words into pieces by which an article is found, and judge how well it fits what was asked.

Korean words become pairs of neighbouring syllables (배송조회: 배송, 송조, 조회), so two-syllable
words are found inside longer ones and with any particle behind them; letters and digits become
triples. A piece counts the more the fewer articles have it. What nobody ever wrote (a typing
mistake, a particle) counts little, so "배숑 조회" still finds 조회.
"""

import math
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final, NamedTuple

TITLE_WEIGHT: Final = 4
LONGEST_QUERY: Final = 100
MOST_ASKED: Final = 24
"""So many pieces of a question are looked up; of a longer text the rarest."""

UNKNOWN: Final = 0.35
"""What a piece that no article has weighs against the rarest that one has."""

ENOUGH: Final = 0.4
"""The share of what was asked that an article must have to be found."""

ALIKE: Final = 0.3
"""The share of the telling pieces of a long text that an article must have to be offered."""

_RUN: Final = re.compile(r"[a-z0-9]+|[^\W_a-z0-9]+")
_LATIN: Final = re.compile(r"[a-z0-9]+")


class Hit(NamedTuple):
    """A text has a piece, and how much it stands out there."""

    text: int
    gram: str
    weight: int


def fold(text: str) -> str:
    """A text as search sees it: one spelling of every syllable, no difference of case."""
    return unicodedata.normalize("NFKC", text.replace("\0", " ")).casefold()


def runs(text: str) -> list[str]:
    """The folded words of a text, parted where letters of one kind end."""
    return _RUN.findall(fold(text))


def pieces(run: str) -> Iterator[str]:
    """The pieces of one word; a word shorter than a piece is one itself."""
    size = 3 if _LATIN.fullmatch(run) else 2
    for start in range(max(1, len(run) - size + 1)):
        yield run[start : start + size]


def weights(title: str, body: str) -> dict[str, int]:
    """The pieces of an article with their weights: those of its title count four times."""
    found = {gram: 1 for run in runs(body) for gram in pieces(run)}
    found |= {gram: TITLE_WEIGHT for run in runs(title) for gram in pieces(run)}
    return found


def asked(text: str, *, most: int = 150) -> list[str]:
    """The different pieces of what somebody asks, in order."""
    return list(dict.fromkeys(gram for run in runs(text) for gram in pieces(run)))[:most]


def unfinished(query: str) -> list[str]:
    """Words of a query too short to be a whole piece: they are looked up as beginnings."""
    short = (run for run in runs(query) if len(run) < (3 if _LATIN.fullmatch(run) else 2))
    return list(dict.fromkeys(short))


def rarity(spread: Mapping[str, int], texts: int) -> dict[str, float]:
    """How much each known piece tells.

    Args:
        spread: piece -> in how many texts it is.
        texts: how many there are.
    """
    return {gram: math.log(1 + texts / count) for gram, count in spread.items() if count}


def telling(grams: Sequence[str], rare: Mapping[str, float]) -> list[str]:
    """The known pieces that tell most, at most `MOST_ASKED`."""
    known = [gram for gram in grams if gram in rare]
    return sorted(known, key=lambda gram: -rare[gram])[:MOST_ASKED]


def fitting(
    grams: Sequence[str], rare: Mapping[str, float], hits: Iterable[Hit], *, enough: float
) -> list[int]:
    """The texts that fit a question, the best first.

    Args:
        grams: the pieces of the question.
        rare: how much each known piece tells.
        hits: which text has which piece.
        enough: the share of the question's weight that a text must have.
    """
    most = max((rare[gram] for gram in grams if gram in rare), default=0.0)
    whole = sum(rare.get(gram, UNKNOWN * most) for gram in grams)
    have: dict[int, float] = {}
    score: dict[int, float] = {}
    for hit in hits:
        if hit.gram not in rare:
            continue
        have[hit.text] = have.get(hit.text, 0.0) + rare[hit.gram]
        score[hit.text] = score.get(hit.text, 0.0) + rare[hit.gram] * hit.weight
    found = [text for text, share in have.items() if whole and share >= enough * whole]
    return sorted(found, key=lambda text: (-score[text], text))


class Stretch(NamedTuple):
    """Some words of a text, and whether they are what was asked for."""

    words: str
    hit: bool


def snippet(text: str, query: str, *, length: int = 160) -> list[Stretch]:
    """The part of a text where the asked words stand, cut where they begin and end."""
    spots = _spots(text, query)
    first = spots[0][0] if spots else 0
    start = max(0, first - length // 4)
    if start:
        start = text.find(" ", start, first + 1) + 1 or start
    end = min(len(text), start + length)
    found = [Stretch("…", hit=False)] if start else []
    place = start
    for left, right in spots:
        if left < place or right > end:
            continue
        found += [Stretch(text[place:left], hit=False), Stretch(text[left:right], hit=True)]
        place = right
    found += [Stretch(text[place:end] + ("…" if end < len(text) else ""), hit=False)]
    return [one for one in found if one.words]


def _spots(text: str, query: str) -> list[tuple[int, int]]:
    """Where any word of the query, or a pair of its syllables, stands."""
    words = [run for run in runs(query) if len(run) > 1]
    parts = [gram for run in words for gram in pieces(run) if not _LATIN.fullmatch(run)]
    low = text.lower()
    if len(low) != len(text) or not words:
        return []
    wanted = sorted({*words, *parts}, key=len, reverse=True)
    matching = re.finditer("|".join(map(re.escape, wanted)), low)
    return [match.span() for match in matching]
