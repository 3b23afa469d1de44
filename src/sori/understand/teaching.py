"""Learn a company's own heads from what its people corrected, and find out whether they are better.

People correct what the machine got wrong and leave alone what it got right, so corrections by
themselves say that everything is wrong: whoever learns from them alone makes a model that changes
its mind everywhere. The right ones have to be put back. If a share e of all labels is wrong, then
n corrections of wrong labels stand for n / e voices, and the others were right as they were. These
are drawn from voices that nobody corrected, each with the shipped answer, and counted the less the
more corrections lie around it (`Lesson.doubt`): what is corrected again and again is not right
elsewhere either. Voices that chance chose and people judged stand for themselves.

The same arithmetic decides. In five parts, each judged by heads learned from the other four, what
the corrections gain is held against what would be lost among the voices nobody corrected; a head
is switched on only when it gains more than chance explains.
"""

from collections.abc import Callable, Mapping, Sequence
from math import ceil
from typing import Any, Final, NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from sori.understand.company import Company
from sori.understand.evidence import sign_test
from sori.understand.fitting import Correction, amended
from sori.understand.labels import fitting, table
from sori.understand.layer import layer
from sori.understand.lesson import Lesson, Room, room_of

Progress: TypeAlias = Callable[[float], None]
"""Told how much is done, 0 to 1."""

FEWEST: Final = 30
"""With fewer judged voices nothing can be proved, and nothing is learned."""

FOLDS: Final = 5
CHANCE: Final = 0.05
"""Chance alone looks this good in one of twenty cases."""


class Judged(NamedTuple):
    """Voices that people judged.

    Attributes:
        heard: `title`, `text` and `lang`, as they were understood.
        values: what each voice's labels should be; labels nobody judged are absent.
        random: whether chance chose the voice.
        unseen: whether the heads now in use have not learned from it.
    """

    heard: pa.RecordBatch
    values: Sequence[Mapping[str, Any]]
    random: Sequence[bool]
    unseen: Sequence[bool]


class Outcome(NamedTuple):
    """What came of one head.

    Attributes:
        verdict: "better" (and switched on), "too_few", "not_better", or "worse_than_now": worse
            than the heads in use, on voices that those have not learned from.
        judged: how many voices people judged that the model can read.
        before: how many of them the shipped model has right.
        after: how many the new head has right, learned from the others.
        unjudged: how many voices nobody corrected were looked at.
        moved: how many of those would be answered differently.
        voices: how many voices the judged ones stand for.
        share: of those, about how many in one are right before, 0 to 1.
        gained: how many would become right.
        lost: how many would become wrong.
        chance: how likely it is that chance alone does so.
    """

    verdict: str
    judged: int
    before: int = 0
    after: int = 0
    unjudged: int = 0
    moved: int = 0
    voices: float = 0.0
    share: float = 0.0
    gained: float = 0.0
    lost: float = 0.0
    chance: float = 1.0


class Taught(NamedTuple):
    """What was learned.

    Attributes:
        company: the heads that are better, as bytes; empty when there are none.
        outcomes: by head.
    """

    company: bytes
    outcomes: Mapping[str, Outcome]


def teach(
    judged: Judged,
    others: pa.RecordBatch,
    *,
    name: str,
    in_use: bytes | None = None,
    progress: Progress = lambda _: None,
) -> Taught:
    """Learn every head for which enough was judged, and keep those that are better.

    Args:
        judged: what people judged.
        others: `title`, `text` and `lang` of voices that chance chose and nobody judged.
        name: what to call the heads, "own-3".
        in_use: the company's heads that speak now.
        progress: told how far it is.
    """
    room = room_of(judged.heard, others)
    now = fitting(in_use)
    outcomes: dict[str, Outcome] = {}
    learned: dict[str, Correction] = {}
    heads = list(table().card["heads"])
    for number, head in enumerate(heads):
        lesson = room.lesson(head, judged.values, judged.random)
        outcomes[head] = outcome = _outcome(room, lesson, judged, now)
        if outcome.verdict == "better":
            everything = np.arange(len(lesson.rows))
            doubt = lesson.doubt(room.matrix, everything)
            learned[head] = lesson.learned(room.matrix, doubt, everything)
        progress((number + 1) / len(heads))
    if not learned:
        return Taught(b"", outcomes)
    places, weights = layer(room.keys, room.rarity, learned)
    company = Company(name, str(table().card["name"]), places, weights)
    return Taught(company.written(), outcomes)


def _outcome(room: Room, lesson: Lesson, judged: Judged, now: Company | None) -> Outcome:
    if min(lesson.judged, len(lesson.rows) - lesson.judged) < FEWEST:
        return Outcome("too_few", lesson.judged)
    said, stands = _out_of_fold(room, lesson)
    before, after = lesson.chances.argmax(axis=1) == lesson.wanted, said == lesson.wanted
    people, machine = slice(lesson.judged), slice(lesson.judged, None)
    moved = ~after[machine]
    gained = int((after & ~before)[people].sum())
    lost = float((before & ~after)[people].sum() + stands[machine][moved].sum())
    chance = sign_test(gained, ceil(lost))
    found = Outcome(
        verdict="better" if chance <= CHANCE else "not_better",
        judged=lesson.judged,
        before=int(before[people].sum()),
        after=int(after[people].sum()),
        unjudged=len(moved),
        moved=int(moved.sum()),
        voices=round(lesson.voices, 1),
        share=round(lesson.right / lesson.voices, 4),
        gained=gained,
        lost=round(lost, 1),
        chance=chance,
    )
    if found.verdict == "better" and now and _worse(room, lesson, judged, now, after):
        return found._replace(verdict="worse_than_now")
    return found


def _out_of_fold(
    room: Room, lesson: Lesson
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float64]]:
    """What heads that have learned from the other folds only say of each voice, and how many it
    stands for by them."""
    said = np.empty(len(lesson.rows), np.int64)
    stands = np.empty(len(lesson.rows))
    folds = room.folds[lesson.rows] % FOLDS
    for fold in range(FOLDS):
        held, rest = np.flatnonzero(folds == fold), np.flatnonzero(folds != fold)
        doubt = lesson.doubt(room.matrix, rest)
        correction = lesson.learned(room.matrix, doubt, rest)
        added = correction.added(room.matrix.take(lesson.rows[held]))
        said[held] = amended(lesson.chances[held], added).argmax(axis=1)
        stands[held] = lesson.stands(room.matrix, doubt, held)
    return said, stands


def _worse(
    room: Room, lesson: Lesson, judged: Judged, now: Company, after: npt.NDArray[np.bool_]
) -> bool:
    """Whether the heads in use do better on what they have not learned from, beyond chance."""
    unseen = np.asarray(judged.unseen, np.bool_)[room.of_judged[lesson.rows[: lesson.judged]]]
    rows = lesson.rows[: lesson.judged][unseen]
    shipped = lesson.chances[: lesson.judged][unseen].astype(np.float32)
    chances = now.added(room.letters.take(rows)).amend(lesson.head, shipped)
    right = chances.argmax(axis=1) == lesson.wanted[: lesson.judged][unseen]
    ours = after[: lesson.judged][unseen]
    return sign_test(int((right & ~ours).sum()), int((ours & ~right).sum())) <= CHANCE
