"""Find whom a note speaks to: "@김민수님, 확인 부탁드려요" names 김민수.

Nothing here reads a database; who there is comes as an argument. A name may hold spaces, and Korean
lets a title or particle follow without one; the longest name that fits is meant.
"""

import re
from collections import defaultdict
from collections.abc import Iterable
from typing import Final, NamedTuple

Colleague = tuple[int, str]
"""Somebody's id and name."""

_FOLLOWS: Final = re.compile(
    r"(?:님|씨|대리|주임|과장|차장|부장|팀장|실장|매니저|담당|선배|이사|대표|프로)?"
    r"(?:님|이)?"
    r"(?:께서|께|에게|한테|이랑|랑|하고|와|과|부터|까지|으로|로|이|가|은|는|을|를|의|도|만|아|야|요)?"
    r"(?:은|는|도|만|요)?"
)
_HANGUL: Final = re.compile(r"[가-힣]*")
_INSIDE: Final = frozenset("._-@+")
"""What stands before the "@" of an address, not of a name."""


class Piece(NamedTuple):
    """A stretch of a text: whom it names, if anybody."""

    text: str
    members: tuple[int, ...]


def mentioned(text: str, colleagues: Iterable[Colleague]) -> list[int]:
    """Whom a text speaks to, by id, in the order of their ids.

    Where several have the same name, all of them are meant: better one too many is told than the
    right one not.
    """
    return sorted({one for piece in pieces(text, colleagues) for one in piece.members})


def pieces(text: str, colleagues: Iterable[Colleague]) -> list[Piece]:
    """The text in pieces that put together are the text; an empty one has none."""
    by_name: dict[str, list[int]] = defaultdict(list)
    for key, name in colleagues:
        if name.strip():
            by_name[name.strip().lower()].append(key)
    names = sorted(by_name, key=len, reverse=True)
    found: list[Piece] = []
    told, at = 0, text.find("@")
    while at >= 0:
        name = _named(text, at, names)
        if name:
            end = at + 1 + len(name)
            if at > told:
                found.append(Piece(text[told:at], ()))
            found.append(Piece(text[at:end], tuple(by_name[name])))
            told = end
        at = text.find("@", max(told, at + 1))
    if told < len(text):
        found.append(Piece(text[told:], ()))
    return found


def _named(text: str, at: int, names: list[str]) -> str:
    """The longest name right behind the "@" at this place; "" when there is none."""
    before = text[at - 1] if at else " "
    if (before.isalnum() and before.isascii()) or before in _INSIDE:
        return ""
    for name in names:
        end = at + 1 + len(name)
        if text[at + 1 : end].lower() == name and _ends(name, text[end : end + 12]):
            return name
    return ""


def _ends(name: str, rest: str) -> bool:
    """Whether the word may end here: "김민" is not meant by "@김민수", but by "@김민님께"."""
    run = _HANGUL.match(rest)
    hangul = run[0] if run else ""
    if hangul:
        return not _HANGUL.fullmatch(name[-1]) or _FOLLOWS.fullmatch(hangul) is not None
    return not (rest[:1].isalnum() or rest[:1] == "_")
