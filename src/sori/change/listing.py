"""The list of themes, and the figures of one: from what the newest run has counted."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from math import sqrt
from typing import Any, Final

from django.utils import timezone

from sori.change import selectors
from sori.change.counting import UNCLEAR, Cube
from sori.change.models import Surge, Theme, ThemeDay, ThemeRun
from sori.mention import KINDS

WEEK: Final = 7
SORTS: Final = ("size", "growth", "new")
STATES: Final = ("active", "gone", "hidden")
KIND_ORDER: Final = (*KINDS, UNCLEAR)
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
    """

    state: str = "active"
    kind: str = ""
    channel: str = ""
    words: str = ""
    sort: str = "size"
    own: bool = False


EVERYTHING: Final = Wanted()


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
    """

    theme: Theme
    voices: int
    last: int
    before: int
    days: tuple[int, ...]
    kinds: tuple[tuple[str, int], ...]
    surge: Surge | None

    @property
    def growth(self) -> float | None:
        """How much more in the last seven days than in the seven before; None for "new"."""
        return self.last / self.before - 1 if self.before else None

    @property
    def rise(self) -> float:
        """The growth in units of its own chance, so that one more than one is no news."""
        return (self.last - self.before) / sqrt(self.last + self.before + 1)


def listed(wanted: Wanted) -> list[Row]:
    """The themes somebody wants to see, in the order they want."""
    run = selectors.newest_run()
    if run is None:
        return []
    themes = _wanted_themes(wanted)
    surges = {
        surge.key: surge for surge in Surge.objects.filter(sort=Surge.Sort.THEME, ended_at=None)
    }
    cubes = _together(_cubes(run.pk, run.at.isoformat(), own=wanted.own), selectors.roots())
    rows = [
        _row(theme, cubes.get(theme.pk, {}), run, wanted, surges.get(str(theme.pk)))
        for theme in themes
    ]
    if wanted.kind or wanted.channel or wanted.own:
        rows = [row for row in rows if row.voices]
    return sorted(rows, key=_order(wanted.sort), reverse=True)


def row_of(theme: Theme, wanted: Wanted = EVERYTHING) -> Row | None:
    """The same figures of one theme; None before the first run."""
    run = selectors.newest_run()
    if run is None:
        return None
    surge = Surge.objects.filter(sort=Surge.Sort.THEME, key=str(theme.pk), ended_at=None).first()
    cubes = _together(_cubes(run.pk, run.at.isoformat(), own=wanted.own), selectors.roots())
    return _row(theme, cubes.get(theme.pk, {}), run, wanted, surge)


def channels() -> list[str]:
    """The channels any theme was heard on."""
    run = selectors.newest_run()
    if run is None:
        return []
    cubes = _cubes(run.pk, run.at.isoformat(), own=False)
    return sorted(
        {
            channel
            for days in cubes.values()
            for cube in days.values()
            for by_channel in cube.values()
            for channel in by_channel
        }
    )


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


def _row(
    theme: Theme,
    cubes: Mapping[date, list[Cube]],
    run: ThemeRun,
    wanted: Wanted,
    surge: Surge | None,
) -> Row:
    days: Counter[date] = Counter()
    kinds: Counter[str] = Counter()
    for day, several in cubes.items():
        for kind, count in _counts(several, wanted):
            days[day] += count
            kinds[kind] += count
    today, first = timezone.localdate(), timezone.localdate(run.since)
    span = [first + timedelta(days=number) for number in range((today - first).days + 1)]
    week, fortnight = today - timedelta(days=WEEK - 1), today - timedelta(days=2 * WEEK - 1)
    return Row(
        theme=theme,
        voices=days.total(),
        last=sum(count for day, count in days.items() if day >= week),
        before=sum(count for day, count in days.items() if fortnight <= day < week),
        days=tuple(days[day] for day in span),
        kinds=tuple((kind, kinds[kind]) for kind in KIND_ORDER if kinds[kind]),
        surge=surge,
    )


def _counts(several: Iterable[Cube], wanted: Wanted) -> Iterable[tuple[str, int]]:
    for cube in several:
        for kind, by_channel in cube.items():
            if wanted.kind in ("", kind):
                heard = (
                    by_channel
                    if not wanted.channel
                    else {wanted.channel: by_channel.get(wanted.channel, 0)}
                )
                yield kind, sum(heard.values())


def _order(sort: str) -> Any:
    if sort == "growth":
        return lambda row: (row.surge is not None, row.rise, row.voices)
    if sort == "new":
        return lambda row: (row.theme.first_seen, row.voices)
    return lambda row: (row.voices, row.theme.last_seen)


def _together(
    cubes: Mapping[int, Mapping[date, Cube]], where: Mapping[int, int]
) -> dict[int, dict[date, list[Cube]]]:
    """The days of every theme with those of the themes that were merged into it."""
    found: dict[int, dict[date, list[Cube]]] = defaultdict(lambda: defaultdict(list))
    for number, days in cubes.items():
        for day, cube in days.items():
            found[where.get(number, number)][day].append(cube)
    return found


@lru_cache(maxsize=4)
def _cubes(
    run: int,
    at: str,  # noqa: ARG001 (part of the key)
    *,
    own: bool,
) -> dict[int, dict[date, Cube]]:
    """What a run has counted, campaigns left out or not; it does not change until the next one."""
    first: datetime = ThemeRun.objects.values_list("since", flat=True).get(pk=run)
    found: dict[int, dict[date, Cube]] = defaultdict(dict)
    days = ThemeDay.objects.filter(day__gte=timezone.localdate(first))
    for theme, day, counts, carried in days.values_list("theme", "day", "counts", "carried"):
        found[theme][day] = _without(counts, carried) if own else counts
    return dict(found)


def _without(counts: Cube, carried: Cube) -> Cube:
    return {
        kind: {
            channel: count - carried.get(kind, {}).get(channel, 0)
            for channel, count in channels.items()
        }
        for kind, channels in counts.items()
    }
