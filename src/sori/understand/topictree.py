"""The tree of topics customers talk about, as data that a company may edit.

Two levels: groups ("delivery") and the topics in them ("delivery.time"). A topic has a short name
that never changes, a Korean and an English one for people, and the phrases it is known by. Trees
are kept as TOML; the one that ships is `words/topics.toml`, which also explains its fields.
"""

import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from sori.errors import ConfigurationError

SHIPPED: Final = Path(__file__).parent / "words" / "topics.toml"
FIELDS: Final = {"phrases": "phrases", "hints": "hints", "not": "unless", "learned": "learned"}
"""The lists of phrases a topic may have: name in the file, name here."""

_SLUG: Final = re.compile(r"[a-z][a-z0-9_]{0,39}")
_LONGEST: Final = 60
_MOST_TOPICS: Final = 500
_MOST_PHRASES: Final = 20_000
_WIDTH: Final = 98


@dataclass(frozen=True)
class Topic:
    """Something customers talk about.

    Attributes:
        slug: its name in data, such as "billing.refund"; a group's has no dot.
        ko: its name in Korean.
        en: its name in English.
        phrases: each says the topic by itself.
        hints: each says it only near a phrase of the same group.
        unless: longer wordings in which the phrases mean something else.
        learned: phrases found in what people corrected.
    """

    slug: str
    ko: str
    en: str
    phrases: tuple[str, ...] = ()
    hints: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()
    learned: tuple[str, ...] = ()

    @property
    def group(self) -> str:
        """The slug of its group; a group's own."""
        return self.slug.partition(".")[0]


@dataclass(frozen=True)
class Tree:
    """All topics, every group before the topics in it."""

    topics: tuple[Topic, ...]

    @staticmethod
    def parse(text: str) -> "Tree":
        """Read a tree.

        Raises:
            ConfigurationError: naming everything that is wrong, a line each, and what to write.
        """
        try:
            tables = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            raise ConfigurationError(f"the topics are not written in TOML: {error}") from error
        problems: list[str] = []
        tree = Tree(tuple(_topics(tables, problems)))
        problems += _problems(tree)
        if problems:
            raise ConfigurationError("\n".join(problems))
        return tree

    def dump(self) -> str:
        """The tree as TOML; `Tree.parse` reads the same tree from it."""
        return "\n\n".join(_table(topic) for topic in self.topics) + "\n"

    def names(self, language: str) -> dict[str, str]:
        """What every topic is called, "ko" or "en", by its slug."""
        return {topic.slug: topic.ko if language == "ko" else topic.en for topic in self.topics}


@cache
def shipped() -> Tree:
    """The tree that comes with Sori: telecom, bank, delivery, shop, app and what all share."""
    return Tree.parse(SHIPPED.read_text(encoding="utf-8"))


def _topics(tables: Mapping[str, Any], problems: list[str]) -> Iterator[Topic]:
    for name, table in tables.items():
        if not isinstance(table, dict):
            problems.append(f"{name}: must be a group; write [{name}] and its names below")
            continue
        children = {key: value for key, value in table.items() if isinstance(value, dict)}
        yield _topic(name, {k: v for k, v in table.items() if k not in children}, problems)
        for key, value in children.items():
            deeper = [inner for inner, part in value.items() if isinstance(part, dict)]
            for inner in deeper:
                problems.append(
                    f"{name}.{key}.{inner}: topics have two levels; move it to [{name}.{inner}]"
                )
            plain = {k: v for k, v in value.items() if k not in deeper}
            yield _topic(f"{name}.{key}", plain, problems)


def _topic(slug: str, table: Mapping[str, Any], problems: list[str]) -> Topic:
    if not all(_SLUG.fullmatch(part) for part in slug.split(".")):
        problems.append(f"{slug}: a name is written in small letters a-z, digits and _")
    for key in table.keys() - FIELDS.keys() - {"ko", "en"}:
        problems.append(f"{slug}: no field is called {key!r}; there are ko, en, {_and(FIELDS)}")
    ko, en = (_name(slug, table, field, problems) for field in ("ko", "en"))
    if not ko and not en:
        problems.append(f'{slug}: has no name; write ko = "..." or en = "..."')
    lists = {
        attribute: _phrases(f"{slug}.{field}", table.get(field, []), problems)
        for field, attribute in FIELDS.items()
    }
    return Topic(slug, ko or en, en or ko, **lists)


def _name(slug: str, table: Mapping[str, Any], field: str, problems: list[str]) -> str:
    name = table.get(field, "")
    if not isinstance(name, str) or len(name) > _LONGEST:
        problems.append(f"{slug}.{field}: must be a text of at most {_LONGEST} characters")
        return ""
    return name.strip()


def _phrases(where: str, given: Any, problems: list[str]) -> tuple[str, ...]:
    if not isinstance(given, list) or not all(isinstance(phrase, str) for phrase in given):
        problems.append(f'{where}: must be a list of texts, such as ["환불", "refund*"]')
        return ()
    for phrase in given:
        wrong = _wrong(phrase)
        if wrong:
            problems.append(f"{where}: {phrase!r} {wrong}")
    return tuple(dict.fromkeys(given))


def _wrong(phrase: str) -> str | None:
    """What is wrong with a phrase, or None."""
    letters = [character for character in phrase if character.isalnum()]
    if not letters:
        return "has no letters; take it out"
    if len(phrase) > _LONGEST:
        return f"is longer than {_LONGEST} characters; keep the telling part"
    if len(letters) == 1 and letters[0].isascii():
        return "is a single letter and would be found everywhere; write a whole word"
    if "*" in phrase[:-1]:
        return "has a * in it that is not its last character; only the end of a word may be open"
    return None


def _problems(tree: Tree) -> Iterator[str]:
    if len(tree.topics) > _MOST_TOPICS:
        yield f"there are {len(tree.topics)} topics; leave out some, {_MOST_TOPICS} is the most"
    count = sum(len(getattr(topic, name)) for topic in tree.topics for name in FIELDS.values())
    if count > _MOST_PHRASES:
        yield f"there are {count} phrases; leave out some, {_MOST_PHRASES} is the most"
    owners: dict[str, str] = {}
    for topic in tree.topics:
        for phrase in topic.phrases:
            owner = owners.setdefault(phrase, topic.slug)
            if owner != topic.slug:
                yield f"{phrase!r} stands in {owner} and in {topic.slug}; leave it in one of them"
        for phrase in sorted(set(topic.phrases) & set(topic.unless)):
            yield f"{topic.slug}: {phrase!r} stands in phrases and in not; leave it in one of them"


def _table(topic: Topic) -> str:
    lines = [f"[{topic.slug}]", f"ko = {_text(topic.ko)}", f"en = {_text(topic.en)}"]
    lines += [
        _list(field, getattr(topic, attribute))
        for field, attribute in FIELDS.items()
        if getattr(topic, attribute)
    ]
    return "\n".join(lines)


def _list(field: str, phrases: tuple[str, ...]) -> str:
    rows = [""]
    for phrase in phrases:
        item = f"{_text(phrase)}, "
        if rows[-1] and len(rows[-1]) + len(item) > _WIDTH:
            rows.append("")
        rows[-1] += item
    if len(rows) == 1 and len(rows[0]) + len(field) < _WIDTH - 4:
        return f"{field} = [{rows[0].rstrip(', ')}]"
    return "\n".join([f"{field} = [", *(f"    {row.rstrip()}" for row in rows), "]"])


def _text(text: str) -> str:
    # a basic string of TOML is one of JSON, but for DEL, which JSON leaves as it is
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _and(names: Mapping[str, Any]) -> str:
    *first, last = names
    return f"{', '.join(first)} and {last}"
