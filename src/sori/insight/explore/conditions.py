"""Turn a selection into what the lake is asked: the values that its SQL names with a $.

The SQL itself stands in files and never changes; what a person typed is only ever bound.
"""

from datetime import UTC, datetime
from string import punctuation
from typing import Any, Final

from sori.insight.explore.selection import MOST_WORDS, Selection

_MARKS: Final = frozenset(punctuation)

# lists of these fields are asked under their own names
_LISTS: Final = (
    "rules", "channels", "sources", "kinds", "sentiments", "urgencies", "topics", "themes",
    "languages", "authors",
)  # fmt: skip
_ALONE: Final = ("followers", "answer", "abuse", "irony", "spam", "doubt")


def conditions(selection: Selection) -> dict[str, Any]:
    """What `picked.sql` names: every filter but time; None where nothing is filtered."""
    asked: dict[str, Any] = {name: list(getattr(selection, name)) or None for name in _LISTS}
    asked |= {name: getattr(selection, name) for name in _ALONE}
    for name, one in (("rules", "rule"), ("topics", "topic")):
        # looking for one value in a list takes half as long as looking for any of some
        alone = asked[name] is not None and len(asked[name]) == 1
        asked[one] = asked[name][0] if alone else None
        asked[name] = None if alone else asked[name]
    for number in range(MOST_WORDS):
        words = selection.words[number : number + 1]
        asked[f"word_{number + 1}"] = pattern(words[0]) if words else None
    return asked


def times(
    begin: datetime | None, end: datetime | None, days: tuple[str, ...] | None = None
) -> dict[str, Any]:
    """What `within.sql` names: a stretch of time, and the partitions that can hold any of it.

    Args:
        begin: its first moment, None for no beginning.
        end: the moment after its last, None for no end.
        days: look only into these partitions.
    """
    return {
        "begin": begin,
        "end": end,
        "first_day": partition(begin) if begin else None,
        "last_day": partition(end) if end else None,
        "days": list(days) if days is not None else None,
    }


def partition(at: datetime) -> str:
    """The partition of the lake that holds what was said at a moment: its day in UTC."""
    return at.astimezone(UTC).strftime("%Y-%m-%d")


def pattern(word: str) -> str:
    """A regular expression (RE2) that finds a word as it stands, in any case of letters.

    A search without regard to case costs a fifth more, so it is asked for only where the word has
    letters that have a case: Korean ones have none.
    """
    escaped = "".join(f"\\{letter}" if letter in _MARKS else letter for letter in word)
    return f"(?i){escaped}" if word.lower() != word.upper() else escaped
