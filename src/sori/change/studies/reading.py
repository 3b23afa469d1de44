"""A study as its page and its files show it: names, quotes, gaps, differences."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from sori.change.initiatives.models import Evidence
from sori.change.models import Theme
from sori.change.studies import comparing
from sori.change.studies.comparing import Difference, Gap
from sori.change.studies.models import Study
from sori.lake.query import Reader
from sori.lessons.choosing import topic_names
from sori.mention import day_of
from sori.respond.prose import visible
from sori.respond.selectors import cases_of
from sori.sql import read_sql
from sori.understand.privacy import CONTACTS, mask
from sori.understand.themes import shortened

ROOM: Final = "change.studies"
SHOWN: Final = 3
_LONGEST: Final = 200


@dataclass(frozen=True)
class Quote:
    """A sentence that stands for many."""

    mention: str
    kind: str
    channel: str
    words: str
    said_at: Any
    case: int | None


@dataclass(frozen=True)
class Need:
    """What people say about a topic, as a page shows it."""

    topic: str
    name: str
    people: int
    share: float
    kinds: dict[str, int]
    asking: int
    asked: int
    answered: int
    quotes: list[Quote]


@dataclass(frozen=True)
class Side:
    """One of the things a study is about."""

    name: str
    voices: int
    people: int
    kinds: dict[str, int]
    channels: list[tuple[str, int]]
    days: list[dict[str, Any]]
    needs: list[Need]


@dataclass(frozen=True)
class Report:
    """All that a study found.

    Attributes:
        sides: the thing, and what it is compared with.
        looked_at: how many voices were read.
        gaps: needs that nobody looks after, each with its topic's name.
        themed: whether any theme is known in it.
        unowned: themes that no initiative is about: the theme and how many people.
        differences: topic by topic, each with the topic's name; empty without a second side.
    """

    sides: list[Side]
    looked_at: int
    gaps: list[tuple[str, Gap]]
    themed: bool
    unowned: list[tuple[Theme, int]]
    differences: list[tuple[str, Difference]]


def report(reader: Reader, study: Study, *, private: bool) -> Report | None:
    """What a study found; None before it is done for the first time.

    Args:
        reader: the lake.
        study: which one.
        private: whether letters may be quoted too, not only what all can read.
    """
    if study.result is None:
        return None
    found = study.result["sides"]
    names = topic_names()
    quotes = _quotes(reader, found, private=private)
    labels = [study.rule_name, study.rival_name]
    days = _days(study.since, study.until)
    sides = [
        _side(label, side, names, quotes, days) for label, side in zip(labels, found, strict=False)
    ]
    first = found[0]
    answers = any(need["answered"] for need in first["needs"])
    return Report(
        sides=sides,
        looked_at=study.result["looked_at"],
        gaps=[
            (names.get(gap.topic, gap.topic), gap)
            for gap in comparing.gaps(first["needs"], answers=answers)
        ],
        themed=bool(first["themes"]),
        unowned=_unowned(first["themes"]),
        differences=[
            (names.get(row.topic, row.topic), row)
            for row in (comparing.differences(*found) if len(found) > 1 else [])
        ],
    )


def _side(
    name: str,
    side: Mapping[str, Any],
    names: Mapping[str, str],
    quotes: Mapping[str, Quote],
    days: list[str],
) -> Side:
    counted = {(day, kind): count for day, kind, count in side["days"]}
    kinds = [kind for kind in side["kinds"] if side["kinds"][kind]]
    return Side(
        name=name,
        voices=side["voices"],
        people=side["people"],
        kinds=side["kinds"],
        channels=[(channel, count) for channel, count in side["channels"]],
        days=[
            {"day": day, "kind": kind, "voices": counted.get((day, kind), 0)}
            for day in days
            for kind in kinds
        ],
        needs=[_need(need, names, quotes, side["people"]) for need in side["needs"]],
    )


def _need(
    need: Mapping[str, Any], names: Mapping[str, str], quotes: Mapping[str, Quote], people: int
) -> Need:
    shown = [quotes[key] for key in map(_key, need["quotes"]) if key in quotes]
    return Need(
        topic=need["topic"],
        name=names.get(need["topic"], need["topic"]),
        people=need["people"],
        share=need["people"] / people if people else 0.0,
        kinds=need["kinds"],
        asking=need["asking"],
        asked=need["asked"],
        answered=need["answered"],
        quotes=shown[:SHOWN],
    )


def _days(since: date, until: date) -> list[str]:
    """Every day, so that a quiet one shows as a quiet one."""
    return [str(since + timedelta(days=number)) for number in range((until - since).days + 1)]


def _key(quote: Mapping[str, Any]) -> str:
    return f"{quote['mention']} {quote['begin']} {quote['end']}"


def _quotes(
    reader: Reader, sides: Iterable[Mapping[str, Any]], *, private: bool
) -> dict[str, Quote]:
    """The words of the sentences a study chose that are still there and may be shown."""
    chosen = [quote for side in sides for need in side["needs"] for quote in need["quotes"]]
    ids = sorted({quote["mention"] for quote in chosen})
    if not ids:
        return {}
    rows = reader.table(
        read_sql(ROOM, "quoted"), first_day=day_of(ids[0]), ids=ids, private=private
    ).to_pylist()
    texts = {row["id"]: row for row in rows}
    cases = cases_of(texts) if private else {}
    return {
        _key(quote): _quote(quote, texts[quote["mention"]], cases)
        for quote in chosen
        if quote["mention"] in texts
    }


def _quote(quote: Mapping[str, Any], row: Mapping[str, Any], cases: Mapping[str, int]) -> Quote:
    # a sentence in a report is read by people who need to know nobody's telephone number
    words, _sorts = mask(row["text"][quote["begin"] : quote["end"]], also=CONTACTS)
    return Quote(
        mention=row["id"],
        kind=quote["kind"],
        channel=row["channel"],
        words=shortened(visible(words.strip()), _LONGEST),
        said_at=row["said_at"],
        case=cases.get(row["id"]),
    )


def _unowned(themes: list[list[int]]) -> list[tuple[Theme, int]]:
    """The themes that no initiative is about, with how many people speak of them."""
    keys = [str(number) for number, _people in themes]
    rows = Evidence.objects.filter(sort=Evidence.Sort.THEME, key__in=keys)
    ours = {int(key) for key in rows.values_list("key", flat=True)}
    left = comparing.nobodys(themes, ours)
    known = Theme.objects.filter(hidden=False).in_bulk([number for number, _people in left])
    return [(known[number], people) for number, people in left if number in known]
