"""Add up what people say about something: how much, of which kind, and what they need.

Pure: voices go in, some at a time, in any order; out comes what a study keeps, which holds no
words, only the names of mentions and where in them an opinion stands.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from itertools import zip_longest
from typing import Any, Final

from sori.change.studies.typical import Candidate, typical

NEEDS: Final = 40
THEMES: Final = 20
QUOTES: Final = 6
"""Typical sentences kept of a need; half of them everybody may read."""

ASKING: Final = ("complaint", "question", "idea")
SAYING: Final = (*ASKING, "praise")
_CANDIDATES: Final = 300
_SHORTEST: Final = 6
NO_TOPIC: Final = ""

Row = Mapping[str, Any]


class _Need:
    """What is said about one topic."""

    def __init__(self) -> None:
        self.people: set[int] = set()
        self.by_kind: dict[str, set[int]] = defaultdict(set)
        self.opinions = 0
        self.asked: set[str] = set()
        self.open: list[Candidate] = []
        self.closed: list[Candidate] = []

    def add(self, row: Row, kind: str, begin: int, end: int, person: int) -> None:
        """Count one opinion."""
        self.opinions += 1
        self.people.add(person)
        self.by_kind[kind].add(person)
        if kind in ASKING:
            self.asked.add(row["id"])
        words = row["text"][begin:end].strip()
        pool = self.open if row["public"] else self.closed
        if kind in SAYING and len(words) >= _SHORTEST and len(pool) < _CANDIDATES:
            pool.append(Candidate(row["id"], begin, end, kind, person, words))

    def found(self, topic: str, answered: set[str]) -> dict[str, Any]:
        """What a study keeps of it."""
        half = QUOTES // 2
        open_ = typical(self.open, half)
        closed = typical(self.closed, half, beside=open_)
        # in turns, so that the first few show both
        told = (
            [_quote(one, public=public) for one in some]
            for public, some in ((True, open_), (False, closed))
        )
        quotes = [quote for pair in zip_longest(*told) for quote in pair if quote is not None]
        return {
            "topic": topic,
            "people": len(self.people),
            "opinions": self.opinions,
            "kinds": {kind: len(self.by_kind[kind]) for kind in SAYING if self.by_kind[kind]},
            "asking": len(set().union(*(self.by_kind[kind] for kind in ASKING))),
            "asked": len(self.asked),
            "answered": len(self.asked & answered),
            "quotes": quotes,
        }


class Gathering:
    """One side of a study: what is said about one thing."""

    def __init__(self) -> None:
        self._people: dict[tuple[str, str], int] = {}
        self._days: dict[str, Counter[str]] = defaultdict(Counter)
        self._kinds: Counter[str] = Counter()
        self._channels: Counter[str] = Counter()
        self._needs: dict[str, _Need] = defaultdict(_Need)
        self._themes: dict[int, set[int]] = defaultdict(set)
        self._voices = 0

    def add(self, rows: Iterable[Row]) -> None:
        """Count voices.

        Args:
            rows: id, channel, author_id, public, text, day (YYYY-MM-DD where people live), kind,
                topics, units and theme (its number or None).
        """
        for row in rows:
            self._voices += 1
            kind = row["kind"] or "unknown"
            self._days[str(row["day"])][kind] += 1
            self._kinds[kind] += 1
            self._channels[row["channel"]] += 1
            person = self._person(row)
            if row["theme"] is not None:
                self._themes[row["theme"]].add(person)
            for said, topic, begin, end in _opinions(row):
                self._needs[topic].add(row, said, begin, end, person)

    def asked(self) -> set[str]:
        """The mentions in which somebody asks for something."""
        return set().union(*(need.asked for need in self._needs.values()))

    def found(self, answered: set[str]) -> dict[str, Any]:
        """What a study keeps.

        Args:
            answered: of the mentions `asked`, those we answered.
        """
        needs = sorted(
            self._needs.items(), key=lambda item: (not item[0], -len(item[1].people), item[0])
        )
        themes = sorted(self._themes.items(), key=lambda item: (-len(item[1]), item[0]))
        return {
            "voices": self._voices,
            "people": len(self._people),
            "days": [
                [day, kind, count]
                for day, kinds in sorted(self._days.items())
                for kind, count in sorted(kinds.items())
            ],
            "kinds": dict(self._kinds.most_common()),
            "channels": self._channels.most_common(),
            "needs": [need.found(topic, answered) for topic, need in needs[:NEEDS]],
            "themes": [[number, len(people)] for number, people in themes[:THEMES]],
        }

    def _person(self, row: Row) -> int:
        """A number for whoever speaks; somebody without a name is somebody new each time."""
        who = (row["channel"], row["author_id"] or row["id"])
        return self._people.setdefault(who, len(self._people))


def _quote(one: Candidate, *, public: bool) -> dict[str, Any]:
    return {
        "mention": one.mention,
        "begin": one.begin,
        "end": one.end,
        "kind": one.kind,
        "public": public,
    }


def _opinions(row: Row) -> Iterable[tuple[str, str, int, int]]:
    """The opinions in a voice as (kind, topic, begin, end); a whole text where none was found."""
    units = row["units"] or []
    if not units and row["kind"]:
        topic = (row["topics"] or [NO_TOPIC])[0]
        yield row["kind"], topic, 0, len(row["text"])
    for unit in units:
        kind = unit["kind"] or "other"
        yield kind, unit["topic"] or NO_TOPIC, unit["begin"], unit["end"]
