"""A selection as a listening rule, where it says something that a rule can listen for."""

from collections.abc import Iterable

from sori.errors import LanguageError
from sori.insight.explore.selection import UNKNOWN, Selection
from sori.listen.language import parse


def rule_of(selection: Selection) -> str | None:
    """The rule that hears what the selection's words pick, or None where it has no words.

    Places, languages, authors and followers become filters of the rule; what the machine says
    about a mention cannot, for a rule is asked before anything is understood.
    """
    if not selection.words:
        return None
    parts = [f'"{word}"' for word in selection.words]
    parts += _either("channel", selection.channels)
    parts += _either("lang", (lang for lang in selection.languages if lang != UNKNOWN))
    parts += _either("author", (name for name in selection.authors if '"' not in name))
    if selection.followers:
        parts.append(f"followers>={selection.followers}")
    rule = " AND ".join(parts)
    try:
        parse(rule)
    except LanguageError:
        return None
    return rule


def _either(name: str, values: Iterable[str]) -> list[str]:
    filters = [f'{name}:"{value}"' for value in values]
    return [f"({' OR '.join(filters)})"] if len(filters) > 1 else filters
