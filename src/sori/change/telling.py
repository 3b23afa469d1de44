"""Say in the journal what a run has found out about themes that somebody wants to hear of."""

from collections.abc import Collection, Iterable
from datetime import timedelta
from typing import Final

from sori.change import selectors
from sori.change.counting import Figures
from sori.change.looking import Look
from sori.change.models import ThemeChange, ThemeFigures
from sori.change.weighing import CHANCE, Facts
from sori.journal.services import record

QUIET: Final = timedelta(days=7)
"""So long nobody is told again that the same theme grows."""

_LOUD: Final = 1.5 * CHANCE
_WEEK: Final = 7


def tell(found: Look, lineage: Iterable[ThemeChange]) -> None:
    """Tell of growth beyond chance, and of what the machine has made of a theme.

    To be called in the transaction that writes the run, after its figures are written.
    """
    wanted = selectors.subscribed()
    if not wanted:
        return
    for change in lineage:
        if change.theme_id in wanted:
            record("theme.became", f"theme:{change.theme_id}", what=change.what)
    roots = set(wanted.values())
    rows = ThemeFigures.objects.filter(theme__in=roots).exclude(grew_at__gt=found.at - QUIET)
    for theme in rows.values_list("theme", flat=True):
        weeks = _weeks(selectors.family(theme), found)
        if weeks.rise >= _LOUD:
            ThemeFigures.objects.filter(pk=theme).update(grew_at=found.at)
            record("theme.grew", f"theme:{theme}", last=weeks.last, before=weeks.before)


def _weeks(themes: Collection[int], found: Look) -> Facts:
    """How often themes were heard in the last seven days, and in the seven before."""
    known = found.counted.figures
    days = [_by_week(known[theme], found) for theme in themes if theme in known]
    return Facts(last=sum(last for last, _ in days), before=sum(before for _, before in days))


def _by_week(figures: Figures, found: Look) -> tuple[int, int]:
    last = before = 0
    for day, cube in figures.days.items():
        count = sum(sum(channels.values()) for channels in cube.values())
        if (day - found.since.date()).days >= _WEEK:
            last += count
        else:
            before += count
    return last, before
