"""The themes of a file for its report: found in a sample of bounded size, however long it is."""

import random
from typing import Final, NamedTuple

from sori.understand.embedding import embedder
from sori.understand.privacy import CONTACTS, mask
from sori.understand.themes import discover

SAMPLE: Final = 5_000
LEAST: Final = 3
SHOWN: Final = 12
_LONGEST: Final = 600


class Said(NamedTuple):
    """What many people of a file say.

    Attributes:
        name: telling phrases.
        voices: how many of the sample say it; what one author says twice counts once.
        share: of the sample, 0 to 1.
        quote: the sentence nearest to its middle.
    """

    name: str
    voices: int
    share: float
    quote: str


class Gist:
    """Draws a fair sample of what goes by (every message has the same chance), and finds its
    themes. Personal data is blotted out before anything is looked for, contact data too."""

    def __init__(self) -> None:
        self.seen = 0
        # always the same sample of the same file
        self._dice = random.Random(20261123)  # noqa: S311 (a sample, not a secret)
        self._kept: list[tuple[int, str, str | None]] = []

    @property
    def sampled(self) -> bool:
        """Whether there was more than the sample holds."""
        return self.seen > SAMPLE

    def add(self, text: str, author: str | None) -> None:
        """Let a message go by."""
        if not text:
            return
        number, self.seen = self.seen, self.seen + 1
        place = number if number < SAMPLE else self._dice.randrange(self.seen)
        if place < len(self._kept):
            self._kept[place] = (number, text[:_LONGEST], author)
        elif place < SAMPLE:
            self._kept.append((number, text[:_LONGEST], author))

    def top(self, most: int = SHOWN) -> list[Said]:
        """What most of them say, the most frequent first."""
        kept = sorted(self._kept, key=lambda one: one[0])
        texts = [mask(text, also=CONTACTS)[0] for _, text, _ in kept]
        authors = [author for _, _, author in kept]
        vectors = embedder("fast").vectors(texts)
        found = discover(texts, vectors, authors, least=LEAST).themes[:most]
        return [
            Said(theme.name, theme.voices, theme.voices / len(texts), theme.central)
            for theme in found
        ]
