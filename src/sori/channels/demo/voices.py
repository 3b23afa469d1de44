"""What the invented customers say: a topic, a sentence, an opening and a closing."""

import random
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Final

LANGUAGES: Final = ("ko", "en", "ja")
_RATING: Final = {"complaint": (1, 1, 1, 2, 2), "praise": (5, 5, 4), "idea": (4, 3), "": (3, 4, 2)}


@dataclass(frozen=True)
class Speaker:
    """An invented customer."""

    name: str
    handle: str
    email: str
    followers: int


@dataclass(frozen=True)
class Utterance:
    """One thing said.

    Attributes:
        topic: what about.
        text: the words.
        title: the first words, for channels that have subjects.
        rating: stars from 1 to 5, for channels that have them.
    """

    topic: str
    text: str
    title: str
    rating: int


@cache
def _book() -> dict[str, Any]:
    return tomllib.loads(files(__package__).joinpath("voices.toml").read_text(encoding="utf-8"))


@cache
def _topics() -> tuple[tuple[str, ...], tuple[int, ...]]:
    topics = _book()["topics"]
    return tuple(topics), tuple(topic["weight"] for topic in topics.values())


def speaker(number: int) -> Speaker:
    """The customer with this number; the same number is always the same customer."""
    dice = random.Random(f"speaker {number}")  # noqa: S311 (a story, not a secret)
    people = _book()["people"]
    handle = f"{dice.choice(people['handle'])}{number}"
    return Speaker(
        name=dice.choice(people["family"]) + dice.choice(people["given"]),
        handle=handle,
        email=f"{handle}@example.com",
        followers=int(10 ** dice.uniform(0.5, 3.2 if number % 40 else 5)),
    )


def topic(dice: random.Random, *, to_us: bool) -> str:
    """A topic, as often as its weight says; nobody writes us a letter to chat."""
    names, weights = _topics()
    drawn = dice.choices(names, weights)[0]
    return topic(dice, to_us=True) if to_us and drawn == "chatter" else drawn


def speak(dice: random.Random, about: str, *, sentences: int = 1) -> Utterance:
    """Say something about a topic in one to `sentences` sentences."""
    entry = _book()["topics"][about]
    language = next(code for code in LANGUAGES if code in entry)
    lines = dice.sample(entry[language], dice.randint(1, min(sentences, len(entry[language]))))
    spoken = [_filled(dice, line) for line in lines]
    return Utterance(
        topic=about,
        text=_dressed(dice, ". ".join(spoken), entry["kind"]),
        title=spoken[0][:40],
        rating=dice.choice(_RATING.get(entry["kind"], (3,))),
    )


def insist(dice: random.Random) -> str:
    """What somebody writes who has written before."""
    line: str = dice.choice(_book()["phrases"]["followup"])
    return line


def _dressed(dice: random.Random, text: str, kind: str) -> str:
    if not kind:
        return text
    manner = _book()["manners"][kind]
    dressed: str = dice.choice(manner["opening"]) + text + dice.choice(manner["closing"])
    # one in eight writes without spaces, as people do on the train
    return dressed.replace(" ", "") if dice.random() < 0.125 else dressed


def _filled(dice: random.Random, line: str) -> str:
    phrases = _book()["phrases"]
    return line.format(
        place=dice.choice(phrases["place"]),
        plan=dice.choice(phrases["plan"]),
        device=dice.choice(phrases["device"]),
        days=dice.randint(2, 9),
        hour=dice.randint(9, 17),
        amount=f"{dice.randint(3, 180) * 1100:,}",
    )
