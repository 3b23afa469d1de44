"""Filters in words: what each is called, what its values mean, and the chips that take them off."""

from collections.abc import Iterator
from datetime import date
from typing import Any, Final, NamedTuple

from django.utils.formats import date_format, number_format
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as marked

from sori import words
from sori.insight.explore.names import Names
from sori.insight.explore.selection import (
    FILTERS,
    UNKNOWN,
    Selection,
    query_string,
    without,
)

LABELS: Final = {
    "days": marked("Time"),
    "words": marked("Words"),
    "rules": marked("Listening rule"),
    "channels": marked("Channel"),
    "sources": marked("Source"),
    "kinds": marked("Kind"),
    "sentiments": marked("Sentiment"),
    "urgencies": marked("Urgency"),
    "topics": marked("Topic"),
    "themes": marked("Themes"),
    "languages": marked("Language"),
    "authors": marked("Author"),
    "followers": marked("Followers"),
    "answer": marked("Needs an answer"),
    "abuse": marked("Abuse"),
    "irony": marked("Irony"),
    "spam": marked("Advertising"),
    "doubt": marked("Model doubt"),
}


class Chip(NamedTuple):
    """A filter that is on.

    Attributes:
        label: what it is called.
        value: what it asks for, in words.
        without: the query string of the selection without it.
    """

    label: str
    value: str
    without: str


def chips(selection: Selection, names: Names) -> list[Chip]:
    """A chip for every value of every filter that is on, in the order of the query string."""
    return [
        Chip(gettext(LABELS[field]), said, query_string(without(selection, field, value)))
        for field, value, said in _on(selection, names)
    ]


def period(selection: Selection) -> str | None:
    """Days of one's own choice in words: "November 1 to November 3"; None for the usual ones."""
    first, last = selection.since, selection.until
    if first and last:
        return _day(first) if first == last else f"{_day(first)} – {_day(last)}"
    if first:
        return gettext("since %(day)s") % {"day": _day(first)}
    return gettext("until %(day)s") % {"day": _day(last)} if last else None


def value_word(field: str, value: Any, names: Names) -> str:
    """A value of a filter in words."""
    known: dict[str, dict[Any, str]] = {
        "rules": names.rules,
        "sources": names.sources,
        "themes": names.themes,
        "topics": names.topics,
    }
    if field in known:
        return known[field].get(value) or (value if field == "topics" else f"#{value}")
    if field == "channels":
        return words.channel(value)
    if value == UNKNOWN:
        return gettext(words.UNKNOWN)
    if field == "kinds":
        return words.kind(value)
    if field == "sentiments":
        return words.sentiment(value)
    if field == "urgencies":
        return words.urgency(int(value))
    return words.language(value) if field == "languages" else str(value)


def _on(selection: Selection, names: Names) -> Iterator[tuple[str, Any, str]]:
    """Field, value and value in words of every filter that is on."""
    for word in selection.words:
        yield "words", word, f"“{word}”"
    for known in FILTERS.values():
        field, value = known.field, getattr(selection, known.field)
        if known.many:
            for one in value:
                yield field, one, value_word(field, one, names)
        elif value is not None and field in LABELS:
            yield field, None, _alone(field, value)


def _alone(field: str, value: Any) -> str:
    if isinstance(value, bool):
        return gettext("Yes") if value else gettext("No")
    if field == "followers":
        return gettext("%(number)s or more") % {"number": number_format(value)}
    if value == 0:
        return gettext("kind unknown")
    return gettext("confidence under %(share)s") % {"share": f"{value * 100:g}%"}


def _day(day: date) -> str:
    this_year = day.year == date.today().year  # noqa: DTZ011 (only how a date is written)
    return date_format(day, "MONTH_DAY_FORMAT" if this_year else "DATE_FORMAT")
