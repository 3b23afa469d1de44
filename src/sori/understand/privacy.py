"""Find personal data in what customers write, and blot out what must never be stored.

Two groups, by what the desk may keep. Numbers that name or pay for a person (resident, foreigner,
passport, driving licence, card and bank account numbers) are blotted out before the first durable
write: Korean law wants them encrypted or not kept at all, and no reply needs them. Phone numbers,
mail and street addresses are what the desk needs to help; they are found and listed, and stay.

A resident number is known by its date and century digit, never by its check digit: numbers given
out since October 2020 have none. Blotting replaces letters and digits by asterisks and nothing
else, so a text keeps its length and every index into it stays right.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from sori.understand.contract import Step, with_columns
from sori.understand.identifiers import (
    BANK_WORDS,
    FEWEST_OF_AN_ACCOUNT,
    Finding,
    Place,
    can_hold,
    candidates,
)
from sori.understand.letters import string_buffers
from sori.understand.shadows import respelled, shadow
from sori.understand.spots import BANK, MAIL, SPOKEN, spots_in
from sori.understand.travelling import mask_travelling

MASKED: Final = frozenset(
    {
        "resident_number",
        "foreigner_number",
        "passport",
        "driving_licence",
        "card",
        "account",
        "social_security",
    }
)
"""Blotted out wherever they are found."""

CONTACTS: Final = frozenset({"phone", "email", "address"})
"""Found and listed, and left in place unless the caller asks."""

_BEFORE: Final = 340
_AFTER: Final = 340
"""So many characters around a spot are looked at: as far as an address of a page may reach."""
_BLOT: Final = re.compile(r"[^\W_]|[●○■*]")


def mask(text: str, *, also: frozenset[str] = frozenset()) -> tuple[str, list[str]]:
    """Blot out what must not be stored.

    Args:
        text: what somebody wrote.
        also: further sorts to blot out, such as CONTACTS where strangers will read the text.

    Returns:
        The text, of the same length, and the sorts of personal data found in it, in order of
        their names, also those that were left in place.

    >>> mask("제 주민번호는 900101-1234567 입니다")
    ('제 주민번호는 ******-******* 입니다', ['resident_number'])
    """
    findings = find(text)
    masked = _blotted(text, findings, MASKED | also)
    return masked, sorted({found.sort for found in findings})


def find(text: str) -> list[Finding]:
    """All personal data in a text, in order; where two findings overlap, the surer one."""
    raw = text.encode("utf-8", "surrogatepass")
    spots = spots_in(np.frombuffer(raw, np.uint8), np.array([0, len(raw)], np.int32))
    spots.marks[:] |= BANK
    return _found(text, list(map(Place, *(column.tolist() for column in spots[1:]))))


def _found(text: str, places: Sequence[Place]) -> list[Finding]:
    """All personal data at the spots of a text."""
    candidates = [one for place in _merged(places) for one in _at(text, place)]
    if len(candidates) < 2:
        return [one for _, one in candidates]
    candidates.sort()
    taken: list[Finding] = []
    for _, one in candidates:
        if all(one.end <= other.start or other.end <= one.start for other in taken):
            taken.append(one)
    return sorted(taken, key=lambda found: found.start)


def _merged(places: Sequence[Place]) -> Iterator[Place]:
    """The spots, those of several @ near each other as one: each would be searched for all."""
    mail: Place | None = None
    for place in places:
        if place.what != MAIL:
            yield place
        elif mail is not None and place.begin - mail.end < _BEFORE:
            mail = mail._replace(end=place.end)
        else:
            if mail is not None:
                yield mail
            mail = place
    if mail is not None:
        yield mail


def _at(text: str, place: Place) -> Iterator[tuple[tuple[bool, int], Finding]]:
    """What may be personal data at one spot, with how sure it is.

    What stands in digits is surer than what is read from words: "이사010..." is no "24010...".
    """
    low = max(0, place.begin - _BEFORE)
    part = shadow(text[low : place.end + _AFTER])
    here = place._replace(begin=place.begin - low, end=place.end - low) if low else place
    for sure, (sort, start, end) in candidates(part, here):
        yield (False, sure), Finding(sort, start + low, end + low)
    if place.marks & SPOKEN:
        for spelled, there, origin in respelled(part, here):
            for sure, (sort, start, end) in candidates(spelled, there):
                yield (True, sure), Finding(sort, origin[start] + low, origin[end - 1] + 1 + low)


def make_privacy() -> Step:
    """The step that masks `title` and `text` and adds `masked`, the sorts of data found in them.

    The JSON that travels along (`extra`, `reply_address`) is masked as well.
    """

    def step(batch: pa.RecordBatch) -> pa.RecordBatch:
        sorts: dict[int, set[str]] = {}
        columns = {
            name: _mask_column(batch.column(name), sorts)
            for name in ("title", "text")
            if name in batch.schema.names
        }
        columns["masked"] = _listed(batch.num_rows, sorts)
        return with_columns(batch, columns | mask_travelling(batch, mask))

    return step


def _listed(rows: int, sorts: dict[int, set[str]]) -> pa.Array:
    if not sorts:
        return pa.ListArray.from_arrays(np.zeros(rows + 1, np.int32), pa.array([], pa.string()))
    lists: list[list[str]] = [[]] * rows
    for row, found in sorts.items():
        lists[row] = sorted(found)
    return pa.array(lists, pa.list_(pa.string()))


def _mask_column(column: pa.Array, sorts: dict[int, set[str]]) -> pa.Array:
    if column.null_count == len(column):
        return column
    texts = column.cast(pa.string())
    changed: dict[int, str] = {}
    places = _places(pc.fill_null(texts, ""))
    some = texts.take(pa.array(list(places), pa.int64())).to_pylist()
    for row, text in zip(places, some, strict=True):
        findings = _found(text, places[row])
        if findings:
            sorts.setdefault(row, set()).update(found.sort for found in findings)
            masked = _blotted(text, findings, MASKED)
            if masked != text:
                changed[row] = masked
    return _replaced(texts, changed) if changed else texts


def _places(texts: pa.Array) -> dict[int, list[Place]]:
    """The spots of all texts that have any, by their rows."""
    spots = spots_in(*string_buffers(texts))
    long = spots.digits >= FEWEST_OF_AN_ACCOUNT
    rows = np.unique(spots.row[long])
    if len(rows):
        banks = pc.match_substring_regex(texts.take(pa.array(rows)), BANK_WORDS, ignore_case=True)
        speaks = np.zeros(len(texts), np.bool_)
        speaks[rows] = banks.to_numpy(zero_copy_only=False)
        spots.marks[long & speaks[spots.row]] |= BANK
    found: dict[int, list[Place]] = {}
    kept = np.flatnonzero(can_hold(spots))
    for row, *place in zip(*(column[kept].tolist() for column in spots), strict=True):
        found.setdefault(row, []).append(Place(*place))
    return found


def _blotted(text: str, findings: Sequence[Finding], sorts: frozenset[str]) -> str:
    for found in findings:
        if found.sort in sorts:
            hidden = _BLOT.sub("*", text[found.start : found.end])
            text = text[: found.start] + hidden + text[found.end :]
    return text


def _replaced(texts: pa.Array, changed: dict[int, str]) -> pa.Array:
    where = np.zeros(len(texts), np.bool_)
    where[list(changed)] = True
    values = pa.array([changed[row] for row in sorted(changed)], pa.string())
    return pc.replace_with_mask(texts, pa.array(where), values)
