"""The list of themes, and the figures of one: from what the newest run has counted."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, Final

from django.utils import timezone

from sori.change import selectors, weights
from sori.change.models import Surge, Theme, ThemeDay, ThemeFigures, ThemeRun
from sori.change.tallies import KIND_ORDER, Summed, summed
from sori.change.weighing import Facts, Weight, Weights, weigh

WEEK: Final = 7
SORTS: Final = ("weight", "size", "growth", "new")
STATES: Final = ("active", "gone", "hidden")
PAGE: Final = 40


@dataclass(frozen=True)
class Wanted:
    """Which themes a list shows.

    Attributes:
        state: one of STATES.
        kind: only voices of this kind count; "" for all.
        channel: only voices of this channel count; "" for all.
        words: must stand in its name, its phrases or its sentence.
        sort: one of SORTS.
        own: without the voices of campaigns.
        tried: points to be weighed by instead of the company's.
    """

    state: str = "active"
    kind: str = ""
    channel: str = ""
    words: str = ""
    sort: str = "weight"
    own: bool = False
    tried: Weights | None = None


EVERYTHING: Final = Wanted()
_NOTHING: Final = (Facts(), 0)


@dataclass(frozen=True)
class Row:
    """A theme as the list shows it; merged ones are counted with the one they went into.

    Attributes:
        theme: the theme.
        voices: how many said it, in the days of the run.
        last: of them in the last seven days.
        before: in the seven days before.
        days: voices a day, from the first day of the run to today.
        kinds: voices by kind, in order of KIND_ORDER, those that are there.
        surge: its open surge.
        facts: what it is weighed by.
        valued: of how many people it is known what they are worth.
        weight: how much it weighs, and why.
    """

    theme: Theme
    voices: int
    last: int
    before: int
    days: tuple[int, ...]
    kinds: tuple[tuple[str, int], ...]
    surge: Surge | None
    facts: Facts
    valued: int
    weight: Weight

    @property
    def growth(self) -> float | None:
        """How much more in the last seven days than in the seven before; None for "new"."""
        return self.last / self.before - 1 if self.before else None

    @property
    def rise(self) -> float:
        """The growth in units of its own chance, so that one more than one is no news."""
        return self.facts.rise

    @property
    def unhappy(self) -> float | None:
        """How many of those whose mood is known are unhappy, 0 to 1; None where it never is."""
        return self.facts.negative / self.facts.judged if self.facts.judged else None


def listed(wanted: Wanted) -> list[Row]:
    """The themes somebody wants to see, in the order they want."""
    run = selectors.newest_run()
    if run is None:
        return []
    themes = _wanted_themes(wanted)
    surges = {
        surge.key: surge for surge in Surge.objects.filter(sort=Surge.Sort.THEME, ended_at=None)
    }
    rows = _rows(themes, run, wanted, surges)
    if wanted.kind or wanted.channel or wanted.own:
        rows = [row for row in rows if row.voices]
    return sorted(rows, key=_order(wanted.sort), reverse=True)


def row_of(theme: Theme, wanted: Wanted = EVERYTHING) -> Row | None:
    """The same figures of one theme; None before the first run."""
    run = selectors.newest_run()
    if run is None:
        return None
    surges = Surge.objects.filter(sort=Surge.Sort.THEME, key=str(theme.pk), ended_at=None)
    return _rows([theme], run, wanted, {surge.key: surge for surge in surges})[0]


def channels() -> list[str]:
    """The channels any theme was heard on."""
    return sorted(selectors.tallies().channels)


def history(theme: Theme, days: int) -> tuple[list[dict[str, Any]], Counter[str]]:
    """Voices by day and kind (days without any are zero), and by channel, of the last days."""
    today = timezone.localdate()
    first = today - timedelta(days=days - 1)
    kept = ThemeDay.objects.filter(theme__in=selectors.family(theme.pk), day__gte=first)
    counts: Counter[tuple[date, str]] = Counter()
    by_channel: Counter[str] = Counter()
    for day, cube in kept.values_list("day", "counts"):
        for kind, found in cube.items():
            counts[day, kind] += sum(found.values())
            by_channel.update(found)
    kinds = [kind for kind in KIND_ORDER if any(one == kind for _, one in counts)]
    every = [first + timedelta(days=number) for number in range(days)]
    heard = min((day for day, _ in counts), default=today)
    rows = [
        {"day": day, "kind": kind, "voices": counts[day, kind]}
        for day in every
        if day >= min(heard, today - timedelta(days=2 * WEEK - 1))
        for kind in kinds
    ]
    return rows, by_channel


def _wanted_themes(wanted: Wanted) -> list[Theme]:
    rows = Theme.objects.filter(merged_into=None, hidden=wanted.state == "hidden")
    if wanted.state != "hidden":
        gone = Theme.State.GONE if wanted.state == "gone" else Theme.State.ACTIVE
        rows = rows.filter(pk__in=_of_state(gone))
    words = wanted.words.casefold().split()
    return [theme for theme in rows if all(word in _said(theme) for word in words)]


def _of_state(state: str) -> set[int]:
    """Roots of this state; one that is gone is active when something merged into it is heard."""
    where = selectors.roots()
    heard = set(Theme.objects.filter(state=Theme.State.ACTIVE).values_list("pk", flat=True))
    active = {where.get(number, number) for number in heard}
    if state == Theme.State.ACTIVE:
        return active
    return set(Theme.objects.exclude(pk__in=active).values_list("pk", flat=True))


def _said(theme: Theme) -> str:
    public = theme.central if theme.central_public else ""
    return " ".join([theme.name, *theme.phrases, public, f"#{theme.pk}"]).casefold()


def _rows(
    themes: Iterable[Theme], run: ThemeRun, wanted: Wanted, surges: Mapping[str, Surge]
) -> list[Row]:
    today, first = timezone.localdate(), timezone.localdate(run.since)
    counted = summed(
        selectors.tallies(),
        selectors.roots(),
        first,
        max(today, first),
        kind=wanted.kind,
        channel=wanted.channel,
        own=wanted.own,
    )
    points = wanted.tried or weights.weights()
    themes = list(themes)
    figures = _figures([theme.pk for theme in themes] if len(themes) == 1 else None)
    return [
        _row(theme, counted, figures.get(theme.pk, _NOTHING), points, surges.get(str(theme.pk)))
        for theme in themes
    ]


def _figures(themes: list[int] | None) -> dict[int, tuple[Facts, int]]:
    """What is known of themes (None: of all) besides their voices, and of how many people worth."""
    rows = ThemeFigures.objects.all()
    if themes is not None:
        rows = rows.filter(pk__in=themes)
    names = ("judged", "negative", "urgent", "reach", "worth")
    return {
        number: (Facts(**dict(zip(names, known, strict=True))), valued)
        for number, valued, *known in rows.values_list("theme", "valued", *names)
    }


def _row(
    theme: Theme,
    counted: Summed,
    known: tuple[Facts, int],
    points: Weights,
    surge: Surge | None,
) -> Row:
    place = counted.place.get(theme.pk)
    days = [0] * counted.days.shape[1] if place is None else counted.days[place].tolist()
    kinds = [] if place is None else counted.kinds[place].tolist()
    voices, last, before = sum(days), sum(days[-WEEK:]), sum(days[-2 * WEEK : -WEEK])
    facts = replace(
        known[0],
        voices=voices,
        people=theme.people,
        last=last,
        before=before,
        effort=theme.effort,
    )
    return Row(
        theme=theme,
        voices=voices,
        last=last,
        before=before,
        days=tuple(days),
        kinds=tuple((kind, count) for kind, count in zip(KIND_ORDER, kinds, strict=False) if count),
        surge=surge,
        facts=facts,
        valued=known[1],
        weight=weigh(facts, points),
    )


def _order(sort: str) -> Any:
    if sort == "growth":
        return lambda row: (row.surge is not None, row.rise, row.voices)
    if sort == "new":
        return lambda row: (row.theme.first_seen, row.voices)
    if sort == "size":
        return lambda row: (row.voices, row.theme.last_seen)
    return lambda row: (row.weight.points, row.voices, row.theme.last_seen)

