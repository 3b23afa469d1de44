"""Which mentions somebody wants to see: one value, read from a query string and written as one.

The whole state of the explorer is in its address, so that it can be kept and handed on. Whatever
stands there that cannot be understood is named in a `Problem` and left out, never guessed.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any, Final, NamedTuple
from urllib.parse import urlencode

from sori.mention import KINDS, SENTIMENTS, URGENCIES

UNKNOWN: Final = "unknown"
"""What the machine could not tell, as a value to pick."""

PERIODS: Final = (7, 30, 90)
ALL_TIME: Final = "all"
ORDERS: Final = ("newest", "reach")
MOST_WORDS: Final = 5
MOST_VALUES: Final = 50
LONGEST: Final = 120
EARLIEST: Final = date(1970, 1, 1)
LATEST: Final = date(2199, 12, 31)

Pair = tuple[str, str]


def _(sentence: str) -> str:
    """Mark a sentence for translation; the page that shows it translates."""
    return sentence


NO_FILTER: Final = _("There is no filter “%(name)s”.")
NO_VALUE: Final = _("“%(value)s” is no value of the filter “%(name)s”.")
NO_DAY: Final = _("“%(value)s” is no day; write it like 2026-11-22.")
TURNED: Final = _("The last day was before the first; they were changed round.")
TOO_MANY: Final = _(
    "The filter “%(name)s” has more values than it can take; the rest was left out."
)


class Problem(NamedTuple):
    """Something in a query string that was left out or mended.

    Attributes:
        sentence: what is wrong, with holes for `name` and `value`; to be translated.
        name: the filter, as the query string calls it.
        value: what stood there, shortened.
    """

    sentence: str
    name: str
    value: str = ""


@dataclass(frozen=True)
class Selection:
    """Which mentions to show, and in which order.

    Filters of different names must all hold; of the values of one filter, any. An empty tuple or
    None does not filter.

    Attributes:
        days: the last so many days, today included; None for days of one's own, or all time.
        since: the first day.
        until: the last day.
        rules: ids of listening rules that found it.
        channels: where.
        sources: ids of the sources that brought it.
        kinds: of `mention.KINDS` or UNKNOWN; likewise `sentiments`, `urgencies` (as "0" to "2").
        topics: names in the tree of topics.
        themes: numbers of themes.
        languages: ISO 639-1 codes or UNKNOWN.
        authors: what accounts are called, by id or by name.
        words: what stands in title or text, all of them, in any case of letters.
        followers: at least so many.
        answer: whether an answer is expected; None does not filter. False includes what nobody
            could tell; likewise `abuse`, `irony` and `spam`.
        doubt: only where the kind is unknown or its confidence under this; 0 is only the unknown.
        order: of the list.
    """

    days: int | None = 30
    since: date | None = None
    until: date | None = None
    rules: tuple[int, ...] = ()
    channels: tuple[str, ...] = ()
    sources: tuple[int, ...] = ()
    kinds: tuple[str, ...] = ()
    sentiments: tuple[str, ...] = ()
    urgencies: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    themes: tuple[int, ...] = ()
    languages: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    followers: int | None = None
    answer: bool | None = None
    abuse: bool | None = None
    irony: bool | None = None
    spam: bool | None = None
    doubt: float | None = None
    order: str = "newest"

    @property
    def picks(self) -> bool:
        """Whether anything but time is filtered."""
        timeless = replace(self, days=30, since=None, until=None, order="newest")
        return timeless != Selection()


def _number(text: str) -> int | None:
    return int(text) if re.fullmatch(r"[0-9]{1,18}", text) else None


def _name(text: str) -> str | None:
    return text if len(text) <= LONGEST and text.isprintable() else None


def _one_of(*known: str) -> Callable[[str], str | None]:
    return lambda text: text if text in known else None


def _language(text: str) -> str | None:
    return text if text == UNKNOWN or re.fullmatch(r"[a-z]{2,3}", text) else None


def _yes_or_no(text: str) -> bool | None:
    return {"yes": True, "no": False}.get(text)


def _share(text: str) -> float | None:
    if text == UNKNOWN:
        return 0.0
    return float(text) if re.fullmatch(r"0?\.[0-9]{1,4}|1", text) else None


class Filter(NamedTuple):
    """How one filter stands in a query string.

    Attributes:
        field: of Selection.
        read: the value in a text, None where it is no value.
        many: whether it may have several values.
    """

    field: str
    read: Callable[[str], Any]
    many: bool = True


FILTERS: Final = {
    "rule": Filter("rules", _number),
    "channel": Filter("channels", _name),
    "source": Filter("sources", _number),
    "kind": Filter("kinds", _one_of(*KINDS, UNKNOWN)),
    "sentiment": Filter("sentiments", _one_of(*SENTIMENTS, UNKNOWN)),
    "urgency": Filter("urgencies", _one_of(*map(str, URGENCIES), UNKNOWN)),
    "topic": Filter("topics", _name),
    "theme": Filter("themes", _number),
    "lang": Filter("languages", _language),
    "author": Filter("authors", _name),
    "followers": Filter("followers", _number, many=False),
    "answer": Filter("answer", _yes_or_no, many=False),
    "abuse": Filter("abuse", _yes_or_no, many=False),
    "irony": Filter("irony", _yes_or_no, many=False),
    "spam": Filter("spam", _yes_or_no, many=False),
    "doubt": Filter("doubt", _share, many=False),
    "order": Filter("order", _one_of(*ORDERS), many=False),
}
"""The filters by their names in a query string; besides them there are `days`, `from`, `to` and
`words`."""


def read(pairs: Iterable[Pair]) -> tuple[Selection, list[Problem]]:
    """What a query string asks for, and what in it could not be understood.

    Args:
        pairs: its names and values, decoded; empty values count as absent.
    """
    problems: list[Problem] = []
    found: dict[str, Any] = {}
    for name, raw in pairs:
        value = raw.strip()
        if not value:
            continue
        if name in FILTERS:
            _read_filter(name, value, found, problems)
        elif name == "words":
            _add_words(value, found, problems)
        elif name in {"from", "to"}:
            _read_day(name, value, found, problems)
        elif name == "days":
            _read_days(value, found, problems)
        else:
            problems.append(Problem(NO_FILTER, name[:LONGEST]))
    return _in_order(found, problems), problems


def _read_filter(name: str, text: str, found: dict[str, Any], problems: list[Problem]) -> None:
    known = FILTERS[name]
    value = known.read(text)
    if value is None:
        problems.append(Problem(NO_VALUE, name, text[:LONGEST]))
    elif not known.many:
        found[known.field] = value
    elif value not in (held := found.get(known.field, ())):
        if len(held) == MOST_VALUES:
            problems.append(Problem(TOO_MANY, name))
        else:
            found[known.field] = (*held, value)


def _add_words(text: str, found: dict[str, Any], problems: list[Problem]) -> None:
    for phrase, word in re.findall(r'"([^"]*)"|([^\s"]+)', text):
        value = _name(" ".join((phrase or word).split()))
        held = found.get("words", ())
        if value is None:
            problems.append(Problem(NO_VALUE, "words", (phrase or word)[:LONGEST]))
        elif value and value not in held:
            if len(held) == MOST_WORDS:
                problems.append(Problem(TOO_MANY, "words"))
                break
            found["words"] = (*held, value)


def _read_day(name: str, text: str, found: dict[str, Any], problems: list[Problem]) -> None:
    try:
        day = (
            date.fromisoformat(text) if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text) else None
        )
    except ValueError:
        day = None
    if day is None or not EARLIEST <= day <= LATEST:
        problems.append(Problem(NO_DAY, name, text[:LONGEST]))
    else:
        found["since" if name == "from" else "until"] = day


def _read_days(text: str, found: dict[str, Any], problems: list[Problem]) -> None:
    if text == ALL_TIME:
        found["days"] = None
    elif _number(text) in PERIODS:
        found["days"] = int(text)
    else:
        problems.append(Problem(NO_VALUE, "days", text[:LONGEST]))


def _in_order(found: dict[str, Any], problems: list[Problem]) -> Selection:
    since, until = found.get("since"), found.get("until")
    if since or until:
        found["days"] = None
    if since and until and until < since:
        found["since"], found["until"] = until, since
        problems.append(Problem(TURNED, "to", str(until)))
    return Selection(**found)


def pairs(selection: Selection) -> list[Pair]:
    """The names and values of a selection, in an order that is always the same."""
    made: list[Pair] = []
    if selection.since or selection.until:
        made += [("from", str(selection.since))] if selection.since else []
        made += [("to", str(selection.until))] if selection.until else []
    elif selection.days != Selection.days:
        made.append(("days", str(selection.days or ALL_TIME)))
    if selection.words:
        made.append(("words", " ".join(quoted(word) for word in selection.words)))
    for name, known in FILTERS.items():
        value = getattr(selection, known.field)
        if known.many:
            made += [(name, str(one)) for one in value]
        elif value != _DEFAULTS[known.field]:
            made.append((name, written(name, value)))
    return made


def query_string(selection: Selection) -> str:
    """A selection as the query string that says it; empty for the one that is shown first."""
    return urlencode(pairs(selection))


def quoted(word: str) -> str:
    """A word as `words` is written; more than one word stand between quotation marks."""
    return f'"{word}"' if " " in word else word


def written(name: str, value: Any) -> str:
    """A value that stands alone, as a query string has it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if name == "doubt":
        return f"{value:g}" if value else UNKNOWN
    return str(value)


def without(selection: Selection, field: str, value: Any = None) -> Selection:
    """The selection with one value of a field taken off, or a field that has only one."""
    held = getattr(selection, field)
    fewer = tuple(one for one in held if one != value) if isinstance(held, tuple) else None
    return _changed(selection, field, _DEFAULTS[field] if fewer is None else fewer)


def narrowed(selection: Selection, field: str, value: Any) -> Selection:
    """The selection with one more value; of a field that has several, beside those it has."""
    held = getattr(selection, field)
    if isinstance(held, tuple):
        value = held if value in held else (*held, value)
    return _changed(selection, field, value)


def _changed(selection: Selection, field: str, value: Any) -> Selection:
    changes: dict[str, Any] = {field: value}
    return replace(selection, **changes)


_DEFAULTS: Final = {field.name: field.default for field in fields(Selection)}
