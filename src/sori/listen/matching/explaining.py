"""Which words of a text made a rule hold, as places in the text as it was written."""

import re

from sori.listen.language import (
    WHITESPACE,
    Expression,
    Term,
    Word,
    fold,
    words,
)
from sori.understand.origins import inseparable


def explain(expression: Expression, text: str) -> list[tuple[int, int]]:
    """Where the words and phrases of a rule stand in a title or text, for marking them.

    Words under a NOT are left out. A word is marked wherever it stands, even where the other half
    of its AND is in the title, or its NEAR is too far away: the reader sees what was looked for.

    Returns:
        (start, end) of each stretch to mark, in characters of `text`, ascending and apart. Where
        folding makes several letters of one sign, the whole sign is marked.
    """
    folded, origin = _folded_with_origin(text)
    spans = sorted(
        (origin[found.start()][0], origin[found.end() - 1][1])
        for word in set(words(expression))
        for found in _pattern(word).finditer(folded)
    )
    return _joined(spans)


def _pattern(word: Word) -> re.Pattern[str]:
    text = word.text
    before = "(?<![a-z0-9_])" if re.match("[a-z0-9_]", text) else ""
    closed = not (isinstance(word, Term) and word.open_end)
    after = "(?![a-z0-9_])" if closed and re.match("[a-z0-9_]", text[-1]) else ""
    return re.compile(before + re.escape(text) + after)


def _folded_with_origin(text: str) -> tuple[str, list[tuple[int, int]]]:
    """The folded text, and for each of its letters the stretch of the text it came from."""
    letters: list[str] = []
    origin: list[tuple[int, int]] = []
    for start, end in inseparable(text):
        for letter in fold(text[start:end]):
            blank = letter in WHITESPACE
            if blank and letters and letters[-1] == " ":
                origin[-1] = (origin[-1][0], end)
                continue
            letters.append(" " if blank else letter)
            origin.append((start, end))
    return "".join(letters), origin


def _joined(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    joined: list[tuple[int, int]] = []
    for start, end in spans:
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined
