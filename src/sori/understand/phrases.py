"""Find phrases of one to three words that are typical for some texts against the rest.

A Korean noun carries its particle ("환불이", "환불을"), so the particle is cut: "을" always,
one that a noun may end in by itself where the stem is also met bare or with another particle, so
that "고양이" keeps its last syllable. Every word of a phrase can stand in a name: no fillers, no
verb forms, and no particle but "의" before the last word.
"""

import re
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from functools import cache
from importlib.resources import files
from math import log, sqrt
from typing import Final, NamedTuple

WORDS: Final = 3
_LONGEST: Final = 600
_WORD: Final = re.compile(r"[0-9a-z가-힣][0-9a-z가-힣']*|[^\W\d_]+|[^\w\s]|\n")
_PARTICLE: Final = re.compile(
    r"(?<=[가-힣]{2}|[a-z0-9]{2})(?:에서는|에서도|으로는|까지는|이라고|이라는|에서|에게|한테|까지|부터|으로|이나|라고"
    r"|라는|들이|들은|들을|들|은|는|이|가|을|를|에|의|도|만|로|와|과|랑)$"
)
# a word that ends so is a verb or an adjective, nearly always
_VERB: Final = re.compile(
    r"(?:[요다까죠네고서면게지니데던든려며해돼함됨음임라자냐줘봐둬어아여할될한된은는을신없있같싶]|도록|하여|[해어아여라]도|[하되]여)$"
)
_JAMO: Final = re.compile(r"[ㄱ-ㅣ]")
_LISTS: Final = tomllib.loads(
    files(__package__).joinpath("phrases.toml").read_text(encoding="utf-8")
)
_NOUNS: Final = frozenset(_LISTS["nouns"].split())
_FILLERS: Final = frozenset(_LISTS["fillers"].split())


_SURELY: Final = re.compile(r"(?:에서|에서는|에서도|에게|한테|까지|까지는|부터|으로|으로는|을|를)$")


class _Read(NamedTuple):
    """A word as it was read.

    Attributes:
        bare: without its particle.
        can_name: whether it can stand in a name.
        goes_on: whether a name may go on behind it.
    """

    bare: str
    can_name: bool
    goes_on: bool


class Words:
    """Reads texts as words without particles; learns from all of them what a particle is."""

    def __init__(self, texts: Iterable[str]) -> None:
        endings: dict[str, set[str]] = defaultdict(set)
        for word in {word for text in texts for word in _split(text)}:
            endings[word].add("")
            stem = _PARTICLE.sub("", word)
            if stem != word:
                endings[stem].add(word[len(stem) :])
        self._stems = {stem for stem, found in endings.items() if len(found) > 1}
        # the same few thousand words come again and again
        self._read = cache(self._read_once)

    def phrases(self, text: str) -> set[str]:
        """All phrases of one to WORDS words in a text that could be a name."""
        found: set[str] = set()
        run: list[str] = []
        for word in [*_split(text), "."]:
            if word[0].isalnum():
                run.append(word)
            else:
                found |= self._of(run)
                run = []
        return found

    def words(self, text: str) -> set[str]:
        """The words of a text, verbs too, without particles and fillers."""
        found = {self._read(word).bare for word in _split(text) if word[0].isalnum()}
        return {
            word
            for word in found - _FILLERS
            if len(word) > 1 and not word.isdigit() and not _JAMO.search(word)
        }

    def _of(self, run: Sequence[str]) -> set[str]:
        found = set()
        read = [self._read(word) for word in run]
        for first, one in enumerate(read):
            before, last = "", first
            while one.can_name:
                found.add(before + one.bare)
                last += 1
                if not one.goes_on or last == len(read) or last == first + WORDS:
                    break
                before += run[last - 1] + " "
                one = read[last]
        return found

    def _read_once(self, word: str) -> _Read:
        stem = _PARTICLE.sub("", word)
        sure = stem in self._stems or _SURELY.search(word) or _is_subject(word, stem)
        bare = stem if sure else word
        return _Read(bare, _is_name(word, bare), word in (bare, bare + "의"))


def telling(
    counts: Counter[str], inside: int, every: Counter[str], total: int, most: int = 3
) -> list[str]:
    """The phrases that tell some texts from the rest, best first.

    The score is the log-odds ratio of a text holding the phrase, times the root of how many do: how
    surely it tells counts as much as how many it speaks for. A longer phrase is the better name
    where nearly all that say the shorter one say the longer one.

    Args:
        counts: in how many of these texts each phrase occurs.
        inside: how many these texts are.
        every: in how many of all texts it occurs.
        total: how many all texts are.
        most: so many phrases at most.
    """
    least = max(2, round(min(0.15 * inside, sqrt(inside) * 0.8)))
    scored = [
        (_score(count, inside, every[phrase], total) * sqrt(1 + phrase.count(" ")), phrase)
        for phrase, count in counts.items()
        if count >= least
    ]
    return _apart([phrase for score, phrase in sorted(scored, reverse=True) if score > 1.0], most)


def _score(here: int, inside: int, every: int, total: int) -> float:
    there, outside = every - here, total - inside
    odds = log((here + 0.5) / (inside - here + 0.5))
    odds -= log((there + 0.5) / (outside - there + 0.5))
    return odds * sqrt(here)


def _apart(ranked: list[str], most: int) -> list[str]:
    """The best ones, none of which shares a word with a better one."""
    chosen: list[str] = []
    used: set[str] = set()
    for phrase in ranked:
        words = phrase.split()
        if not any(word[:2] == other[:2] for word in words for other in used):
            chosen.append(phrase)
            used.update(words)
        if len(chosen) == most:
            break
    return chosen


def is_name(word: str) -> bool:
    """Whether a word without its particle can stand in a name: no filler, no verb form."""
    return _is_name(word, word)


def _split(text: str) -> list[str]:
    return _WORD.findall(text[:_LONGEST].lower())


def _is_subject(word: str, stem: str) -> bool:
    """Whether a longer word ends in the subject particle: 이 after a consonant, 가 elsewhere."""
    if len(stem) < 3 or not "가" <= stem[-1] <= "힣":
        return False
    closed = (ord(stem[-1]) - ord("가")) % 28 > 0
    return word[len(stem) :] == ("이" if closed else "가")


def _is_verb(word: str, bare: str) -> bool:
    return bare == word and bare not in _NOUNS and bool(_VERB.search(word))


def _is_name(word: str, bare: str) -> bool:
    if len(bare) < 2 or bare.isdigit() or _JAMO.search(bare):
        return False
    return bare not in _FILLERS and not _is_verb(word, bare)
