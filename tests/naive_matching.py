"""What a listening rule means, word for word from its reference: one post, one rule, no haste.

It shares nothing with the engine but the shape of an expression, so that the two can disagree.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping
from typing import Any

from sori.listen.language import And, Expression, Field, Followers, Near, Not, Or, Phrase, Term

BLANKS = " \t\n\v\f\r"
COMPARE: dict[str, Callable[[int, int], bool]] = {
    ">=": lambda count, number: count >= number,
    "<=": lambda count, number: count <= number,
    ">": lambda count, number: count > number,
    "<": lambda count, number: count < number,
    "=": lambda count, number: count == number,
}
Post = Mapping[str, Any]


def holding(rules: Mapping[int, Expression], post: Post) -> list[int]:
    """The ascending ids of the rules that hold for a post, a dictionary of a mention's columns."""
    texts = [plain(post[name]) for name in ("title", "text") if post.get(name)]
    return [query for query in sorted(rules) if holds(rules[query], post, texts)]


def holds(rule: Expression, post: Post, texts: list[str]) -> bool:
    """Whether one rule holds for a post whose title and text are already folded."""
    match rule:
        case Term() | Phrase():
            return any(places(rule, text) for text in texts)
        case And(parts):
            return all(holds(part, post, texts) for part in parts)
        case Or(parts):
            return any(holds(part, post, texts) for part in parts)
        case Not(part):
            return not holds(part, post, texts)
        case Near():
            return any(_near(rule, text) for text in texts)
        case Field(name, value):
            names = ("author_id", "author_name") if name == "author" else (name,)
            return value in [folded(post[name]) for name in names if post.get(name) is not None]
        case Followers(sign, number):
            count = post.get("followers")
            return count is not None and COMPARE[sign](count, number)


def _near(rule: Near, text: str) -> bool:
    return any(
        apart(one, other) <= rule.distance
        for left in rule.left
        for one in places(left, text)
        for right in rule.right
        for other in places(right, text)
    )


def apart(one: tuple[int, int], other: tuple[int, int]) -> int:
    """How many words lie from the end of the earlier hit to the start of the later one."""
    (first_start, first_end), (second_start, second_end) = one, other
    return max(0, second_start - first_end, first_start - second_end)


def places(word: Term | Phrase, text: str) -> list[tuple[int, int]]:
    """Where a word stands: the numbers of the words it starts and ends in."""
    found = []
    at = text.find(word.text)
    while at >= 0:
        if stands(word, text, at):
            first = text[:at].count(" ")
            found.append((first, first + word.text.count(" ")))
        at = text.find(word.text, at + 1)
    return found


def stands(word: Term | Phrase, text: str, at: int) -> bool:
    """Whether no ASCII word is cut in two where it is found."""
    end = at + len(word.text)
    if at > 0 and latin(text[at]) and latin(text[at - 1]):
        return False
    if isinstance(word, Term) and word.open_end:
        return True
    return not (end < len(text) and latin(text[end - 1]) and latin(text[end]))


def latin(letter: str) -> bool:
    """Whether it is an ASCII letter, digit or underscore."""
    return letter.isascii() and (letter.isalnum() or letter == "_")


def folded(text: str) -> str:
    """Small letters, NFKC, small letters; letter by letter."""
    small = "".join(letter.lower()[0] for letter in text)
    return "".join(letter.lower()[0] for letter in unicodedata.normalize("NFKC", small))


def plain(text: str) -> str:
    """Folded, with one space for every run of blanks."""
    return re.sub(f"[{BLANKS}]+", " ", folded(text))
