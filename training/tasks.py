"""What the deep model is taught with: our labels, and what other sets know about the same words.

Three sorts of lessons. A *class* is an answer to one of the questions of `heads.py`. A *contrast*
says which of two answers is the likelier and nothing about the others: a rating of ten says
praise rather than complaint, but not that a review cannot be an idea. A *side* question belongs
to another set (intents of a bank, ratings of insults) and is thrown away afterwards.
"""

from pathlib import Path
from random import Random
from typing import Any, NamedTuple

from corpus import authored, is_held, read_labels, rows, text_of
from heads import HEADS
from insults import made

GOOD = {1: 0.03, 2: 0.04, 3: 0.08, 4: 0.12, 5: 0.25, 6: 0.35, 7: 0.5, 8: 0.75, 9: 0.95, 10: 0.97}
"""The chance that a film review of this rating is good rather than bad."""

FEELING = ("sentiment", "positive", "negative")
MERIT = ("kind", "praise", "complaint")
TROUBLE = ("kind", "complaint", "question")

BROKEN = (
    "declin", "fail", "not_work", "wrong", "not_recogni", "lost", "stolen", "compromis", "charge",
    "pending", "not_update", "not_received", "swallow", "reverted", "cancelled", "blocked",
    "arrival", "forgotten", "unable", "dispute", "extra", "twice",
)  # fmt: skip
"""Parts of the names of banking intents in which something went wrong."""


class Lesson(NamedTuple):
    """One text and what it teaches.

    Attributes:
        text: the message.
        classes: number of the right class, by head or side question.
        contrasts: by (head, one class, another): the chance of the one.
        weight: how much the lesson counts.
    """

    text: str
    classes: dict[str, int]
    contrasts: dict[tuple[str, str, str], float]
    weight: float


def labelled(data: Path) -> list[dict[str, Any]]:
    """Every message with labels of ours: own examples and real ones read by hand."""
    own = [row | {"set": "authored"} for row in authored()]
    return own + read_labels(data)


def own_lessons(found: list[dict[str, Any]]) -> list[Lesson]:
    """The labelled messages outside the held part, and the insults made from parts."""
    lessons = []
    for row in found:
        if not is_held(row["text"]):
            known = [head for head in HEADS if head.knows(row)]
            classes = {head.name: int(head.wanted([row])[0]) for head in known}
            lessons.append(Lesson(row["text"], classes, {}, 1.0))
    for row in made():
        lessons.append(Lesson(row["text"], {"abuse": int(row["abuse"])}, {}, 0.3))
    return lessons


def side_lessons(data: Path, without: set[str], chance: Random) -> list[Lesson]:
    """What the public sets teach; rows in `without` (ids) are left out."""
    found = [*_films(data), *_utterances(data, chance), *_insults(data)]
    found += [*_bank(data), *_assistant(data)]
    return [lesson for number, lesson in found if number not in without]


SIDES = {"intent": 7, "hate": 3, "bank": 77, "assistant": 151}
"""The side questions, and room for how many classes each."""


def _numbered(names: list[str]) -> dict[str, int]:
    return {name: number for number, name in enumerate(sorted(set(names)))}


def _films(data: Path) -> list[tuple[str, Lesson]]:
    found = []
    for row in rows(data, "ko_nsmc_sentiment"):
        good = GOOD[row["rating"]]
        contrasts = {FEELING: good, MERIT: good}
        found.append((row["id"], Lesson(text_of(row), {}, contrasts, 0.7)))
    return found


def _utterances(data: Path, chance: Random) -> list[tuple[str, Lesson]]:
    every = list(rows(data, "ko_3i4k_intent"))
    number = _numbered([row["intent"] for row in every])
    some = chance.sample(every, 14_000)
    return [(r["id"], Lesson(text_of(r), {"intent": number[r["intent"]]}, {}, 0.4)) for r in some]


def _insults(data: Path) -> list[tuple[str, Lesson]]:
    every = list(rows(data, "ko_hate_speech"))
    number = _numbered([row["hate"] for row in every])
    return [(r["id"], Lesson(text_of(r), {"hate": number[r["hate"]]}, {}, 0.4)) for r in every]


def _bank(data: Path) -> list[tuple[str, Lesson]]:
    every = list(rows(data, "en_banking77"))
    number = _numbered([row["intent"] for row in every])
    found = []
    for row in every:
        broken = any(word in row["intent"] for word in BROKEN)
        contrasts = {TROUBLE: 0.8 if broken else 0.1}
        lesson = Lesson(text_of(row), {"bank": number[row["intent"]]}, contrasts, 0.4)
        found.append((row["id"], lesson))
    return found


def _assistant(data: Path) -> list[tuple[str, Lesson]]:
    every = list(rows(data, "en_clinc150"))
    number = _numbered([row["intent"] for row in every])
    some = every[::3]
    return [
        (r["id"], Lesson(text_of(r), {"assistant": number[r["intent"]]}, {}, 0.3)) for r in some
    ]
