"""What would be split off a theme by some words, before anybody does it."""

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

from sori.change import voices
from sori.change.models import Theme
from sori.change.splitting import says
from sori.lake.query import Reader

LOOKED_AT: Final = 1_000
SHOWN: Final = 20


class Preview(NamedTuple):
    """Both sides of a split.

    Attributes:
        looked_at: of so many of the newest voices it is told.
        saying: how many of them say one of the words.
        part: some of those.
        rest: some that do not; people may choose among them.
    """

    looked_at: int
    saying: int
    part: list[dict[str, Any]]
    rest: list[dict[str, Any]]


def preview(reader: Reader, theme: Theme, words: Sequence[str], *, private: bool) -> Preview:
    """Try some words on the newest voices of a theme."""
    rows = voices.candidates(reader, theme, private=private, most=LOOKED_AT)
    sides: dict[bool, list[dict[str, Any]]] = {True: [], False: []}
    for row in rows:
        sides[says(f"{row['title'] or ''} {row['text']}", words)].append(row)
    part, rest = (
        [voices.shown(row, private=private) for row in side[:SHOWN]]
        for side in (sides[True], sides[False])
    )
    return Preview(len(rows), len(sides[True]), part, rest)
