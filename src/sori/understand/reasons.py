"""Why does the model say so? The stretches of one text that spoke most for its answer.

The model is a table of weights for runs of letters and words, so its answer is a sum, and the sum
can be taken apart: what each feature adds is shared out among the letters it is made of, and the
letters that got most are what told. Nothing is guessed or trained besides.
"""

from itertools import pairwise
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from sori.understand.company import Company
from sori.understand.features import letters_read, places
from sori.understand.labels import ask, classes, fitting, table
from sori.understand.letters import Letters
from sori.understand.origins import Traced, traced

MOST: Final = 6
_LEAST_SHARE: Final = 0.25
_LONG_WORD: Final = 9
_SPACE: Final = 32


class Span(NamedTuple):
    """A stretch of a text that told.

    Attributes:
        begin: its first character.
        end: the one after its last.
        weight: how much it told, against the one that told most; above 0, at most 1.
    """

    begin: int
    end: int
    weight: float


class Reasons(NamedTuple):
    """Why a text has the label it has.

    Attributes:
        label: the likeliest class of the head; None where the text cannot be read.
        confidence: the chance that it is right, 0 to 1; None where the text cannot be read.
        unsure: whether the model would rather not say; then the label is only its best guess.
        second: the class that comes next.
        second_confidence: the chance that it is that one.
        title: what told in the title, in order.
        text: what told in the text, in order.
    """

    label: Any
    confidence: float | None
    unsure: bool
    second: Any
    second_confidence: float
    title: list[Span]
    text: list[Span]


_UNREAD: Final = Reasons(
    label=None, confidence=None, unsure=True, second=None, second_confidence=0.0, title=[], text=[]
)


def reasons(
    head: str, text: str, *, title: str = "", lang: str | None = None, own: bytes | None = None
) -> Reasons:
    """Why a text has its label.

    Args:
        head: a head of the shipped table: "kind", "sentiment", "urgency", ...
        text: as it is stored.
        title: its title.
        lang: its language as an ISO 639-1 code, where it is known.
        own: the company's own heads, if it has any.
    """
    company = fitting(own)
    joined = f"{title} {text}" if title else text
    read = traced(joined)
    offsets = np.array([0, len(read.codes)], np.int64)
    letters = Letters(np.array(read.codes, np.uint32), offsets, pa.array([lang], pa.string()))
    asked = ask(letters, company)
    answer = asked.answer(head)
    chances = asked.chances(head)[0]
    best, second = np.argsort(-chances, kind="stable")[:2].tolist()
    names = classes(head)
    if asked.unread[0]:
        return _UNREAD
    spans = _spans(read, _evidence(letters, head, best, company), joined)
    start = len(title) + 1 if title else 0
    return Reasons(
        names[best],
        float(answer.confidence[0]),
        bool(answer.unsure[0]),
        names[second],
        float(chances[second]),
        title=_within(spans, 0, len(title)),
        text=_within(spans, start, len(joined)),
    )


def _within(spans: list[Span], first: int, last: int) -> list[Span]:
    """What of the spans lies in a part of the text, counted from where that part begins."""
    cut = [(max(one.begin, first), min(one.end, last), one.weight) for one in spans]
    return [Span(begin - first, end - first, weight) for begin, end, weight in cut if begin < end]


def _evidence(
    letters: Letters, head: str, best: int, company: Company | None
) -> npt.NDArray[np.float64]:
    """How much each letter spoke for the best class against the others."""
    about = table().card["heads"][head]
    said = table().said(letters)[:, about["first"] : about["first"] + about["columns"]]
    said = said * about["sharpness"]
    if company is not None and head in company.places:
        first, columns = company.places[head]
        said = said + company.table.said(letters)[:, first : first + columns]
    if about["columns"] == 1:
        spoke = said[:, 0] if best else -said[:, 0]
    else:
        spoke = said[:, best] - said.mean(axis=1)
    where = letters_read(letters.codes.size)
    blank = letters.codes[where] == _SPACE
    told = np.zeros(len(where) + 1, np.float64)
    for (begin, end), weight in zip(places(letters.codes), spoke.tolist(), strict=True):
        # each letter gets its part of the feature; what falls on spaces is nobody's
        if end > begin:
            told[begin] += weight / (end - begin)
            told[end] -= weight / (end - begin)
    evidence = np.zeros(letters.codes.size, np.float64)
    evidence[where] = np.where(blank, 0.0, np.cumsum(told)[:-1])
    return evidence


def _spans(read: Traced, evidence: npt.NDArray[np.float64], text: str) -> list[Span]:
    """The words that told most, of a very long word only the letters that did."""
    runs = [_best_run(evidence, begin, end) for begin, end in _words(read.codes)]
    most = max((weight for _, _, weight in runs), default=0.0)
    telling = sorted(
        (run for run in runs if run[2] >= _LEAST_SHARE * most), key=lambda run: -run[2]
    )
    return [
        Span(*_trimmed(text, read.origins[begin][0], read.origins[end - 1][1]), weight / most)
        for begin, end, weight in sorted(telling[:MOST])
        if weight > 0
    ]


def _words(codes: list[int]) -> list[tuple[int, int]]:
    borders = [-1, *(at for at, code in enumerate(codes) if code == _SPACE), len(codes)]
    return [(before + 1, after) for before, after in pairwise(borders) if after > before + 1]


def _best_run(evidence: npt.NDArray[np.float64], begin: int, end: int) -> tuple[int, int, float]:
    """A word, or of a long one the letters that add up to most (Kadane's algorithm)."""
    if end - begin <= _LONG_WORD:
        return begin, end, float(evidence[begin:end].sum())
    best, most, start, held = (begin, begin + 1), float("-inf"), begin, 0.0
    for at in range(begin, end):
        if held <= 0:
            start, held = at, 0.0
        held += float(evidence[at])
        if held > most:
            best, most = (start, at + 1), held
    return *best, most


def _trimmed(text: str, begin: int, end: int) -> tuple[int, int]:
    """The stretch without the marks around it, unless it is nothing but marks."""
    letters = [at for at in range(begin, end) if text[at].isalnum()]
    return (letters[0], letters[-1] + 1) if letters else (begin, end)
