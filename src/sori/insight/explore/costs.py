"""How long a question takes, guessed beforehand: what decides whether all days are read or some.

The figures are CPU microseconds a mention on a slow core, measured with ten million mentions
(`benchmarks/explorer.py`). They need not be right, only in proportion: a text costs ten times a
mark, and a file must be opened before anything in it is read.
"""

from typing import Final

from sori.insight.explore.selection import Selection

BUDGET: Final = 340_000
"""CPU microseconds a question may take; two idle cores share it and need half as long."""

CHART_BUDGET: Final = 480_000
"""What the chart may take, for it loses most by an estimate: days become weeks."""

FILE: Final = 300
"""What opening the file of one day costs."""

QUESTIONS: Final = {
    "volume": 0.06,
    "volume_by_day": 0.09,
    "themes": 0.03,
    "channels": 0.02,
    "topics": 0.1,
    "rules": 0.08,
    "authors": 0.45,
    "rank": 0.3,
    "texts": 0.6,
}
_TIME: Final = 0.03
_KNOWS_THE_TIME: Final = frozenset({"volume", "rank"})
_WORD: Final = 0.6
_MATCH: Final = 0.25  # of a text that is read anyway
_CASED: Final = 0.8
_LIST: Final = 0.08
_MARK: Final = 0.02
_LISTS: Final = ("rules", "topics")
_MARKS: Final = (
    "channels", "sources", "kinds", "sentiments", "urgencies", "themes", "languages", "authors",
    "followers", "answer", "abuse", "irony", "spam", "doubt",
)  # fmt: skip


def micros(question: str, selection: Selection, *, timed: bool) -> float:
    """What one mention costs.

    Args:
        question: one of QUESTIONS.
        selection: what it is asked of.
        timed: whether the moment of each mention must be looked at.
    """
    cost = QUESTIONS[question]
    if timed and question not in _KNOWS_THE_TIME:
        cost += _TIME
    if selection.words:
        cost += _MATCH if question == "texts" else _WORD
    if any(word.lower() != word.upper() for word in selection.words):
        cost += _CASED
    default = Selection()
    for fields, price in ((_LISTS, _LIST), (_MARKS, _MARK)):
        cost += price * sum(getattr(selection, one) != getattr(default, one) for one in fields)
    return cost
