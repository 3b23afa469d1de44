"""Do two people seem to be one? Evidence and counter-evidence, weighed without looking anything up.

Nothing here ever merges anybody: a member does, who has read both lists. What is strong is what
somebody made sure of (a verified mail address, phone or customer number, an order that names it);
a handle that reads the same on two channels is a hint and no more. Two different verified ids of
the same sort stand against it, and so do two different names.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Final, NamedTuple

MAIL: Final = "mail"
PHONE: Final = "phone"
NUMBER: Final = "number"
ORDER: Final = "order"
HANDLE: Final = "handle"
NAME: Final = "name"
_COUNTRY: Final = "82"
_SHORTEST_HANDLE: Final = 4


class Mark(NamedTuple):
    """Something that somebody may be known by.

    Attributes:
        sort: MAIL, PHONE, NUMBER, ORDER or HANDLE.
        value: written the one way that `normal` knows.
        verified: whether a member, or another system of the company, made sure of it.
    """

    sort: str
    value: str
    verified: bool


class Reason(NamedTuple):
    """One line of evidence for, or against.

    Attributes:
        sort: what it is about: a sort of mark, or NAME.
        values: what both have, or what the one and the other have.
        verified: whether it was made sure of on both sides.
    """

    sort: str
    values: tuple[str, ...]
    verified: bool


class Recognition(NamedTuple):
    """What speaks for two people being one, and what speaks against it.

    Attributes:
        evidence: what they share, the strongest first.
        against: what tells them apart.
    """

    evidence: tuple[Reason, ...]
    against: tuple[Reason, ...]

    @property
    def strong(self) -> bool:
        """Whether they share something that was made sure of on both sides."""
        return any(one.verified for one in self.evidence)


def normal(sort: str, text: str) -> str:
    """The one way a mark is written, however it was typed; empty when it is none.

    >>> normal("mail", " Kim@Example.COM"), normal("phone", "+82 10-1234-5678")
    ('kim@example.com', '01012345678')
    >>> normal("number", " a-102 "), normal("handle", "@Minji")
    ('A-102', 'minji')
    """
    folded = unicodedata.normalize("NFKC", text.replace("\0", "")).strip()
    if sort == MAIL:
        return folded.casefold() if folded.count("@") == 1 and folded[0] != "@" else ""
    if sort == PHONE:
        digits = re.sub(r"[^0-9]", "", folded)
        if folded.startswith("+") and digits.startswith(_COUNTRY):
            digits = "0" + digits.removeprefix(_COUNTRY).removeprefix("0")
        return digits if 7 <= len(digits) <= 15 else ""
    if sort == HANDLE:
        handle = folded.casefold().lstrip("@ \t")
        return handle if len(handle) >= _SHORTEST_HANDLE else ""
    return "".join(folded.split()).upper()


def recognise(
    mine: Iterable[Mark], theirs: Iterable[Mark], names: tuple[Iterable[str], Iterable[str]]
) -> Recognition:
    """Weigh what two people are known by.

    Args:
        mine: the marks of the one.
        theirs: of the other.
        names: what the one and the other call themselves.
    """
    ours, others = _by_value(mine), _by_value(theirs)
    shared = [
        Reason(sort, (value,), ours[sort, value] and others[sort, value])
        for sort, value in sorted(ours.keys() & others.keys())
    ]
    shared.sort(key=lambda one: (not one.verified, one.sort == HANDLE))
    return Recognition(tuple(shared), tuple(_against(ours, others, names)))


def _by_value(marks: Iterable[Mark]) -> dict[tuple[str, str], bool]:
    found: dict[tuple[str, str], bool] = {}
    for mark in marks:
        key = mark.sort, mark.value
        found[key] = found.get(key, False) or mark.verified
    return found


def _against(
    ours: Mapping[tuple[str, str], bool],
    others: Mapping[tuple[str, str], bool],
    names: tuple[Iterable[str], Iterable[str]],
) -> Iterable[Reason]:
    for sort in (NUMBER, MAIL, PHONE):
        here, there = (
            {value for (kind, value), verified in marks.items() if kind == sort and verified}
            for marks in (ours, others)
        )
        if here and there and not here & there:
            yield Reason(sort, (min(here), min(there)), verified=True)
    first, second = ({_folded(name): name for name in some if name} for some in names)
    if first and second and not first.keys() & second.keys():
        pair = (next(iter(first.values())), next(iter(second.values())))
        yield Reason(NAME, pair, verified=False)


def _folded(name: str) -> str:
    return "".join(unicodedata.normalize("NFKC", name).casefold().split())
