"""A page a manager likes to open: what the messages of a file say, in one self-contained HTML file.

Built while the file is being read and of bounded size, however long the file is. Messages are
shown only with personal data blotted out, contact data too: reports are passed on.
"""

import heapq
import tomllib
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Final, NamedTuple

import jinja2
import numpy as np
import pyarrow as pa

from sori.mention import KINDS, SENTIMENTS
from sori.understand.assigning import texts_of
from sori.understand.charts import over_time, span_of
from sori.understand.gist import SAMPLE, Gist
from sori.understand.labels import table
from sori.understand.nearcopy import likeness
from sori.understand.privacy import CONTACTS, mask
from sori.understand.telling import TellingWords, shares
from sori.understand.topictree import shipped

UNKNOWN: Final = "unknown"
LANGUAGES: Final = ("ko", "en")
_WORDS: Final = Path(__file__).parent / "words"
_KEPT: Final = 60
_SHOWN_EXAMPLES: Final = 5
_SHOWN_URGENT: Final = 20
_SHOWN_TOPICS: Final = 14
_SHOWN_CHARACTERS: Final = 280
_SHORTEST: Final = 12
_TOO_ALIKE: Final = 0.4
_WORD_SAMPLE: Final = 50_000


class Example(NamedTuple):
    """A message worth showing; sorts by confidence."""

    confidence: float
    number: int
    text: str
    day: str
    reason: str | None
    sketch: Sequence[int]


class Report:
    """Counts and examples of a file of messages, and the page that shows them."""

    def __init__(self, name: str, language: str = "ko") -> None:
        self.name = name
        self.language = language if language in LANGUAGES else "en"
        self.rows = 0
        self.unreadable = 0
        self.answers = 0
        self.abuses = 0
        self.urgencies: Counter[int | None] = Counter()
        self.kinds: Counter[str] = Counter()
        self.feelings: dict[str, Counter[str]] = {}
        self.topics: dict[str, Counter[str]] = {}
        self.languages: Counter[str] = Counter()
        self.personal: Counter[str] = Counter()
        self.days: dict[date, Counter[str]] = {}
        self.words = TellingWords()
        self.gist = Gist()
        self.examples: dict[str, list[Example]] = {}
        self.urgent: list[Example] = []

    def add(
        self,
        batch: pa.RecordBatch,
        dates: Sequence[str | None],
        authors: Sequence[str | None],
    ) -> None:
        """Count a batch that has been understood.

        Args:
            batch: with the UNDERSTOOD columns.
            dates: when each message was written, as the file has it; None where it does not.
            authors: who wrote it; None where the file does not tell.
        """
        for row, written in zip(batch.to_pylist(), dates, strict=True):
            self.rows += 1
            self._count(row, day_of(written) if written else None)
        for text, author in zip(texts_of(batch), authors, strict=True):
            self.gist.add(text, author)

    def _count(self, row: dict[str, Any], day: date | None) -> None:
        if not row["text"]:
            self.unreadable += 1
        kind = row["kind"] or UNKNOWN
        self.kinds[kind] += 1
        self.feelings.setdefault(kind, Counter())[row["sentiment"] or UNKNOWN] += 1
        for topic in row["topics"]:
            self.topics.setdefault(topic, Counter())[kind] += 1
        self.languages[row["lang"] or UNKNOWN] += 1
        self.urgencies[row["urgency"]] += 1
        self.answers += bool(row["answer"])
        self.abuses += bool(row["abuse"])
        self.personal.update(row["masked"] or ())
        if day:
            self.days.setdefault(day, Counter())[kind] += 1
        if row["kind"] and self.rows <= _WORD_SAMPLE:
            self.words.add(kind, row["text"])
        self._keep(row, kind, day)

    def _keep(self, row: dict[str, Any], kind: str, day: date | None) -> None:
        shown = day.isoformat() if day else ""
        if row["urgency"] == 2:
            example = self._example(row, row["urgency_confidence"], shown)
            _push(self.urgent, example, _KEPT)
        if row["kind"] and len(row["text"]) >= _SHORTEST:
            example = self._example(row, row["kind_confidence"], shown)
            _push(self.examples.setdefault(kind, []), example, _KEPT)

    def _example(self, row: dict[str, Any], confidence: float, day: str) -> Example:
        return Example(
            confidence, -self.rows, row["text"], day, row["urgency_reason"], row["sketch"] or ()
        )

    def html(self) -> str:
        """The page."""
        words = words_in(self.language)
        facts = {
            "words": words,
            "lang": self.language,
            "name": self.name,
            "rows": self.rows,
            "unreadable": self.unreadable,
            "model": table().card["name"],
            "kinds": [(kind, self.kinds[kind]) for kind in (*KINDS, UNKNOWN)],
            "feelings": self._feelings(),
            "topics": self._topics(),
            "urgent_count": self.urgencies[2],
            "urgent": different(self.urgent, _SHOWN_URGENT),
            "answers": self.answers,
            "abuses": self.abuses,
            "groups": [self._group(kind) for kind in KINDS],
            "themes": [one._replace(quote=_shown(one.quote)) for one in self.gist.top()],
            "sampled": self.gist.sampled,
            "sample": min(self.gist.seen, SAMPLE),
            "languages": self._named_languages(),
            "personal": [(words[sort], count) for sort, count in self.personal.most_common()],
            "volume": self._volume(words),
            "period": (min(self.days), max(self.days)) if self.days else None,
        }
        return _template().render(facts)

    def _feelings(self) -> list[tuple[str, int, list[tuple[str, float]]]]:
        found = []
        for kind in KINDS:
            counts = self.feelings.get(kind, Counter())
            part = shares(counts)
            order = [(name, part[name]) for name in (*SENTIMENTS, UNKNOWN) if part.get(name)]
            if order:
                found.append((kind, counts.total(), order))
        return found

    def _topics(self) -> list[tuple[str, int, list[tuple[str, int]]]]:
        """The topics most spoken of: name, messages, and these by kind."""
        names = shipped().names(self.language)
        ranked = sorted(self.topics.items(), key=lambda one: (-one[1].total(), one[0]))
        return [
            (
                names.get(topic, topic),
                counts.total(),
                [(kind, counts[kind]) for kind in (*KINDS, UNKNOWN) if counts[kind]],
            )
            for topic, counts in ranked[:_SHOWN_TOPICS]
        ]

    def _group(self, kind: str) -> dict[str, Any]:
        return {
            "kind": kind,
            "count": self.kinds[kind],
            "examples": different(self.examples.get(kind, []), _SHOWN_EXAMPLES),
            "telling": self.words.top(kind),
        }

    def _named_languages(self) -> list[tuple[str, int]]:
        words = words_in(self.language)
        names = words["language_names"] | {UNKNOWN: words[UNKNOWN]}
        return [(names.get(code, code), count) for code, count in self.languages.most_common(8)]

    def _volume(self, words: dict[str, Any]) -> dict[str, str] | None:
        if len(self.days) < 2:
            return None
        name = span_of(list(self.days)).name
        note = words["volume_note" if name == "day" else f"volume_{name}"]
        return {"note": note, "chart": over_time(self.days, (*KINDS, UNKNOWN), note)}


@cache
def words_in(language: str) -> dict[str, Any]:
    """The words of the report in a language."""
    return tomllib.loads((_WORDS / f"report_{language}.toml").read_text(encoding="utf-8"))


def day_of(written: str) -> date | None:
    """The day in a date as people write it, or None.

    >>> day_of("2024. 3. 9 오후 3:12")
    datetime.date(2024, 3, 9)
    """
    plain = written.strip().replace(".", "-").replace("/", "-").replace(" ", "")
    digits = plain.replace("-", "")[:8]
    try:
        if "-" not in plain[:5]:
            return date(int(digits[:4]), int(digits[4:6]), int(digits[6:8]))
        year, month, rest = plain.split("-", 2)
        day = rest[:2] if rest[:2].isdigit() else rest[:1]
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def different(examples: Iterable[Example], most: int) -> list[Example]:
    """The surest examples that do not repeat each other, ready to be shown to strangers."""
    taken: list[Example] = []
    for one in sorted(examples, reverse=True):
        if len(taken) == most:
            break
        sketch = np.array(one.sketch)
        if any(likeness(sketch, np.array(other.sketch)) > _TOO_ALIKE for other in taken):
            continue
        taken.append(one)
    return [one._replace(text=_shown(one.text)) for one in taken]


def _shown(text: str) -> str:
    masked, _ = mask(text[: 2 * _SHOWN_CHARACTERS], also=CONTACTS)
    line = " ".join(masked.split())
    return line if len(line) <= _SHOWN_CHARACTERS else line[: _SHOWN_CHARACTERS - 1].rstrip() + "…"


def _push(heap: list[Example], example: Example, most: int) -> None:
    if len(heap) < most:
        heapq.heappush(heap, example)
    else:
        heapq.heappushpop(heap, example)


@cache
def _template() -> jinja2.Template:
    house = jinja2.Environment(
        loader=jinja2.PackageLoader("sori.understand", "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return house.get_template("report.html")
