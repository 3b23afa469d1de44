"""The list of themes, and the figures of one: from what the newest run has counted."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final, NamedTuple, overload

from django.db.models import QuerySet
from django.utils import timezone

from sori.change import selectors, weights
from sori.change.models import Surge, Theme, ThemeDay, ThemeFigures, ThemeRun
from sori.change.tallies import KIND_ORDER, Summed, summed
from sori.change.weighing import Facts, Weight, Weights, total, weigh

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
_NOTHING: Final = (0, [0, 0, 0, 0, 0])


class Place(NamedTuple):
    """Where a theme stands on a list, before anything else is read of it."""

    theme: int
    facts: Facts
    valued: int


@dataclass(frozen=True)
class Row:
    """A theme as the list shows it; merged ones are counted with the one they went into.

    Attributes:
        theme: the theme.
        facts: what it is weighed by.
        valued: of how many people it is known what they are worth.
        weight: how much it weighs, and why.
        days: voices a day, from the first day of the run to today.
        kinds: voices by kind, in order of KIND_ORDER, those that are there.
        surge: its open surge.
    """

    theme: Theme
    facts: Facts
    valued: int
    weight: Weight
    days: tuple[int, ...]
    kinds: tuple[tuple[str, int], ...]
    surge: Surge | None

    @property
    def voices(self) -> int:
        """How many said it, in the days of the run."""
        return self.facts.voices

    @property
    def growth(self) -> float | None:
        """How much more in the last seven days than in the seven before; None for "new"."""
        return self.facts.last / self.facts.before - 1 if self.facts.before else None

    @property
    def unhappy(self) -> float | None:
        """How many of those whose mood is known are unhappy, 0 to 1; None where it never is."""
        return self.facts.negative / self.facts.judged if self.facts.judged else None


class Ranking(Sequence[Row]):
    """Themes in their order; what a page shows of one is read when it is asked for.

    Args:
        places: in their order.
        counted: their voices.
        points: by which they are weighed.
    """

    def __init__(self, places: Sequence[Place], counted: Summed, points: Weights) -> None:
        self._places, self._counted, self._points = places, counted, points

    def __len__(self) -> int:
        return len(self._places)

    @overload
    def __getitem__(self, at: int) -> Row: ...

    @overload
    def __getitem__(self, at: slice) -> list[Row]: ...

    def __getitem__(self, at: int | slice) -> Row | list[Row]:
        if isinstance(at, int):
            return self._rows([self._places[at]])[0]
        return self._rows(self._places[at])

    def __iter__(self) -> Iterator[Row]:
        return iter(self[:])

    def _rows(self, places: Sequence[Place]) -> list[Row]:
        numbers = [place.theme for place in places]
        themes = Theme.objects.in_bulk(numbers)
        keys = [str(number) for number in numbers]
        open_ = Surge.objects.filter(sort=Surge.Sort.THEME, key__in=keys, ended_at=None)
        surges = {surge.key: surge for surge in open_}
        return [
            self._row(place, themes[place.theme], surges.get(str(place.theme)))
            for place in places
            if place.theme in themes
        ]

    def _row(self, place: Place, theme: Theme, surge: Surge | None) -> Row:
        at, counted = self._counted.place.get(place.theme), self._counted
        days = [0] * counted.days.shape[1] if at is None else counted.days[at].tolist()
        kinds = [] if at is None else counted.kinds[at].tolist()
        return Row(
            theme=theme,
            facts=place.facts,
            valued=place.valued,
            weight=weigh(place.facts, self._points),
            days=tuple(days),
            kinds=tuple((kind, n) for kind, n in zip(KIND_ORDER, kinds, strict=False) if n),
            surge=surge,
        )


def listed(wanted: Wanted) -> Sequence[Row]:
    """The themes somebody wants to see, in the order they want."""
    run = selectors.newest_run()
    if run is None:
        return []
    points = wanted.tried or weights.weights()
    counted = _counted(run, wanted)
    places = _places(_wanted_themes(wanted), counted)
    if wanted.kind or wanted.channel or wanted.own:
        places = [place for place in places if place.facts.voices]
    return Ranking(_sorted(places, wanted.sort, points), counted, points)


def row_of(theme: Theme, wanted: Wanted = EVERYTHING) -> Row | None:
    """The same figures of one theme; None before the first run."""
    run = selectors.newest_run()
    if run is None:
        return None
    counted = _counted(run, wanted)
    places = _places(Theme.objects.filter(pk=theme.pk), counted)
    return Ranking(places, counted, wanted.tried or weights.weights())[0]


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


def _wanted_themes(wanted: Wanted) -> QuerySet[Theme]:
    """The themes of a list; those that are equal by its order stand as they do here."""
    rows = Theme.objects.filter(merged_into=None, hidden=wanted.state == "hidden")
    rows = rows.order_by("-first_seen" if wanted.sort == "new" else "-last_seen", "pk")
    if wanted.state != "hidden":
        gone = Theme.State.GONE if wanted.state == "gone" else Theme.State.ACTIVE
        rows = rows.filter(pk__in=_of_state(gone))
    words = wanted.words.casefold().split()
    if not words:
        return rows
    known = rows.values_list("pk", "name", "phrases", "central", "central_public")
    said = ((one[0], _said(*one)) for one in known)
    found = [theme for theme, text in said if all(word in text for word in words)]
    return rows.filter(pk__in=found)


def _of_state(state: str) -> set[int]:
    """Roots of this state; one that is gone is active when something merged into it is heard."""
    where = selectors.roots()
    heard = set(Theme.objects.filter(state=Theme.State.ACTIVE).values_list("pk", flat=True))
    active = {where.get(number, number) for number in heard}
    if state == Theme.State.ACTIVE:
        return active
    return set(Theme.objects.exclude(pk__in=active).values_list("pk", flat=True))


def _said(number: int, name: str, phrases: list[str], central: str, public: bool) -> str:
    """What words are looked for in; a sentence only where everybody may read it."""
    return " ".join([name, *phrases, central if public else "", f"#{number}"]).casefold()


def _counted(run: ThemeRun, wanted: Wanted) -> Summed:
    today, first = timezone.localdate(), timezone.localdate(run.since)
    return summed(
        selectors.tallies(),
        selectors.roots(),
        first,
        max(today, first),
        kind=wanted.kind,
        channel=wanted.channel,
        own=wanted.own,
    )


def _places(themes: QuerySet[Theme], counted: Summed) -> list[Place]:
    """What each theme is weighed by; a fixed number of questions."""
    days = counted.days
    by_week = zip(
        days.sum(axis=1).tolist(),
        days[:, -WEEK:].sum(axis=1).tolist(),
        days[:, -2 * WEEK : -WEEK].sum(axis=1).tolist(),
        strict=True,
    )
    weeks = dict(zip(counted.place, by_week, strict=True))
    known = ThemeFigures.objects.values_list(
        "theme", "valued", "judged", "negative", "urgent", "reach", "worth"
    )
    figures = {number: (valued, more) for number, valued, *more in known}
    places = []
    for number, people, effort in themes.values_list("pk", "people", "effort"):
        week = weeks.get(number, (0, 0, 0))
        valued, (judged, negative, urgent, reach, worth) = figures.get(number, _NOTHING)
        facts = Facts(week[0], people, *week[1:], judged, negative, urgent, reach, worth, effort)
        places.append(Place(number, facts, valued))
    return places


def _sorted(places: list[Place], sort: str, points: Weights) -> list[Place]:
    if sort == "new":
        return places
    if sort == "size":
        return sorted(places, key=lambda place: -place.facts.voices)
    if sort == "growth":
        surging = Surge.objects.filter(sort=Surge.Sort.THEME, ended_at=None)
        loud = set(surging.values_list("key", flat=True))
        return sorted(
            places,
            key=lambda place: (str(place.theme) in loud, place.facts.rise, place.facts.voices),
            reverse=True,
        )
    return sorted(places, key=lambda place: -total(place.facts, points))
